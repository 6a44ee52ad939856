import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { rangeOf, readIssuer } from './issuer.ts'

const example = JSON.parse(readFileSync(new URL('../../issuer.example.json', import.meta.url), 'utf8'))
const model = { ...example, authorisationHosts: [] }
const fail = (message: string) => new Error(message)
const [first] = model.directoryServers
const host = { id: 'host', clientName: 'host.issuer.example', ranges: ['main'] }
const withFirst = (more: object) => ({ directoryServers: [{ ...first, ...more }] })

function withRanges(...ranges: object[]) {
  const named = ranges.map((range, index) => ({ id: `range-${index}`, ...range }))
  const directoryServers = [{ ...model.directoryServers[0], ranges: named.map(({ id }) => id) }]
  const issuer = readIssuer({ ...model, ranges: named, directoryServers }, fail)
  if (!issuer) throw new Error('no issuer')
  return issuer
}

describe('a card number is in a range', () => {
  const issuer = withRanges(
    { from: '3712', to: '3745', length: 15 },
    { from: '4000001234', to: '4000001234', length: 16 },
  )
  test.each([
    ['371199999999999', undefined],
    ['371200000000000', 'range-0'],
    ['374599999999999', 'range-0'],
    ['374600000000000', undefined],
    ['37120000000000', undefined],
    ['3712000000000000', undefined],
    ['4000001234000000', 'range-1'],
    ['4000001234999999', 'range-1'],
    ['4000001235000000', undefined],
  ] as const)('%s: %s', (number, range) => {
    expect(rangeOf(issuer, number)?.id).toBe(range)
  })

  test('with nineteen digits, to the last one', () => {
    const long = withRanges({ from: '6200000000000000001', to: '6200000000000000001', length: 19 })
    expect(rangeOf(long, '6200000000000000001')?.id).toBe('range-0')
    expect(rangeOf(long, '6200000000000000002')).toBeUndefined()
  })
})

test('accepts the example file', () => {
  expect(readIssuer(example, fail)).toMatchObject({ authorisationHosts: [{ perSecond: 100 }] })
})

describe('caps on text messages', () => {
  const { smsCaps: _, ...without } = model

  test('are those of the policy if the file has none of its own', () => {
    const own = readIssuer({ ...without, smsCaps: { network: 6 } }, fail)?.smsCaps
    expect(own).toEqual({ ...readIssuer(without, fail)?.smsCaps, network: 6 })
    expect(readIssuer(without, fail)?.smsCaps).toEqual(example.smsCaps)
  })

  test.each([{ networks: 6 }, { network: 0 }, { network: '6' }, { network: 1.5 }])('%j are refused', smsCaps => {
    expect(() => readIssuer({ ...model, smsCaps }, fail)).toThrow(/^smsCaps/)
  })
})

test('reads limits exactly, however large', () => {
  const issuer = readIssuer({ ...model, challengeAbove: { '392': '999999999999999' } }, fail)
  expect(issuer?.challengeAbove).toEqual({ '392': 999_999_999_999_999n })
  expect(issuer?.largerAbove).toEqual({ '392': 999_999_999_999_999n })
})

const spc = { name: { ja: 'カード', en: 'Card' }, icon: 'https://issuer.example/card.png' }

describe('secure payment confirmation', () => {
  const [range] = model.ranges
  const read = (settings: object) =>
    readIssuer({ ...model, ranges: [{ ...range, spc: settings }] }, fail)?.ranges[0]?.spc

  test('is off unless a range has it', () => {
    expect(readIssuer(model, fail)?.ranges[0]?.spc).toBeUndefined()
    expect(read(spc)).toEqual(spc)
    const icon = `data:image/png;base64,${'A'.repeat(4096 - 22)}`
    expect(read({ ...spc, icon })).toEqual({ ...spc, icon })
  })

  test.each([
    ['without a name', { icon: spc.icon }, /^ranges\.0\.spc\.name/],
    ['with a name in one language', { ...spc, name: { en: 'Card' } }, /^ranges\.0\.spc\.name\.ja/],
    [
      'with a name that is too long',
      { ...spc, name: { ja: 'カード', en: 'x'.repeat(31) } },
      /^ranges\.0\.spc\.name\.en/,
    ],
    ['without a picture', { name: spc.name }, /^ranges\.0\.spc\.icon/],
    [
      'with a picture in clear text',
      { ...spc, icon: 'http://issuer.example/card.png' },
      /^ranges\.0\.spc\.icon must be/,
    ],
    ['with a path', { ...spc, icon: '/card.png' }, /^ranges\.0\.spc\.icon must be/],
    ['with a page as picture', { ...spc, icon: 'data:text/html;base64,AAAA' }, /^ranges\.0\.spc\.icon must be/],
    [
      'with an address that is too long',
      { ...spc, icon: `https://a.example/${'a'.repeat(2048)}` },
      /^ranges\.0\.spc\.icon/,
    ],
    [
      'with a picture that is too large',
      { ...spc, icon: `data:image/png;base64,${'A'.repeat(4096)}` },
      /^ranges\.0\.spc\.icon/,
    ],
  ])('%s stops the start', (_what, settings, message) => {
    expect(() => read(settings)).toThrow(message)
  })
})

