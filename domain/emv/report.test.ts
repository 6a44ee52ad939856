import { describe, expect, test } from 'vitest'
import { account } from '#domain/methods/account.ts'
import { emailCode } from '#domain/methods/email-code.ts'
import type { Json } from './field.ts'
import { challengeARes, concludedARes, cres, decoupledARes, rreq } from './messages.ts'
import { type Outcome, outcomes } from './outcome.ts'
import { reportOn } from './report.ts'
import { sample3RIAReq, sampleAppAReq, sampleAReq, sampleCard } from './testing/sample-areq.ts'
import { versions } from './version.ts'

const told = (message: object, transaction = {}) =>
  reportOn(JSON.stringify(message), transaction).findings.map(({ code, field }) => `${code} ${field}`)
const payment = { channel: '02', category: '01' } as const

test('reports all faults at once, of any code', () => {
  const faulty = sampleAReq('2.3.1', {
    mcc: null,
    purchaseCurrency: '999',
    merchantName: '',
    threeDSCompInd: 'X',
    acctType: '04',
    messageExtension: [{ name: 'n', id: 'the-id', criticalityIndicator: true, data: {} }],
  })
  const text = JSON.stringify(faulty).replace('{', '{"mcc":"5732",')
  expect(
    reportOn(text)
      .findings.map(({ code, field }) => `${code} ${field}`)
      .sort(),
  ).toEqual(
    [
      '201 mcc',
      '201 merchantName',
      '202 the-id',
      '203 threeDSCompInd',
      '204 mcc',
      '207 acctType',
      '304 purchaseCurrency',
    ].sort(),
  )
})

test.each([
  ['<html>', '101 not JSON'],
  ['[]', '101 not a JSON object'],
  ['{"messageType":"Hello"}', '101 messageType'],
  ['{"messageType":"constructor"}', '101 messageType'],
  ['{"messageType":"CReq"}', '201 messageVersion'],
  ['{"messageType":"CReq","messageVersion":220}', '203 messageVersion'],
  ['{"messageType":"CReq","messageVersion":"2.9.0"}', '102 2.1.0,2.2.0,2.3.1'],
  ['{"messageType":"PReq","messageVersion":"2.2.0"}', '101 PReq'],
  ['eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA', '101 encrypted'],
  ['{"messageType":"OReq","messageVersion":"2.2.0"}', '101 messageType'],
])('rejects %s with %s', (text, finding) => {
  expect(reportOn(text).findings.map(({ code, field }) => `${code} ${field}`)).toEqual([finding])
})

describe.each(versions)('in %s', version => {
  test('an AReq from a 3DS Server is not faulty without the elements that the directory server adds', () => {
    const { dsTransID: _, dsReferenceNumber: __, dsURL: ___, ...sent } = sampleAReq(version)
    expect(reportOn(JSON.stringify(sent))).toMatchObject({ beforeDirectoryServer: true, findings: [] })
    expect(told({ ...sent, dsTransID: sampleAReq(version).dsTransID as Json })).toEqual([
      '201 dsReferenceNumber',
      '201 dsURL',
    ])
  })

  test('an AReq of each channel is valid', () => {
    const messages = [sampleAReq(version), sampleAppAReq(version), sample3RIAReq(version)]
    expect(messages.map(message => told(message))).toEqual([[], [], []])
  })

  const ids = {
    messageVersion: version,
    threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
    dsTransID: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922',
    acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
  }
  const parties = { dsReferenceNumber: 'DS', acsReferenceNumber: 'ACS' }
  const authenticationValue = 'ERAM9qdkDWkfXtRwwdP2J18N5ZI='

  test.each(Object.keys(outcomes) as Outcome[])('our messages for %s have no faults', outcome => {
    // 2.1.0 has neither data-only requests nor their answer.
    if (outcome === 'information-only' && version === '2.1.0') return
    const proof = ['Y', 'A'].includes(outcomes[outcome].transStatus) ? { authenticationValue } : {}
    const ares = concludedARes(ids, parties, outcome, { ...proof, cardholderInfo: 'Call us' })
    const elsewhere = ['approved', 'declined', 'not-answered'].includes(outcome)
    const methodId = elsewhere ? { decoupled: {} } : { method: emailCode.emv() }
    const result = rreq(ids, { outcome, messageCategory: '01', interactions: 3, ...methodId, ...proof })
    expect([told(ares, payment), told(cres(ids, outcome))]).toEqual([[], []])
    // Nor does 2.1.0 have decoupled authentication.
    const withErro = outcome === 'bad-creq' || outcome === 'sdk-erro'
    const sent = outcomes[outcome].transStatus !== 'I' && !withErro && (version !== '2.1.0' || !elsewhere)
    if (sent) expect(told(result)).toEqual([])
    if (outcome !== 'approved' && outcome !== 'declined') return
    // Out-of-band approval while a window waits exists in every version.
    const waiting = rreq(ids, { outcome, messageCategory: '01', interactions: 1, method: account.emv(), ...proof })
    expect(told(waiting)).toEqual([])
  })

  test('our ARes for a decoupled authentication has no faults in versions that have it', () => {
    const ares = decoupledARes(ids, parties, { cardholderInfo: 'Look into your mail' })
    const threeRI = { ...payment, channel: '03' as const }
    if (version === '2.1.0') return expect(told(ares, threeRI)).toContain('203 transStatus')
    expect(told(ares, threeRI)).toEqual([])
    expect(told({ ...ares, acsDecConInd: undefined }, threeRI)).toEqual(['201 acsDecConInd'])
    expect(told({ ...ares, cardholderInfo: undefined }, threeRI)).toEqual(['201 cardholderInfo'])
    expect(told({ ...ares, acsChallengeMandated: undefined }, threeRI)).toEqual(['201 acsChallengeMandated'])
  })

  test('our ARes for a challenge has no faults, and one without its URL does', () => {
    const ares = challengeARes(ids, parties, { acsURL: 'https://acs.example/', acsChallengeMandated: 'Y' }, [
      emailCode.emv(),
    ])
    expect(told(ares, payment)).toEqual([])
    expect(told({ ...ares, acsURL: undefined }, payment)).toEqual(['201 acsURL'])
    expect(told({ ...ares, acsURL: undefined })).toEqual([])
  })
})

