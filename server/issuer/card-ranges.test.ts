import { expect, test } from 'vitest'
import type { DirectoryServer, Issuer } from '../platform/issuer.ts'
import { registrationAt } from './card-ranges.ts'

const range = { length: 15, from: 370000000000000n, to: 379999999999999n, attempts: false }
const issuer = (decoupled: Issuer['decoupled'], attempts = false, trusting = false) =>
  ({
    ranges: [
      { ...range, id: 'own', attempts },
      { ...range, id: 'elsewhere' },
      { id: 'short', length: 13, from: 0n, to: 99n, attempts: false },
    ],
    decoupled,
    challengeAboveAtTrustedMerchant: trusting ? { '392': 30000n } : {},
  }) as unknown as Issuer
const server = { id: 'ds', ranges: ['own', 'short'], acsReferenceNumber: 'REF' } as unknown as DirectoryServer

test('the registration has the directory server’s own ranges as whole numbers, and the 3DS Method URL', () => {
  const told = registrationAt(server, issuer('never'), 'https://acs.issuer.example', false)
  expect(told).toEqual({
    directoryServer: 'ds',
    acsReferenceNumber: 'REF',
    cardRangeData: [
      {
        startRange: '370000000000000',
        endRange: '379999999999999',
        actionInd: 'A',
        acsStartProtocolVersion: '2.1.0',
        acsEndProtocolVersion: '2.3.1',
        threeDSMethodURL: 'https://acs.issuer.example/acs/method',
        acsInfoInd: ['01'],
        acsProtocolVersions: (['2.1.0', '2.2.0', '2.3.1'] as const).map(version => ({
          version,
          acsInfoInd: ['01'],
          threeDSMethodURL: 'https://acs.issuer.example/acs/method',
        })),
      },
      expect.objectContaining({ startRange: '0000000000000', endRange: '0000000000099' }),
    ],
  })
})

test.each([
  ['never', false, ['01']],
  ['never', true, ['01', '02']],
  ['when-needed', false, ['01', '03']],
  ['preferred', true, ['01', '02', '03']],
] as const)('decoupled %s, attempts %s: acsInfoInd %j', (decoupled, attempts, acsInfoInd) => {
  const [first] = registrationAt(server, issuer(decoupled, attempts), 'https://x.example', false).cardRangeData
  expect(first?.acsInfoInd).toEqual(acsInfoInd)
})

test('a list of trusted merchants is acsInfoInd 04', () => {
  const [first] = registrationAt(server, issuer('never', false, true), 'https://x.example', false).cardRangeData
  expect(first?.acsInfoInd).toEqual(['01', '04'])
})

test.each([
  ['passkeys', true, undefined, ['01', '02', '03', '04', '06']],
  ['secure payment confirmation too', true, {}, ['01', '02', '03', '04', '06', '07']],
  ['cards for it, but no passkeys', false, {}, ['01', '02', '03', '04']],
])('each version has only what it knows: %s', (_what, passkeys, spc, in231) => {
  const all = issuer('preferred', true, true)
  const [range] = all.ranges
  const [first] = registrationAt(
    server,
    { ...all, ranges: [{ ...range, spc }] } as unknown as Issuer,
    'https://x.example',
    passkeys,
  ).cardRangeData
  expect(first?.acsInfoInd).toEqual(['01', '02', '03', '04'])
  expect(first?.acsProtocolVersions.map(({ acsInfoInd }) => acsInfoInd)).toEqual([
    ['01', '02'],
    ['01', '02', '03', '04'],
    in231,
  ])
})

test('has the RID and our operator id if the issuer file has them', () => {
  const named = { ...server, rid: 'A000000025', acsOperatorID: 'OP' } as DirectoryServer
  expect(registrationAt(named, issuer('never'), '', false)).toMatchObject({ rid: 'A000000025', acsOperatorID: 'OP' })
})