describe('risk', () => {
  const jwk = (namedCurve: 'P-256' | 'Ed25519') => {
    const { publicKey } =
      namedCurve === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve })
    return publicKey.export({ format: 'jwk' })
  }
  const [one, other] = [
    { name: 'risk-a', publicKey: { ...jwk('Ed25519'), kid: 'a', use: 'sig' } },
    { name: 'risk-b', publicKey: jwk('P-256') },
  ]
  const yen = { currency: '392', rates: { '392': 1, '840': 1.5 } }
  const read = (risk: unknown) => readIssuer({ ...model, risk }, fail)?.risk

  test('is off without the member', () => {
    expect(read(undefined)).toBeUndefined()
  })

  test('needs no signature without signers, and one with them, unless it says how many', () => {
    expect(read(yen)).toEqual({ ...yen, signers: [], signatures: 0, scoreService: undefined })
    const signers = [one, other]
    expect(read({ ...yen, signers })).toMatchObject({ signers, signatures: 1 })
    expect(read({ ...yen, signers, signatures: 2 })).toMatchObject({ signatures: 2 })
    expect(read({ ...yen, signers, signatures: 0 })).toMatchObject({ signatures: 0 })
  })

  test('accepts an issuer whose currency has decimals', () => {
    expect(read({ currency: '840', rates: { '840': 0.01 } })).toMatchObject({ currency: '840' })
  })

  test.each([
    ['no currency', { rates: yen.rates }, /^risk\.currency /],
    ['a currency that does not exist', { ...yen, currency: '000' }, /^risk\.currency must be the ISO 4217 number/],
    ['a rate for no currency', { ...yen, rates: { ...yen.rates, yen: 1 } }, /^risk\.rates\.yen /],
    ['a rate of nothing', { ...yen, rates: { ...yen.rates, '840': 0 } }, /^risk\.rates\.840 /],
    ['a rate as text', { ...yen, rates: { ...yen.rates, '840': '1.5' } }, /^risk\.rates\.840 /],
    ['no rate for its own currency', { ...yen, rates: { '840': 1.5 } }, /^risk\.rates\.392 must be 1,/],
    ['another rate for its own currency', { ...yen, rates: { '392': 100 } }, /^risk\.rates\.392 must be 1,/],
    [
      'a private key',
      {
        ...yen,
        signers: [{ ...one, publicKey: generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) }],
      },
      /^risk\.signers\.0\.publicKey must be a public key: this is the private key$/,
    ],
    [
      'a point that is not on the curve',
      { ...yen, signers: [{ ...other, publicKey: { ...other.publicKey, y: 'A'.repeat(43) } }] },
      /^risk\.signers\.0\.publicKey must be a point/,
    ],
    [
      'a key of another kind',
      { ...yen, signers: [{ ...one, publicKey: { kty: 'RSA', n: 'AQAB', e: 'AQAB' } }] },
      /^risk\.signers\.0\.publicKey\.kty /,
    ],
    ['one name twice', { ...yen, signers: [one, { ...other, name: 'risk-a' }] }, /^risk\.signers .* risk-a twice/],
    ['one key twice', { ...yen, signers: [one, { ...one, name: 'risk-b' }] }, /^risk\.signers risk-a and risk-b must/],
    ['more signatures than signers', { ...yen, signers: [one], signatures: 2 }, /^risk\.signatures must be at most 1/],
    ['a service without an address', { ...yen, scoreService: { url: 'scores' } }, /^risk\.scoreService\.url must/],
  ])('with %s is refused by name', (_what, risk, message) => {
    expect(() => read(risk)).toThrow(message)
  })

  test('names the member that was probably meant', () => {
    expect(() => read({ ...yen, signer: [] })).toThrow('risk has an unknown member "signer", did you mean "signers"?')
  })
})