test('CReq and CRes of the app channel have separate tables', () => {
  const ids = {
    messageVersion: '2.2.0',
    threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
    acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
    sdkTransID: '1c0b7d2e-5e2f-4b7a-8a43-6f9d0c1e2b02',
  }
  expect(told({ messageType: 'CReq', ...ids, sdkCounterStoA: '000' })).toEqual([])
  expect(told({ messageType: 'CReq', ...ids, sdkCounterStoA: '256' })).toEqual(['203 sdkCounterStoA'])
  const screen = { challengeCompletionInd: 'N', acsUiType: '05' }
  expect(told({ messageType: 'CRes', ...ids, acsCounterAtoS: '000', ...screen })).toEqual(['201 acsHTML'])
})

test('accepts a message as a form carries it', () => {
  const creq = {
    messageType: 'CReq',
    messageVersion: '2.2.0',
    threeDSServerTransID: crypto.randomUUID(),
    acsTransID: crypto.randomUUID(),
    challengeWindowSize: '02',
  }
  const encoded = Buffer.from(JSON.stringify(creq)).toString('base64url')
  const texts = [encoded, `creq=${encoded}`, `creq=${encoded}&threeDSSessionData=abc`, `${encoded}==\n`]
  const wrapped = `creq=${encoded.replace(/.{76}/g, '$&\r\n')}`
  expect([...texts, wrapped].map(text => reportOn(text).findings)).toEqual([[], [], [], [], []])
})

test('says where a text stops being JSON, also in base64url', () => {
  const broken = '{\n  "messageType": "AReq",\n  "messageVersion" "2.2.0"\n}'
  const place = { line: 3, column: 20 }
  for (const text of [broken, `\ufeff${broken}`, Buffer.from(broken).toString('base64url')])
    expect(reportOn(text).findings).toEqual([{ code: '101', field: 'not JSON', place }])
})

test.each(['hello', '{"messageType": "AReq",}', '1 2', 'not a message'])(
  '%j is not JSON, and the place is named',
  text => {
    expect(reportOn(text).findings).toEqual([{ code: '101', field: 'not JSON', place: expect.any(Object) }])
  },
)

test('accepts a masked card number in an AReq, and says so', () => {
  for (const mask of ['378282•••••0005', '378282*****0005', 'XXXXXXXXXXX0005']) {
    const report = reportOn(JSON.stringify(sampleAReq('2.2.0', { acctNumber: mask })))
    expect(report).toMatchObject({ maskedNumber: true, findings: [] })
  }
  expect(reportOn(JSON.stringify(sampleAReq('2.2.0'))).maskedNumber).toBe(false)
  for (const faulty of ['3782', '37••', '3782-8224-6310-005', '378282•••••••••••••0005'])
    expect(told(sampleAReq('2.2.0', { acctNumber: faulty }))).toEqual(['203 acctNumber'])
})

test('checks the data of the 3DS Method, as JSON and as its form carries it', () => {
  const data = { threeDSServerTransID: crypto.randomUUID(), threeDSMethodNotificationURL: 'https://shop.example/done' }
  const encoded = `threeDSMethodData=${Buffer.from(JSON.stringify(data)).toString('base64url')}`
  for (const text of [JSON.stringify(data), encoded])
    expect(reportOn(text)).toMatchObject({ messageType: 'threeDSMethodData', findings: [] })
  expect(told({ ...data, threeDSServerTransID: 'x' })).toEqual(['203 threeDSServerTransID'])
  expect(told({ threeDSMethodNotificationURL: 'https://shop.example/done' })).toEqual(['201 threeDSServerTransID'])
})

test('a report never repeats a card number, wherever it occurs', () => {
  const planted = { ...sampleAReq('2.2.0'), [sampleCard]: sampleCard, mcc: sampleCard, acctInfo: { [sampleCard]: 1 } }
  const report = JSON.stringify(reportOn(JSON.stringify(planted)))
  expect(report).not.toContain(sampleCard)
  expect(report).toContain('mcc')
})

test('lists elements that a version does not have as ignored', () => {
  const report = reportOn(
    JSON.stringify(sampleAReq('2.1.0', { whiteListStatus: 'Y', future: 1, acctInfo: { new: 1 } })),
  )
  expect(report.ignored).toEqual(['whiteListStatus', 'future', 'acctInfo.new'])
})
