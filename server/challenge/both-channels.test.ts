import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { cardNumber, cards } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { resendCode, submitAnswer } from './submit.ts'
import { showWindow } from './view.ts'

let at: Deployment
const gateway = new SmsGatewayDouble()

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings())
  const active = { expiry: '2036-12', status: 'active', language: 'ja', names: {} }
  const mobile = '+81 70-1000-0001'
  await at.importList([{ ...active, cardNumber: cards.unknown, cardholderId: 'mobile-only', mobile }])
  const additional = { email: 'taro@cardholder.example', mobile: '+81 70-1000-0002' }
  await at.importList([{ ...active, cardNumber: additionalCard, cardholderId: 'additional', ...additional }])
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

/** Of the additional cardholder of an account: another card, with contacts of its own. */
const additionalCard = cardNumber(7)

const masked = async (windowKey: string) => {
  const window = await showWindow(windowKey)
  return window.kind === 'asking' ? window.destinations.map(({ masked }) => masked) : window.kind
}
const resultOf = (acsTransID: string) => at.directoryServer.rreqsOf(acsTransID)[0]

describe('a code', () => {
  test('is sent to the e-mail address, another one to the mobile number, and the window shows both destinations masked', async () => {
    const { windowKey, acsTransID, code } = await at.windowWithCode()
    const { 'email-code': email, 'sms-code': sms } = await at.proofs(acsTransID)
    expect(email?.code_hmac).not.toEqual(sms?.code_hmac)
    expect(gateway.code).toMatch(/^\d{6}$/)
    expect(code).toMatch(/^\d{6}$/)
    expect(gateway.taken.at(-1)?.to).toBe('+819012345678')
    expect(await masked(windowKey)).toEqual(['h•••@•••.example', '•••••••78'])
  })

  test('goes to the contacts of the cardholder of the card', async () => {
    const { windowKey } = await at.windowWithCode({ acctNumber: additionalCard })
    expect(gateway.taken.at(-1)?.to).toBe('+817010000002')
    expect(at.mailbox.mails.at(-1)?.headers.get('to')).toMatchObject({ text: 'taro@cardholder.example' })
    expect(await masked(windowKey)).toEqual(['t•••@•••.example', '•••••••02'])
  })

  test.each([
    ['e-mail', 'email-code', '05', () => at.mailbox.code],
    ['text message', 'sms-code', '02', () => gateway.code],
  ] as const)(
    'of the %s proves that contact only, and the result reports it',
    async (_by, method, reported, newest) => {
      const { windowKey, acsTransID } = await at.windowWithCode()
      await submitAnswer(windowKey, newest())
      expect(resultOf(acsTransID)).toMatchObject({ transStatus: 'Y', authenticationMethod: reported })
      const proofs = Object.values(await at.proofs(acsTransID))
      expect(proofs.filter(({ state }) => state === 'proved')).toMatchObject([{ method, proved_at: expect.any(Date) }])
    },
  )

  test('to several contacts is one send, and both codes share the attempts', async () => {
    const { windowKey, acsTransID, code } = await at.windowWithCode()
    const neither = [0, 1, 2].map(add => String((Number(code) + add) % 1_000_000).padStart(6, '0'))
    const wrong = neither.find(each => each !== code && each !== gateway.code) ?? ''
    for (let tries = 1; tries < codePolicy.challenge.attempts; tries++) await submitAnswer(windowKey, wrong)
    expect(await at.challenge(acsTransID)).toMatchObject({ sends: 1, attempts: codePolicy.challenge.attempts - 1 })
    await submitAnswer(windowKey, wrong)
    expect(resultOf(acsTransID)).toMatchObject({
      transStatus: 'N',
      transStatusReason: '19',
      authenticationMethod: '05',
    })
  })

  test('that was replaced is recognised at each contact', async () => {
    const { windowKey, acsTransID, code } = await at.windowWithCode()
    const byText = gateway.code
    at.advance(codePolicy.challenge.resendAfter / 1000)
    await resendCode(windowKey)
    for (const [index, earlier] of [code, byText, code].entries()) {
      await submitAnswer(windowKey, earlier)
      const attempts = index < 2 ? 0 : 1
      expect(await at.challenge(acsTransID)).toMatchObject({ notice: 'code-earlier', attempts })
    }
  })

  test('reaches a cardholder who has only a mobile number, and the result says 02', async () => {
    const { windowKey, acsTransID } = await at.window({ acctNumber: cards.unknown })
    await at.deliver()
    expect(await masked(windowKey)).toEqual(['•••••••01'])
    await submitAnswer(windowKey, gateway.code)
    expect(resultOf(acsTransID)).toMatchObject({ transStatus: 'Y', authenticationMethod: '02' })
  })

  test('that only the text message delivered is reported as 02', async () => {
    at.mailbox.refusal = 550
    const { windowKey, acsTransID } = await at.window()
    await at.deliver()
    await submitAnswer(windowKey, gateway.code)
    expect(resultOf(acsTransID)).toMatchObject({ transStatus: 'Y', authenticationMethod: '02' })
  })

  test('sent again goes to both contacts, and voids both earlier codes', async () => {
    const { windowKey, acsTransID } = await at.windowWithCode()
    at.advance(codePolicy.challenge.resendAfter / 1000)
    await resendCode(windowKey)
    await at.deliver()
    expect([await at.outbox(acsTransID, 'sms'), await at.outbox(acsTransID, 'email')].map(rows => rows.length)).toEqual(
      [2, 2],
    )
    expect(await submitAnswer(windowKey, gateway.code)).toEqual({ kind: 'ended' })
  })
})

describe('without an SMS gateway', () => {
  test('ignores mobile numbers, so that no cardholder is asked for a code that cannot arrive', async () => {
    at.configure({ SMS_GATEWAYS: '' })
    expect(await at.areq({ acctNumber: cards.unknown })).toMatchObject({ transStatus: 'N', transStatusReason: '13' })
    const { acsTransID } = await at.windowWithCode()
    expect(await at.outbox(acsTransID, 'sms')).toEqual([])
  })
})

describe('a challenge', () => {
  test('goes on while one gateway is down, however long', async () => {
    gateway.refusal = { http: 503 }
    const { windowKey } = await at.windowWithCode()
    at.advance(policy.deliveryPatience / 1000)
    await at.deliver()
    expect(await submitAnswer(windowKey, at.mailbox.code)).toEqual({ kind: 'ended' })
  })

  test('ends with U once no gateway has accepted its code for a minute', async () => {
    gateway.refusal = { http: 503 }
    at.mailbox.refusal = 450
    const { acsTransID } = await at.window()
    await at.deliver()
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking' })
    at.advance(policy.deliveryPatience / 1000)
    await at.deliver()
    expect(await at.challenge(acsTransID)).toMatchObject({ outcome: 'delivery-failed' })
  })

  test('waits for the second gateway when the first has refused for good', async () => {
    gateway.refusal = { http: 503 }
    at.mailbox.refusal = 550
    const { windowKey, acsTransID } = await at.window()
    await at.deliver()
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking' })
    gateway.refusal = {}
    at.advance(1)
    await at.deliver()
    expect(await submitAnswer(windowKey, gateway.code)).toEqual({ kind: 'ended' })
  })
})
