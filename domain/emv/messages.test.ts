import { describe, expect, test } from 'vitest'
import { emailCode } from '#domain/methods/email-code.ts'
import {
  challengeARes,
  concludedARes,
  cres,
  decoupledARes,
  type Parties,
  rreq,
  type TransactionIds,
} from './messages.ts'
import { type Outcome, outcomes } from './outcome.ts'
import { type MessageVersion, versions } from './version.ts'

const idsIn = (messageVersion: MessageVersion): TransactionIds => ({
  messageVersion,
  threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
  dsTransID: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922',
  acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
})
const parties: Parties = { dsReferenceNumber: 'DS_LOA_SAMP', acsReferenceNumber: '3DS_LOA_ACS_SAMP' }
const authenticationValue = 'ERAM9qdkDWkfXtRwwdP2J18N5ZI='

/** The elements of a message as they are sent. */
const wire = (message: object): Record<string, unknown> => JSON.parse(JSON.stringify(message))
const missing = (message: object, names: readonly string[]) => names.filter(name => wire(message)[name] === undefined)
const strange = (message: object, names: readonly string[]) =>
  Object.keys(wire(message)).filter(name => !names.includes(name))

// Reference 4, browser channel of 2.1.0 and 2.2.0.
const inEveryARes = [
  ...['messageType', 'messageVersion', 'threeDSServerTransID', 'dsTransID', 'acsTransID'],
  ...['dsReferenceNumber', 'acsReferenceNumber', 'transStatus'],
]
const inSomeARes = [
  ...['acsOperatorID', 'transStatusReason', 'authenticationValue', 'eci', 'acsChallengeMandated', 'authenticationType'],
  ...['acsURL', 'acsDecConInd', 'cardholderInfo', 'whiteListStatus', 'whiteListStatusSource', 'messageExtension'],
]

const everyOutcome = Object.keys(outcomes) as Outcome[]
/** The outcomes that a challenge can have, which an RReq reports. */
const ofChallenges = [
  ...(['authenticated', 'locked', 'attempts-spent', 'cancelled', 'window-not-opened', 'window-timed-out'] as const),
  ...(['delivery-failed', 'sms-limited', 'bad-creq', 'internal-error'] as const),
]

describe.each(versions)('ARes %s', version => {
  const ids = idsIn(version)

  test.each(everyOutcome)('for %s has the elements that the tables require, and no others', outcome => {
    const { transStatus } = outcomes[outcome]
    const message = concludedARes(ids, parties, outcome, transStatus === 'Y' ? { authenticationValue } : {})
    const required = [
      ...inEveryARes,
      ...(['N', 'U', 'R'].includes(transStatus) ? ['transStatusReason'] : []),
      ...(transStatus === 'Y' ? ['authenticationValue'] : []),
    ]
    expect(missing(message, required)).toEqual([])
    expect(strange(message, [...inEveryARes, ...inSomeARes])).toEqual([])
    expect(message).toMatchObject({ messageType: 'ARes', ...ids, ...parties, transStatus })
  })

  test('that concludes a purchase has no challenge elements', () => {
    const sends = everyOutcome.filter(outcome => 'acsURL' in concludedARes(ids, parties, outcome, {}))
    expect(sends).toEqual([])
  })

  test.each(['Y', 'N'] as const)(
    'that requires a challenge has the URL and method, with acsChallengeMandated %s',
    acsChallengeMandated => {
      const message = challengeARes(
        ids,
        parties,
        { acsURL: 'https://acs.example/acs/challenge', acsChallengeMandated },
        [emailCode.emv()],
      )
      expect(wire(message)).toEqual({
        messageType: 'ARes',
        ...ids,
        ...parties,
        transStatus: 'C',
        ...(version === '2.3.1' ? { authenticationMethod: ['05'] } : { authenticationType: '02' }),
        acsURL: 'https://acs.example/acs/challenge',
        acsChallengeMandated,
      })
    },
  )

  test('has the operator id if the directory server assigned one, and the text for the cardholder', () => {
    const message = concludedARes(ids, { ...parties, acsOperatorID: 'OP-1' }, 'locked', { cardholderInfo: 'Call us' })
    expect(message).toMatchObject({
      acsOperatorID: 'OP-1',
      cardholderInfo: version === '2.3.1' ? { text: 'Call us' } : 'Call us',
    })
  })
})

