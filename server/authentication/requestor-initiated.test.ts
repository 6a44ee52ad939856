import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Overrides, sample3RIAReq } from '#domain/emv/testing/sample-areq.ts'
import { versions } from '#domain/emv/version.ts'
import { cancelChallenge, submitAnswer } from '../challenge/submit.ts'
import { now } from '../platform/clock.ts'
import { cards } from '../testing/cards.ts'
import { belowLimit, type Deployment, startDeployment } from '../testing/deployment.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

function send(overrides: Overrides = {}, version: (typeof versions)[number] = '2.2.0') {
  const { dsURL, dsReferenceNumber } = at.message()
  const ids = { threeDSServerTransID: randomUUID(), dsTransID: randomUUID(), dsURL, dsReferenceNumber }
  return at.send(sample3RIAReq(version, { acctNumber: cards.hanako, ...ids, ...overrides }))
}

const following = (threeDSReqPriorRef = '') => ({
  threeDSRequestorPriorAuthenticationInfo: { threeDSReqPriorRef, threeDSReqPriorAuthMethod: '02' },
})

describe('a payment that the requestor starts without the cardholder', () => {
  test.each(versions)('[Req 292] is Y for a small amount, with a value if it is a payment (%s)', async version => {
    const answer = await send({ purchaseAmount: belowLimit }, version)
    expect(answer).toMatchObject({ messageType: 'ARes', transStatus: 'Y', eci: '05' })
    expect('authenticationValue' in answer).toBe(version !== '2.1.0')
    expect(answer).not.toHaveProperty('acsChallengeMandated')
  })

  test('[Req 291] is N for a large amount, with the reason that the cardholder is needed, and never a challenge', async () => {
    const answer = await send()
    expect(answer).toMatchObject({
      transStatus: 'N',
      transStatusReason: '23',
      cardholderInfo: expect.stringMatching(/ご本人/),
    })
    expect(await at.challenge(answer.acsTransID ?? '')).toEqual({})
    expect(await send({}, '2.1.0')).toMatchObject({ transStatus: 'N', transStatusReason: '01' })
  })

  test('is refused for a stolen, closed or unknown card, like any other', async () => {
    expect(await send({ acctNumber: cards.stolen })).toMatchObject({ transStatus: 'R', transStatusReason: '10' })
    expect(await send({ acctNumber: cards.closed })).toMatchObject({ transStatus: 'N', transStatusReason: '12' })
    expect(await send({ acctNumber: cards.unknown })).toMatchObject({ transStatus: 'N', transStatusReason: '08' })
  })

  test('[Req 290] is refused for a purpose that is not supported', async () => {
    for (const threeRIInd of ['10', '85'])
      expect(await send({ threeRIInd })).toMatchObject({ transStatus: 'N', transStatusReason: '21' })
  })
})

describe('an earlier challenge that it refers to', () => {
  test('authenticates a large payment, for the same card and the same requestor only', async () => {
    const { windowKey, code, acsTransID } = await at.windowWithCode()
    expect(await send(following(acsTransID))).toMatchObject({ transStatus: 'N' })
    await submitAnswer(windowKey, code)
    expect(await send(following(acsTransID))).toMatchObject({
      transStatus: 'Y',
      authenticationValue: expect.any(String),
    })
    expect(await send(following(acsTransID.toUpperCase()))).toMatchObject({ transStatus: 'Y' })
    expect(await send({ ...following(acsTransID), acctNumber: cards.alex })).toMatchObject({ transStatus: 'N' })
    expect(await send({ ...following(acsTransID), threeDSRequestorID: 'ANOTHER' })).toMatchObject({ transStatus: 'N' })
  })

  test('authenticates a smaller payment, but no larger one, while a report is open', async () => {
    const { windowKey, code, acsTransID } = await at.windowWithCode()
    await submitAnswer(windowKey, code)
    await at.sql`update cardholders set report_open_since = ${now()}, disputed_since = ${now()} where issuer_ref = 'hanako'`
    expect(await send(following(acsTransID))).toMatchObject({ transStatus: 'N', transStatusReason: '23' })
    expect(await send({ ...following(acsTransID), purchaseAmount: belowLimit })).toMatchObject({ transStatus: 'Y' })
    await at.sql`update cardholders set report_open_since = null, disputed_since = null`
    expect(await send(following(acsTransID))).toMatchObject({ transStatus: 'Y' })
  })

  test('authenticates nothing if the cardholder cancelled, if there was no challenge, or if nothing is referred to', async () => {
    const { windowKey, acsTransID } = await at.window()
    await cancelChallenge(windowKey)
    const passed = await at.areq({ purchaseAmount: belowLimit })
    for (const ref of [acsTransID, passed.acsTransID, randomUUID(), 'x'.repeat(36), "' or true --".padEnd(36)])
      expect(await send(following(ref))).toMatchObject({ transStatus: 'N', transStatusReason: '23' })
  })
})
