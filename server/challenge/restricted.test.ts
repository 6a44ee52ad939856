import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { Actor } from '../account/actor.ts'
import { confirmChange, requestChange, stopMobile } from '../account/change-contact.ts'
import { reportActivity } from '../account/report-activity.ts'
import { resolveOwnReport } from '../account/resolve-report.ts'
import { openSession, resumeSession } from '../account/sessions.ts'
import { now } from '../platform/clock.ts'
import { cardNumber } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { resendCode, submitAnswer } from './submit.ts'
import { showWindow } from './view.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
let people = 0

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
  at.changeIssuer(ordinary => ({ ...ordinary, largerAbove: { '392': '20000' } }))
  at.configure({})
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})
beforeEach(() => at.advance(3600))

interface Person {
  readonly actor: Actor
  readonly acctNumber: string
}

/** An enrolled cardholder whose e-mail address has just been changed. */
async function withNewAddress(mobile?: string): Promise<Person> {
  people += 1
  const ref = `watched-${people}`
  const acctNumber = cardNumber(people)
  const line = { cardNumber: acctNumber, expiry: '2036-12', status: 'active', language: 'ja', names: {} }
  await at.importList([{ ...line, cardholderId: ref, email: `${ref}@cardholder.example`, mobile }])
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  const cardholderId = String(row?.id)
  await at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
    values (${cardholderId}, ${randomUUID()}, '2026-11-01', ${now()}, ${now()})`
  const actor = await sessionOf(cardholderId)
  await changeEmail(actor, `new-${ref}@cardholder.example`)
  return { actor, acctNumber }
}

async function sessionOf(cardholderId: string): Promise<Actor> {
  const session = { cardholderId, method: 'passkey', device: 'a browser', proofSince: 0 } as const
  const token = await transaction(tx => openSession(tx, session))
  const actor = await resumeSession(token)
  if (!actor) throw new Error('no session')
  return actor
}

async function changeEmail(actor: Actor, address: string) {
  await requestChange(actor, 'email', address)
  await at.deliver()
  expect(await confirmChange(actor, 'email', at.mailbox.code)).toMatchObject({ kind: 'confirmed' })
  // Sends the notices of the change.
  await at.deliver()
}

/** Reports that the latest change of address was not made by the cardholder. */
async function report({ actor }: Person) {
  const [row] = await at.sql`select id from contact_changes where cardholder_id = ${actor.cardholderId}
    order by requested_at desc limit 1`
  expect(await reportActivity(actor, 'change', String(row?.id))).toEqual({ kind: 'reported' })
}

const mobile = '+81 80-7777-0001'
const larger = { purchaseAmount: '20001' }
const smaller = { purchaseAmount: '20000' }
const told = ({ transStatus, transStatusReason, cardholderInfo }: object & Record<string, unknown>) =>
  [transStatus, transStatusReason, cardholderInfo].filter(Boolean).join(' ')

describe('for a day after the e-mail address was changed', () => {
  test('refuses a larger purchase without a mobile number and says what to do; a smaller one sends its code to the new mailbox', async () => {
    const { acctNumber } = await withNewAddress()
    expect(told(await at.areq({ acctNumber, ...larger }))).toMatch(/^N 12 .*24時間.*SMS/)
    const { acsTransID } = await at.window({ acctNumber, ...smaller })
    expect(await at.outbox(acsTransID, 'email')).toHaveLength(1)
    at.advance(contactPolicy.newEmailRestricted / 1000)
    expect(await at.areq({ acctNumber, ...larger })).toMatchObject({ transStatus: 'C' })
  })

  test('treats a non-payment as a larger purchase, and challenges it whatever the limits are', async () => {
    const nothing = { purchaseAmount: undefined, purchaseCurrency: undefined, purchaseExponent: undefined }
    const nonPayment = { messageCategory: '02', ...nothing, purchaseDate: undefined }
    const { acctNumber } = await withNewAddress()
    expect(told(await at.areq({ acctNumber, ...nonPayment }))).toMatch(/^N/)
    const reachable = await withNewAddress(mobile)
    expect(await at.areq({ acctNumber: reachable.acctNumber, ...nonPayment })).toMatchObject({ transStatus: 'C' })
  })

  test('sends the code to the mobile number only, whatever the amount', async () => {
    const { acctNumber } = await withNewAddress(mobile)
    for (const size of [larger, smaller]) {
      const { acsTransID } = await at.window({ acctNumber, ...size })
      expect([await at.outbox(acsTransID, 'email'), await at.outbox(acsTransID, 'sms')]).toEqual([
        [],
        [expect.anything()],
      ])
    }
  })

  test('uses decoupled authentication without a mobile number, if the requestor permits it and there is a passkey', async () => {
    const { acctNumber, actor } = await withNewAddress()
    const decoupled = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' }
    expect(await at.areq({ acctNumber, ...larger, ...decoupled })).toMatchObject({ transStatus: 'N' })
    await at.sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
      values (${randomUUID()}, ${actor.cardholderId}, ${randomUUID()}, ${Buffer.from('key')}, 0, '[]', 'a', false, ${now()})`
    expect(await at.areq({ acctNumber, ...larger, ...decoupled })).toMatchObject({ transStatus: 'D' })
    expect(await at.areq({ acctNumber, ...smaller, ...decoupled })).toMatchObject({ transStatus: 'C' })
  })
})

