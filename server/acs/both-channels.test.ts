import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { cards } from '../testing/cards.ts'
import { type Installation, startInstallation } from '../testing/installation.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { answerChallenge, resendCode } from './answer-challenge.ts'
import { showWindow } from './show-window.ts'

let at: Installation
const gateway = new SmsGatewayDouble()

beforeAll(async () => {
  await gateway.start()
  at = await startInstallation(gateway.settings())
  const active = { expiry: '2036-12', status: 'active', language: 'ja', names: {} }
  const mobile = '+81 70-1000-0001'
  await at.importList([{ ...active, cardNumber: cards.unknown, cardholderId: 'mobile-only', mobile }])
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})
afterEach(async () => {
  gateway.refusal = {}
  at.mailbox.refusal = undefined
  at.configure(gateway.settings())
  at.advance(3600)
})

const masked = async (windowKey: string) => {
  const window = await showWindow(windowKey)
  return window.kind === 'asking' ? window.destinations.map(({ masked }) => masked) : window.kind
}
const resultOf = (acsTransID: string) => at.directoryServer.rreqsOf(acsTransID)[0]

describe('a code', () => {
  test('goes to the e-mail address and the mobile number, the same to both; the window shows both, masked', async () => {
    const { windowKey, acsTransID, code } = await at.windowWithCode()
    expect(gateway.code).toBe(code)
    expect(gateway.taken.at(-1)?.to).toBe('+819012345678')
    expect(await masked(windowKey)).toEqual(['h•••@•••.example', '•••••••78'])
    await answerChallenge(windowKey, gateway.code)
    expect(resultOf(acsTransID)).toMatchObject({ transStatus: 'Y', authenticationMethod: '05' })
  })

  test('reaches whoever has a mobile number alone, and the result says 02', async () => {
    const { windowKey, acsTransID } = await at.window({ acctNumber: cards.unknown })
    await at.deliver()
    expect(await masked(windowKey)).toEqual(['•••••••01'])
    await answerChallenge(windowKey, gateway.code)
    expect(resultOf(acsTransID)).toMatchObject({ transStatus: 'Y', authenticationMethod: '02' })
  })

  test('that only the text message carried is reported as 02', async () => {
    at.mailbox.refusal = 550
    const { windowKey, acsTransID } = await at.window()
    await at.deliver()
    await answerChallenge(windowKey, gateway.code)
    expect(resultOf(acsTransID)).toMatchObject({ transStatus: 'Y', authenticationMethod: '02' })
  })

  test('asked for anew goes both ways again, and the one before is void on both', async () => {
    const { windowKey, acsTransID } = await at.windowWithCode()
    at.advance(policy.resendAfter / 1000)
    await resendCode(windowKey)
    await at.deliver()
    expect([await at.outbox(acsTransID, 'sms'), await at.outbox(acsTransID, 'email')].map(rows => rows.length)).toEqual(
      [2, 2],
    )
    expect(await answerChallenge(windowKey, gateway.code)).toEqual({ kind: 'ended' })
  })
})

describe('without a gateway for text messages', () => {
  test('a mobile number counts for nothing: nobody is asked for a code that cannot come', async () => {
    at.configure({ SMS_GATEWAYS: '' })
    expect(await at.areq({ acctNumber: cards.unknown })).toMatchObject({ transStatus: 'N', transStatusReason: '13' })
    const { acsTransID } = await at.windowWithCode()
    expect(await at.outbox(acsTransID, 'sms')).toEqual([])
  })
})

describe('a challenge', () => {
  test('goes on while one way is down, however long', async () => {
    gateway.refusal = { http: 503 }
    const { windowKey } = await at.windowWithCode()
    at.advance(policy.deliveryPatience / 1000)
    await at.deliver()
    expect(await answerChallenge(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
  })

  test('ends U once no way has taken its code for a minute', async () => {
    gateway.refusal = { http: 503 }
    at.mailbox.refusal = 450
    const { acsTransID } = await at.window()
    await at.deliver()
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking' })
    at.advance(policy.deliveryPatience / 1000)
    await at.deliver()
    expect(await at.challenge(acsTransID)).toMatchObject({ ending: 'delivery-failed' })
  })

  test('waits for the second way when the first never will', async () => {
    gateway.refusal = { http: 503 }
    at.mailbox.refusal = 550
    const { windowKey, acsTransID } = await at.window()
    await at.deliver()
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking' })
    gateway.refusal = {}
    at.advance(1)
    await at.deliver()
    expect(await answerChallenge(windowKey, gateway.code)).toEqual({ kind: 'ended' })
  })
})
