import { describe, expect, test } from 'vitest'
import { account } from '#domain/methods/account.ts'
import { emailCode } from '#domain/methods/email-code.ts'
import { sampleOf, screenElements231, screenElementsBefore231, uiTypes } from '../../e2e/screen-elements.ts'
import { appCRes, finalAppCRes } from './app-cres.ts'
import { checkSent } from './check.ts'
import type { DeviceChannel, JsonObject, MessageCategory } from './field.ts'
import { challengeARes, concludedARes, cres, decoupledARes, rreq, spcARes } from './messages.ts'
import { type Outcome, outcomes } from './outcome.ts'
import { aresTable, challengeRReqTable, cresTable, rreqTable } from './sent.ts'
import { type MessageVersion, versions } from './version.ts'

const ids = {
  threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
  dsTransID: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922',
  acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
}
const sdkTransID = '1c0b7d2e-5e2f-4b7a-8a43-6f9d0c1e2b02'
const parties = { dsReferenceNumber: 'DS', acsReferenceNumber: 'ACS' }
const authenticationValue = 'ERAM9qdkDWkfXtRwwdP2J18N5ZI='

/** What is wrong with a message of ours. */
function faultsOf(
  table: Parameters<typeof checkSent>[0],
  message: object,
  version: MessageVersion,
  channel: DeviceChannel = '02',
  category: MessageCategory = '01',
) {
  const sent = JSON.parse(JSON.stringify(message)) as JsonObject
  return checkSent(table, sent, { version, channel, category }).map(({ code, field }) => `${code} ${field}`)
}

describe.each(versions)('a screen of an app in %s, element by element of table A.20', version => {
  const matrix = version === '2.3.1' ? screenElements231 : screenElementsBefore231
  const head = {
    messageType: 'CRes',
    messageVersion: version,
    threeDSServerTransID: ids.threeDSServerTransID,
    acsTransID: ids.acsTransID,
    sdkTransID,
    acsCounterAtoS: '000',
    challengeCompletionInd: 'N',
  }

  test.each(uiTypes.filter(type => version === '2.3.1' || type !== '07'))('[Req 387] acsUiType %s', type => {
    const column = uiTypes.indexOf(type)
    const inclusion = (element: string) => matrix[element]?.[column]
    const those = (...kinds: string[]) => Object.keys(matrix).filter(name => kinds.includes(inclusion(name) ?? ''))
    const filled = (names: string[]) => Object.fromEntries(names.map(name => [name, sampleOf(name, version)]))
    const screen = { ...head, acsUiType: type, ...filled(those('M', 'C', 'O')) }
    expect(faultsOf(appCRes, screen, version, '01')).toEqual([])

    const least = {
      ...head,
      acsUiType: type,
      ...filled([...those('M'), ...(type === '04' ? ['oobContinueLabel'] : [])]),
    }
    expect(faultsOf(appCRes, least, version, '01')).toEqual([])
    for (const name of those('M')) {
      expect(faultsOf(appCRes, { ...screen, [name]: undefined }, version, '01')).toEqual([`201 ${name}`])
    }
    for (const name of those('N')) {
      expect(faultsOf(appCRes, { ...screen, [name]: sampleOf(name, version) }, version, '01')).toEqual([`203 ${name}`])
    }
  })

  test('a page has its HTML, and none of these', () => {
    const page = { ...head, acsUiType: '05', acsHTML: 'PGh0bWw-' }
    expect(faultsOf(appCRes, page, version, '01')).toEqual([])
    for (const name of Object.keys(matrix)) {
      expect(faultsOf(appCRes, { ...page, [name]: sampleOf(name, version) }, version, '01')).toEqual([`203 ${name}`])
    }
  })

  test('the last CRes has the result, and no screen', () => {
    const last = finalAppCRes({ ...ids, messageVersion: version, sdkTransID }, 3, 'authenticated')
    expect(faultsOf(appCRes, last, version, '01')).toEqual([])
    expect(faultsOf(appCRes, { ...last, acsUiType: '01' }, version, '01')).toContain('203 acsUiType')
    expect(faultsOf(appCRes, { ...last, transStatus: undefined }, version, '01')).toEqual(['201 transStatus'])
  })
})

test('an app of 2.3.1 gets the address of another only with a button for it, or on a page', () => {
  const screen = {
    messageType: 'CRes',
    messageVersion: '2.3.1',
    threeDSServerTransID: ids.threeDSServerTransID,
    acsTransID: ids.acsTransID,
    sdkTransID,
    acsCounterAtoS: '000',
    challengeCompletionInd: 'N',
    acsUiType: '04',
    challengeInfoHeader: 'words',
    challengeInfoText: 'words',
    oobAppURL: 'https://app.example',
  }
  expect(faultsOf(appCRes, screen, '2.3.1', '01')).toEqual(['203 oobAppURL', '201 oobContinueLabel'])
  expect(faultsOf(appCRes, { ...screen, oobAppLabel: 'Open' }, '2.3.1', '01')).toEqual([])
})

