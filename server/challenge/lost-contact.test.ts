import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { cards } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { currentStep } from './step.ts'
import { chooseLanguage, chooseMethod, loseContact, submitAnswer } from './submit.ts'
import { showWindow } from './view.ts'

// What the page of a code does beside the code: a contact that the cardholder has lost, what was typed, and how far the
// code is.

let at: Deployment
const gateway = new SmsGatewayDouble()

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings())
  const active = { expiry: '2036-12', status: 'active', language: 'ja', names: {} }
  const mobile = '+81 70-1000-0001'
  await at.importList([{ ...active, cardNumber: cards.unknown, cardholderId: 'mobile-only', mobile }])
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})
afterEach(() => {
  gateway.refusal = {}
  at.mailbox.refusal = undefined
  at.advance(3600)
})

const asking = async (windowKey: string) => {
  const window = await showWindow(windowKey)
  if (window.kind !== 'asking') throw new Error(`the window is ${window.kind}`)
  return window
}
const contacts = () => at.sql`select * from contacts order by id`

describe('a contact that the cardholder no longer has', () => {
  test('is not used in this challenge any more, and its code is not valid; the other code is', async () => {
    const before = await contacts()
    const { windowKey, code } = await at.windowWithCode()
    await loseContact(windowKey, 'sms')
    const window = await asking(windowKey)
    expect(window).toMatchObject({ notice: 'contact-lost', destinations: [{ channel: 'email' }] })
    await submitAnswer(windowKey, gateway.code)
    expect(await asking(windowKey)).toMatchObject({ notice: 'code-expired' })
    expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
    expect(await contacts()).toEqual(before)
  })

  test('gets codes in the next challenge, because anybody can open a window', async () => {
    const first = await at.windowWithCode()
    await loseContact(first.windowKey, 'sms')
    const { windowKey } = await at.windowWithCode()
    expect((await asking(windowKey)).destinations.map(({ channel }) => channel)).toEqual(['email', 'sms'])
  })

  test('leaves the choice of another method if no other code was sent', async () => {
    const { windowKey } = await at.window()
    at.advance(31)
    await chooseMethod(windowKey, ['sms-code'])
    await at.sql`update challenges set selected = '{sms-code}'`
    await loseContact(windowKey, 'sms')
    expect(await showWindow(windowKey)).toMatchObject({
      kind: 'choosing',
      notice: 'contact-lost',
      offered: { methods: ['email-code'] },
    })
  })

  test('ends the challenge if nothing else is left, and offers no registration', async () => {
    const { windowKey, acsTransID } = await at.window({ acctNumber: cards.unknown })
    expect(await loseContact(windowKey, 'sms')).toEqual({ kind: 'ended' })
    expect(await at.challenge(acsTransID)).toMatchObject({ outcome: 'contacts-lost' })
    expect(at.directoryServer.rreqsOf(acsTransID)[0]).toMatchObject({ transStatus: 'N', transStatusReason: '13' })
  })

  test('changes nothing if no code was sent to it, or after the end', async () => {
    const { windowKey, acsTransID } = await at.window({ acctNumber: cards.unknown })
    await loseContact(windowKey, 'email')
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking', lost_contacts: [] })
    await loseContact(windowKey, 'sms')
    await loseContact(windowKey, 'sms')
    expect(at.directoryServer.rreqsOf(acsTransID)).toHaveLength(1)
  })

  test('is lost once, however often the form is sent concurrently', async () => {
    const { windowKey, acsTransID } = await at.window()
    await Promise.all([1, 2, 3].map(() => loseContact(windowKey, 'sms')))
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking', lost_contacts: ['sms'] })
  })
})

describe('what was typed', () => {
  const drafts = async (acsTransID: string) => Object.values(await at.proofs(acsTransID)).map(({ draft }) => draft)

  test('is shown again after a malformed code, until a code is read', async () => {
    const { windowKey } = await at.windowWithCode()
    await submitAnswer(windowKey, '12 345')
    expect(await asking(windowKey)).toMatchObject({ notice: 'code-malformed', typed: '12 345' })
    await submitAnswer(windowKey, '000000')
    expect(await asking(windowKey)).toMatchObject({ typed: '' })
  })

  test('is shown again after a change of language, and stored encrypted', async () => {
    const { windowKey, acsTransID } = await at.windowWithCode()
    await chooseLanguage(windowKey, 'en', '123456')
    expect(await asking(windowKey)).toMatchObject({ language: 'en', typed: '123456' })
    for (const draft of await drafts(acsTransID)) expect(draft ?? '').not.toContain('123456')
    await chooseLanguage(windowKey, 'ja')
    expect(await asking(windowKey)).toMatchObject({ typed: '' })
  })

  test('is not stored if it may be a card number, and is gone when the challenge ends', async () => {
    const { windowKey, acsTransID, code } = await at.windowWithCode()
    await submitAnswer(windowKey, '378282246310005')
    expect(await drafts(acsTransID)).toEqual([null, null])
    await submitAnswer(windowKey, '123')
    await submitAnswer(windowKey, code)
    expect(await drafts(acsTransID)).toEqual([null, null])
  })
})

describe('how far the code is', () => {
  const states = async (windowKey: string) => (await asking(windowKey)).destinations.map(({ state }) => state).join(' ')

  test('is said for each contact: sent once a gateway has accepted it', async () => {
    const { windowKey } = await at.window()
    expect(await states(windowKey)).toBe('queued queued')
    await at.deliver()
    expect(await states(windowKey)).toBe('handed-over handed-over')
    expect(await currentStep(windowKey)).toBe('open handed-over handed-over')
  })

  test('names a gateway that failed at once, and offers another method', async () => {
    at.mailbox.refusal = 450
    const { windowKey } = await at.window()
    await at.deliver()
    expect(await asking(windowKey)).toMatchObject({ otherMethods: true })
    expect(await states(windowKey)).toBe('delayed handed-over')
  })

  test('names a contact that refused for good', async () => {
    at.mailbox.refusal = 550
    const { windowKey } = await at.window()
    await at.deliver()
    expect(await states(windowKey)).toBe('failed handed-over')
  })

  test('is longer than usual after ten seconds', async () => {
    const { windowKey } = await at.window()
    at.advance(9)
    expect(await states(windowKey)).toBe('queued queued')
    at.advance(1)
    expect(await states(windowKey)).toBe('delayed delayed')
  })
})