describe('while a window is open', () => {
  const day = contactPolicy.newEmailRestricted / 1000
  /**
   * A cardholder whose address is no longer new, and whose purchase waits for the code that was sent to all contacts.
   */
  async function asked(size: object, number?: string) {
    const person = await withNewAddress(number)
    at.advance(day)
    const window = await at.windowWithCode({ acctNumber: person.acctNumber, ...size })
    return { ...window, person: { ...person, actor: await sessionOf(person.actor.cardholderId) } }
  }

  test('a change of address voids the code in the mailbox; the next code goes to the mobile number only', async () => {
    const { windowKey, code, person, acsTransID } = await asked(larger, mobile)
    await changeEmail(person.actor, `again-${people}@cardholder.example`)
    expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'asking' })
    expect(await showWindow(windowKey)).toMatchObject({ notice: 'code-expired' })
    expect(await at.challenge(acsTransID)).toMatchObject({ attempts: 0 })
    at.advance(codePolicy.challenge.resendAfter / 1000)
    expect(await resendCode(windowKey)).toEqual({ kind: 'asking' })
    await at.deliver()
    expect(await showWindow(windowKey)).toMatchObject({ destinations: [{ channel: 'sms' }] })
    expect(await submitAnswer(windowKey, sms.code)).toEqual({ kind: 'ended' })
    expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'Y', authenticationMethod: '02' }])
  })

  test.each(['code', 'new code'] as const)(
    'without a mobile number, a larger purchase ends with the next %s',
    async what => {
      const { windowKey, code, person, acsTransID } = await asked(larger)
      await changeEmail(person.actor, `again-${people}@cardholder.example`)
      at.advance(codePolicy.challenge.resendAfter / 1000)
      expect(await (what === 'code' ? submitAnswer(windowKey, code) : resendCode(windowKey))).toEqual({
        kind: 'ended',
      })
      const count = { interactionCounter: '01' }
      expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([
        { transStatus: 'N', transStatusReason: '12', ...count },
      ])
      expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', outcome: 'email-recently-changed' })
    },
  )

  test('a smaller purchase continues with the code in the mailbox', async () => {
    const { windowKey, code, person } = await asked(smaller)
    await changeEmail(person.actor, `again-${people}@cardholder.example`)
    expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
  })

  test('a smaller purchase ends as well once the number is stopped, which access to the mailbox alone would allow', async () => {
    const { actor, acctNumber } = await withNewAddress(mobile)
    const { windowKey, acsTransID } = await at.window({ acctNumber, ...smaller })
    await at.deliver()
    const code = sms.code
    await stopMobile(actor)
    at.advance(codePolicy.challenge.resendAfter / 1000)
    expect(await resendCode(windowKey)).toEqual({ kind: 'ended' })
    expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
    expect(await at.outbox(acsTransID, 'email')).toEqual([])
    expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '12' }])
    expect(await at.areq({ acctNumber, ...smaller })).toMatchObject({ transStatus: 'N' })
    at.advance(day)
    expect(await at.areq({ acctNumber, ...smaller })).toMatchObject({ transStatus: 'C' })
  })

  test('a report ends a challenge by that mailbox, and refuses further ones until it is resolved', async () => {
    const { windowKey, code, person, acsTransID } = await asked(larger)
    await report(person)
    expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
    expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '12' }])
    const refused = await at.areq({ acctNumber: person.acctNumber, ...larger })
    expect(told(refused)).toMatch(/^N 12 .*お心当たり/)
    expect(await resolveOwnReport(await sessionOf(person.actor.cardholderId), 'was-me')).toEqual({ kind: 'resolved' })
    expect(await at.areq({ acctNumber: person.acctNumber, ...larger })).toMatchObject({ transStatus: 'C' })
  })

  test('stopping a number after a report does not let codes go to the mailbox, whatever is reported later', async () => {
    const { actor, acctNumber } = await withNewAddress(mobile)
    at.advance(day)
    const reportSession = async () => {
      const { sessionId } = await sessionOf(actor.cardholderId)
      expect(await reportActivity(actor, 'sign-in', sessionId)).toEqual({ kind: 'reported' })
    }
    await reportSession()
    expect(await at.areq({ acctNumber, ...smaller })).toMatchObject({ transStatus: 'C' })
    await stopMobile(actor)
    at.advance(3 * day)
    await reportSession()
    expect(told(await at.areq({ acctNumber, ...smaller }))).toMatch(/^N 12 .*お心当たり/)
  })

  test('nor does reporting the number itself', async () => {
    const { actor: earlier, acctNumber } = await withNewAddress(mobile)
    // The address was changed too long ago to be in dispute.
    at.advance(contactPolicy.reportLookBack / 1000 + 1)
    const actor = await sessionOf(earlier.cardholderId)
    const number = '+818077770002'
    expect(await requestChange(actor, 'mobile', number)).toEqual({ kind: 'sent' })
    await at.deliver()
    const text = sms.taken.filter(({ to }) => to === number).at(-1)?.text
    expect(await confirmChange(actor, 'mobile', String(/(?<![\w-])\d{6}(?![\w-])/.exec(text ?? '')))).toMatchObject({
      kind: 'confirmed',
    })
    at.advance(14 * day)
    expect(await at.areq({ acctNumber, ...smaller })).toMatchObject({ transStatus: 'C' })
    await report({ actor, acctNumber })
    expect(await at.areq({ acctNumber, ...smaller })).toMatchObject({ transStatus: 'N' })
    expect(await resolveOwnReport(await sessionOf(actor.cardholderId), 'dealt-with')).toEqual({ kind: 'resolved' })
    expect(await at.areq({ acctNumber, ...smaller })).toMatchObject({ transStatus: 'C' })
  })

  test('a change between the ARes and the window takes effect before any code is sent', async () => {
    const person = await withNewAddress()
    at.advance(day)
    const ares = await at.areq({ acctNumber: person.acctNumber, ...larger })
    await changeEmail(await sessionOf(person.actor.cardholderId), `again-${people}@cardholder.example`)
    const mails = at.mailbox.mails.length
    expect(await at.creq(ares)).toMatchObject({ kind: 'window' })
    await at.deliver()
    expect(at.mailbox.mails.length).toBe(mails)
    expect(at.directoryServer.rreqsOf(ares.acsTransID ?? '')).toMatchObject([
      { transStatus: 'N', transStatusReason: '12' },
    ])
  })
})