// Reference 7.
const inEveryRReq = [
  ...['messageType', 'messageVersion', 'messageCategory', 'threeDSServerTransID', 'acsTransID', 'dsTransID'],
  ...['transStatus', 'interactionCounter'],
]
const inSomeRReq = [
  ...[
    'transStatusReason',
    'authenticationType',
    'authenticationMethod',
    'authenticationValue',
    'eci',
    'challengeCancel',
  ],
  ...['whiteListStatus', 'whiteListStatusSource', 'messageExtension'],
]

describe.each(versions)('RReq %s', version => {
  const ids = idsIn(version)

  test.each(ofChallenges)('for %s has the elements that the tables require, and no others', outcome => {
    const { transStatus } = outcomes[outcome]
    const proof = transStatus === 'Y' ? { authenticationValue } : {}
    const message = rreq(ids, { outcome, messageCategory: '01', interactions: 3, method: emailCode.emv(), ...proof })
    const required = [
      ...inEveryRReq,
      ...(['N', 'U', 'R'].includes(transStatus) ? ['transStatusReason'] : []),
      ...(['Y', 'N'].includes(transStatus) && version !== '2.3.1' ? ['authenticationType'] : []),
      ...(transStatus === 'Y' ? ['authenticationValue'] : []),
      ...('reason' in outcomes[outcome] && outcomes[outcome].reason === '14' ? ['challengeCancel'] : []),
    ]
    expect(missing(message, required)).toEqual([])
    expect(strange(message, [...inEveryRReq, ...inSomeRReq])).toEqual([])
    expect(['Y', 'N', 'U', 'A', 'R']).toContain(message.transStatus)
    expect(message).toMatchObject({ messageType: 'RReq', ...ids, messageCategory: '01' })
  })

  test('names no method if no code was sent', () => {
    const message = rreq(ids, { outcome: 'window-not-opened', messageCategory: '02', interactions: 0 })
    expect(message).not.toHaveProperty('authenticationMethod')
  })

  test.each([
    { interactions: 0, counter: '00' },
    { interactions: 7, counter: '07' },
    { interactions: 12, counter: '12' },
    { interactions: 99, counter: '99' },
    { interactions: 100, counter: '99' },
    { interactions: 12345, counter: '99' },
  ])('has $interactions submissions in two digits', ({ interactions, counter }) => {
    const message = rreq(ids, { outcome: 'cancelled', messageCategory: '01', interactions })
    expect(message.interactionCounter).toBe(counter)
  })
})

describe.each(versions)('CRes %s', version => {
  test.each(everyOutcome)('for %s has only transStatus Y or N for the merchant’s page', outcome => {
    const { dsTransID: _, ...ids } = idsIn(version)
    expect(wire(cres(idsIn(version), outcome))).toEqual({
      messageType: 'CRes',
      ...ids,
      ...(version !== '2.3.1' && { challengeCompletionInd: 'Y' }),
      transStatus: outcomes[outcome].transStatus === 'Y' ? 'Y' : 'N',
    })
  })
})

// Reference 4 and 7: acsDecConInd, authenticationType 04, authenticationMethod 12, no interactionCounter.
describe.each(['2.2.0', '2.3.1'] as const)('a decoupled authentication %s', version => {
  const ids = idsIn(version)

  test('has an ARes that confirms it, with the text that the merchant shows meanwhile', () => {
    const more = { cardholderInfo: 'Look into your mail' }
    const message = decoupledARes(ids, parties, more)
    expect(wire(message)).toEqual({
      messageType: 'ARes',
      ...ids,
      ...parties,
      transStatus: 'D',
      acsChallengeMandated: 'Y',
      acsDecConInd: 'Y',
      ...(version === '2.3.1'
        ? { authenticationMethod: ['12'], cardholderInfo: { text: 'Look into your mail' } }
        : { authenticationType: '04', cardholderInfo: 'Look into your mail' }),
    })
    expect(decoupledARes(ids, parties, { ...more, sdkTransID: 'sdk' })).toMatchObject({ sdkTransID: 'sdk' })
  })

  test.each(['approved', 'declined', 'not-answered'] as const)(
    'has an RReq for %s without interactionCounter, with the decoupled method',
    outcome => {
      const { transStatus } = outcomes[outcome]
      const proof = transStatus === 'Y' ? { authenticationValue } : {}
      const message = rreq(ids, { outcome, messageCategory: '01', interactions: 0, decoupled: {}, ...proof })
      expect(message).not.toHaveProperty('interactionCounter')
      expect(message.authenticationType).toBe(version === '2.2.0' && transStatus !== 'U' ? '04' : undefined)
      expect(message.authenticationMethod).toEqual(version === '2.3.1' ? ['12'] : undefined)
    },
  )
})