describe.each(versions)('our messages in %s', version => {
  const own = { ...ids, messageVersion: version }
  const since231 = version === '2.3.1'

  test.each(Object.keys(outcomes) as Outcome[])(
    '[Req 33, 62, 110, 124, 293, 349] for %s have what the tables require and nothing else',
    outcome => {
      const { transStatus } = outcomes[outcome]
      // 2.1.0 has neither data-only requests nor decoupled authentication.
      if (version === '2.1.0' && ['information-only', 'not-answered'].includes(outcome)) return
      for (const channel of ['01', '02', '03'] as const) {
        for (const category of ['01', '02'] as const) {
          const proof = ['Y', 'A'].includes(transStatus) && category === '01' ? { authenticationValue } : {}
          const inApp = channel === '01' ? { sdkTransID } : {}
          const ares = concludedARes(own, parties, outcome, { ...proof, ...inApp, cardholderInfo: 'Call us' })
          expect(faultsOf(aresTable, ares, version, channel, category)).toEqual([])
          if (transStatus === 'I') continue
          const rendering = { acsInterface: '01', acsUiTemplate: '01' } as const
          const app = {
            sdkTransID,
            acsRenderingType: since231 ? ({ ...rendering, deviceUserInterfaceMode: '01' } as const) : rendering,
          }
          const result = {
            outcome,
            messageCategory: category,
            interactions: 3,
            ...proof,
            erro: ['bad-creq', 'sdk-erro'].includes(outcome) ? erroOf(version) : undefined,
          }
          for (const method of [undefined, emailCode.emv(), account.emv()]) {
            const message = rreq(own, {
              ...result,
              ...(method && { method }),
              announced: ['05', '02'],
              ...(channel === '01' && { app }),
            })
            if (channel !== '03') expect(faultsOf(challengeRReqTable, message, version, channel, category)).toEqual([])
            if (version === '2.1.0') continue
            const decoupled = rreq(own, { ...result, ...(method && { method }), decoupled: inApp })
            expect(faultsOf(rreqTable, decoupled, version, channel, category)).toEqual([])
          }
        }
      }
      expect(faultsOf(cresTable, cres(own, outcome), version)).toEqual([])
    },
  )

  test('that begin a challenge, too', () => {
    const browser = { acsURL: 'https://acs.example/', acsChallengeMandated: 'Y' } as const
    expect(faultsOf(aresTable, challengeARes(own, parties, browser, [emailCode.emv()]), version)).toEqual([])
    const app = {
      acsSignedContent: 'signed',
      acsRenderingType: {
        acsInterface: '01',
        acsUiTemplate: '01',
        ...(since231 && { deviceUserInterfaceMode: '01' as const }),
      } as const,
      sdkTransID,
      acsChallengeMandated: 'N',
    } as const
    const inApp = challengeARes(own, parties, app, [emailCode.emv(), account.emv()])
    expect(faultsOf(aresTable, inApp, version, '01')).toEqual([])
    expect(faultsOf(aresTable, inApp, version, '02')).toEqual(
      expect.arrayContaining(['201 acsURL', '203 acsSignedContent', '203 acsRenderingType', '203 sdkTransID']),
    )
    if (version === '2.1.0') return
    for (const channel of ['01', '02', '03'] as const) {
      const more = { cardholderInfo: 'Look into your mail', ...(channel === '01' && { sdkTransID }) }
      expect(faultsOf(aresTable, decoupledARes(own, parties, more), version, channel)).toEqual([])
    }
  })
})

test('[Req 449] that ask for a secure payment confirmation have its data, in a browser of 2.3.1 alone', () => {
  const spcTransData = {
    ...{ challenge: '_'.repeat(86), currency: 'JPY', value: '12800', timeout: '300000' },
    ...{ displayName: 'Card', icon: 'https://issuer.example/card.png', payeeOrigin: 'https://shop.example' },
  }
  const webAuthnCredList = [{ rpID: 'issuer.example', credentialIds: '_'.repeat(22) }]
  const ares = spcARes({ ...ids, messageVersion: '2.3.1' }, parties, { spcTransData, webAuthnCredList })
  for (const category of ['01', '02'] as const) expect(faultsOf(aresTable, ares, '2.3.1', '02', category)).toEqual([])
  expect(faultsOf(aresTable, ares, '2.3.1', '03')).toEqual(['203 spcTransData', '203 webAuthnCredList'])
  expect(faultsOf(aresTable, { ...ares, messageVersion: '2.2.0' }, '2.2.0', '02')).toContain('203 transStatus')
  const { spcTransData: _, ...without } = ares
  expect(faultsOf(aresTable, { ...without, transStatus: 'C' }, '2.3.1', '02')).toContain('203 webAuthnCredList')
})

test('a decoupled result names the method: 12 in 2.3.1, before that the cardholder’s own answer', () => {
  const result = (version: MessageVersion, outcome: Outcome) =>
    rreq(
      { ...ids, messageVersion: version },
      { outcome, messageCategory: '01', interactions: 0, decoupled: {}, method: account.emv() },
    ).authenticationMethod
  expect([result('2.2.0', 'approved'), result('2.2.0', 'declined')]).toEqual(['08', '08'])
  expect(result('2.2.0', 'not-answered')).toBeUndefined()
  expect([result('2.3.1', 'approved'), result('2.3.1', 'declined')]).toEqual([['12'], ['12']])
})

test('a window that was never opened is reported with the methods that the ARes announced, in 2.3.1', () => {
  const result = (version: MessageVersion) =>
    rreq(
      { ...ids, messageVersion: version },
      { outcome: 'window-not-opened', messageCategory: '01', interactions: 0, announced: ['05', '02'] },
    ).authenticationMethod
  expect(result('2.3.1')).toEqual(['05', '02'])
  expect(result('2.2.0')).toBeUndefined()
})

function erroOf(messageVersion: MessageVersion) {
  return {
    messageType: 'Erro',
    messageVersion,
    errorCode: '203',
    errorComponent: 'C',
    errorDescription: 'words',
    errorDetail: 'acsUiType',
  }
}