describe('names an unknown member, and the one that was probably meant', () => {
  const [range] = model.ranges
  test.each([
    [{ reportTo: 'a@issuer.example' }, 'the file has an unknown member "reportTo", did you mean "reportsTo"?'],
    [{ brand: { ...model.brand, acent: '#000000' } }, 'brand has an unknown member "acent", did you mean "accent"?'],
    [
      { brand: { ...model.brand, sender: { ...model.brand.sender, adress: '' } } },
      'brand.sender has an unknown member "adress", did you mean "address"?',
    ],
    [
      { brand: { ...model.brand, postal: { ...model.brand.postal, jp: 'x' } } },
      'brand.postal has an unknown member "jp", did you mean "ja"?',
    ],
    [
      { ranges: [{ ...range, spc: { ...spc, ikon: 'x' } }] },
      'ranges.0.spc has an unknown member "ikon", did you mean "icon"?',
    ],
    [{ ranges: [{ ...range, attempt: true }] }, 'ranges.0 has an unknown member "attempt", did you mean "attempts"?'],
    [
      withFirst({ privateAdresses: true }),
      'directoryServers.0 has an unknown member "privateAdresses", did you mean "privateAddresses"?',
    ],
    [
      withFirst({ tls: { clientCaFile: 'x' } }),
      'directoryServers.0.tls has an unknown member "clientCaFile", did you mean "clientCAFile"?',
    ],
    [
      withFirst({ appSigning: { certificatesFile: 'x', keyFile: 'x', key: 'x' } }),
      'directoryServers.0.appSigning has an unknown member "key"',
    ],
    [
      { authorisationHosts: [{ ...host, perSecnd: 1 }] },
      'authorisationHosts.0 has an unknown member "perSecnd", did you mean "perSecond"?',
    ],
    [{ colour: 'red' }, 'the file has an unknown member "colour"'],
  ])('%j', (change, message) => {
    expect(() => readIssuer({ ...model, ...change }, fail)).toThrow(new Error(message))
  })
})

test('returns undefined for a file that is not JSON, so that the caller can name it', () => {
  expect(readIssuer(undefined, fail)).toBeUndefined()
})

test.each([
  [
    'a mark outside public/',
    { brand: { ...model.brand, mark: 'https://elsewhere.example/mark.svg' } },
    /^brand\.mark /,
  ],
  ['an invalid colour', { brand: { ...model.brand, accent: 'red; } body {' } }, /^brand\.accent /],
  ['a language left out', { brand: { ...model.brand, issuer: { ja: 'x' } } }, /^brand\.issuer\.en /],
  ['a limit that is not a whole number', { challengeAbove: { '392': '1.5' } }, /^challengeAbove\.392 /],
  [
    'a trusted shop with no more than any other',
    { challengeAbove: { '392': '10000' }, challengeAboveAtTrustedMerchant: { '392': '10000' } },
    /^challengeAboveAtTrustedMerchant\.392 /,
  ],
  [
    'a trusted shop in a currency that is always challenged',
    { challengeAbove: { '392': '10000' }, challengeAboveAtTrustedMerchant: { '840': '10000' } },
    /^challengeAboveAtTrustedMerchant\.840 /,
  ],
  ['a way of asking that does not exist', { decoupled: 'always' }, /^decoupled /],
  ['no directory server', { directoryServers: [] }, /^directoryServers /],
  ['a RID that is none', withFirst({ rid: 'A00000002' }), /^directoryServers\.0\.rid /],
  ['a setting that does not exist', withFirst({ crlFile: 'x' }), /^directoryServers\.0 .*crlFile/],
  ['a certificate without its key', withFirst({ tls: { certFile: 'x' } }), /^directoryServers\.0\.tls /],
  ['a name without a certificate', withFirst({ tls: { hostName: 'acs.example' } }), /^directoryServers\.0\.tls /],
  [
    'two directory servers of one name',
    { directoryServers: [first, { ...first, id: 'other' }] },
    /^clientName ds\.payment-system\.example must not stand twice/,
  ],
  [
    'an authorisation host with a directory server’s name',
    { authorisationHosts: [{ ...host, clientName: first.clientName }] },
    /^clientName ds\.payment-system\.example must not stand twice/,
  ],
  ['two of one id', { authorisationHosts: [{ ...host, id: first.id }] }, /^id payment-system must not stand twice/],
  [
    'an authorisation host for a range that is not there',
    { authorisationHosts: [{ ...host, ranges: ['main', 'other'] }] },
    /^authorisationHosts host names the range other/,
  ],
])('%s is refused by name', (_what, changes, message) => {
  expect(() => readIssuer({ ...model, ...changes }, fail)).toThrow(message)
})
