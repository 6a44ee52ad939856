import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mostInARow } from '#domain/challenge/card-limits.ts'
import { policy } from '#domain/challenge/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { Overrides } from '#domain/emv/testing/sample-areq.ts'
import type { Actor } from '../account/actor.ts'
import { listCards, unlockCodesOf } from '../account/cards.ts'
import { answerPayment, listWaitingPayments } from '../account/payments.ts'
import { unlockCards } from '../issuer/unlock-cards.ts'
import { browserOf } from '../testing/browser.ts'
import { belowLimit, type Deployment, otherThan, startDeployment } from '../testing/deployment.ts'
import { type Person, peopleOf } from '../testing/people.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { submitAnswer } from './submit.ts'
import { showWindow } from './view.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
const people = peopleOf(() => at, sms, 'limits')

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})
beforeEach(() => at.toNextMorning())

const { attempts } = codePolicy.challenge
const { limits } = policy
const day = 24 * 3600

let networks = 0
/** A network and a merchant that have not been used before. */
const elsewhere = (): Overrides => {
  networks += 1
  return {
    browserIP: `198.51.${Math.floor(networks / 250)}.${(networks % 250) + 1}`,
    acquirerMerchantID: `m${networks}`,
  }
}

/** Opens a window and reads its code in the owner's mailbox. Windows of strangers have sent codes there, too. */
async function open(owner: Person, overrides: Overrides) {
  await at.deliver()
  const window = await at.window({ acctNumber: owner.acctNumber, ...overrides })
  await at.deliver()
  return { ...window, code: people.codeTo('email', owner.email ?? '') }
}

/** Enters wrong codes in a new window, as a stranger who sees none of its codes. Returns how many were compared. */
async function guess(owner: Person, from: Overrides, most: number = attempts): Promise<number> {
  const { windowKey, acsTransID } = await at.window({ acctNumber: owner.acctNumber, ...from })
  // Has a chance of one in a million to be right.
  for (let tries = 0; tries < most; tries++) await submitAnswer(windowKey, '000000')
  return Number((await at.challenge(acsTransID)).attempts)
}

/** Guesses from new networks and merchants until no code is compared any more. Returns how many were. */
async function guessAll(owner: Person): Promise<number> {
  for (let guesses = 0; ; ) {
    const compared = await guess(owner, elsewhere())
    guesses += compared
    if (compared < attempts) return guesses
  }
}

/** Guesses until codes stop for unknown clients; most of the wrong codes are of earlier days. */
async function stopCodes(owner: Person): Promise<void> {
  await guess(owner, elsewhere(), 1)
  await at.sql`update consecutive_failures set count = ${mostInARow('unknown-client') - 1}
    where budget = 'unknown-client'`
  expect(await guess(owner, elsewhere(), 1)).toBe(1)
}

const enter = async (owner: Person, from: Overrides) => {
  const { windowKey, code, acsTransID } = await open(owner, from)
  await submitAnswer(windowKey, code)
  return (await at.challenge(acsTransID)).outcome
}

describe('a stranger who knows a card number', () => {
  test('stops only their own network with wrong codes: its owner pays elsewhere at once', async () => {
    const owner = await people.person()
    const stranger = { browserIP: '198.51.100.1', acquirerMerchantID: 'strange' }
    expect([await guess(owner, stranger), await guess(owner, stranger)]).toEqual([attempts, attempts])
    const { acsTransID, windowKey } = await open(owner, { ...stranger, acquirerMerchantID: 'another' })
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'awaiting-approval', notice: 'codes-limited' })
    expect(await showWindow(windowKey)).toMatchObject({ codesAgainAt: expect.any(Number), codes: false })
    expect(await enter(owner, elsewhere())).toBe('authenticated')
  })

  test('gets thirty tries a day from any number of networks and merchants', async () => {
    const owner = await people.person()
    expect(await guessAll(owner)).toBe(limits.wrongOfCard.most)
    at.toNextMorning()
    expect(await guess(owner, elsewhere())).toBe(attempts)
  })

  test('gets eighty in a row, and none after that, however long they wait', async () => {
    const owner = await people.person()
    await stopCodes(owner)
    const most = await at.sql`select max(count) as most from consecutive_failures where budget = 'unknown-client'`
    expect(most).toEqual([{ most: 80 }])
    at.advance(300 * day)
    expect(await guess(owner, elsewhere())).toBe(0)
  })

  test('who makes networks up gets twenty tries a day at one merchant', async () => {
    const owner = await people.person()
    let guesses = 0
    for (let tries = 0; tries < 5; tries++) {
      guesses += await guess(owner, { ...elsewhere(), acquirerMerchantID: 'hostile' })
    }
    expect(guesses).toBe(limits.wrongAtMerchant.most)
  })

  test('sends guesses at once in many windows: no more of them are compared than the limits permit', async () => {
    const owner = await people.person()
    const windows = []
    for (let opened = 0; opened < 4; opened++)
      windows.push(await at.window({ acctNumber: owner.acctNumber, browserIP: '198.51.100.9' }))
    await Promise.all(
      windows.flatMap(({ windowKey }) => Array.from({ length: attempts }, () => submitAnswer(windowKey, '000000'))),
    )
    const counted = await Promise.all(windows.map(async ({ acsTransID }) => (await at.challenge(acsTransID)).attempts))
    expect(counted.reduce<number>((sum, each) => sum + Number(each), 0)).toBe(limits.wrongByOne.most)
  })

  test('cannot keep the owner from low-risk payments, nor from approving a payment in the account', async () => {
    const owner = await people.person()
    await stopCodes(owner)
    const low = await at.areq({ acctNumber: owner.acctNumber, purchaseAmount: belowLimit, ...elsewhere() })
    expect(low).toMatchObject({ transStatus: 'Y' })
    const { acsTransID } = await open(owner, elsewhere())
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'awaiting-approval', notice: 'codes-stopped' })
    const actor = await people.strong(owner)
    expect((await listWaitingPayments(actor)).payments).toHaveLength(1)
    expect(await answerPayment(actor, acsTransID, 'approved')).toEqual({ kind: 'approved' })
    // An approval is a stronger proof: codes are accepted again.
    expect(await enter(owner, elsewhere())).toBe('authenticated')
  })

  test('cannot use up the budget of a browser in which the owner has succeeded, nor make it unknown', async () => {
    const owner = await people.person()
    const browser = browserOf()
    expect(await enter(owner, await browser())).toBe('authenticated')
    at.advance(policy.ownBrowserAfter / 1000)
    expect(await enter(owner, await browser())).toBe('authenticated')
    await stopCodes(owner)
    expect(await enter(owner, await browser())).toBe('authenticated')
    // That success does not open codes for strangers again.
    expect(await guess(owner, elsewhere())).toBe(0)
  })

  test('who also reads the mailbox cannot use up that budget in a fresh browser', async () => {
    const owner = await people.person()
    const [browser, fresh] = [browserOf(), browserOf()]
    await enter(owner, await browser())
    at.advance(policy.ownBrowserAfter / 1000)
    expect(await enter(owner, await fresh())).toBe('authenticated')
    await guess(owner, await fresh())
    expect(await at.sql`select 1 from consecutive_failures where budget = 'own-browser' and count > 0`).toEqual([])
    expect(await enter(owner, await browser())).toBe('authenticated')
  })

  test('makes their own browser unknown again by guessing until codes stop', async () => {
    const owner = await people.person()
    const fresh = browserOf()
    expect(await enter(owner, await fresh())).toBe('authenticated')
    const browsers = () => at.sql`select 1 from card_browsers b join cards c on c.id = b.card_id
      where c.cardholder_id = ${owner.cardholderId}`
    expect(await browsers()).toHaveLength(1)
    await stopCodes(owner)
    expect(await browsers()).toEqual([])
  })

  test('floods the owner with at most thirty codes an hour, and then one for each network up to forty', async () => {
    const owner = await people.person()
    const window = (from: Overrides) => at.window({ acctNumber: owner.acctNumber, ...from })
    const sends = async (from: Overrides) => Number((await at.challenge((await window(from)).acsTransID)).sends)
    let sent = 0
    for (let windows = 0; windows < 32; windows++) {
      sent += await sends({ ...elsewhere(), acquirerMerchantID: `merchant${windows % 3}` })
    }
    expect(sent).toBe(limits.sendsOfCard.most)
    expect(await sends(elsewhere())).toBe(1)
    const flooded = await window({ acquirerMerchantID: 'merchant1' })
    // Approval in the account stays possible, but no message asks for it.
    expect(await at.challenge(flooded.acsTransID)).toMatchObject({ state: 'awaiting-approval', notice: 'codes-spent' })
    const told =
      await at.sql`select 1 from outbox where about_id = (select id from challenges where acs_trans_id = ${flooded.acsTransID})`
    expect(told).toEqual([])
  })
})

describe('a cardholder whose codes were stopped', () => {
  test('is notified once on every contact, and lifts the stop in the account after strong authentication', async () => {
    const owner = await people.person()
    await stopCodes(owner)
    await at.deliver()
    const notices = people.mailsTo(owner.email).filter(({ subject }) => subject?.includes('誤った認証コード'))
    expect(notices).toHaveLength(1)
    expect(people.textsTo(owner.mobile).filter(text => text.includes('誤った認証コード'))).toHaveLength(1)
    const actor = await people.strong(owner)
    expect(await listCards(actor)).toMatchObject([{ state: 'locked', lockedUntil: undefined }])
    const lastFour = owner.acctNumber.slice(-4)
    expect(await unlockCodesOf(await people.weak(owner), lastFour)).toEqual({ kind: 'stronger-authentication-needed' })
    expect(await unlockCodesOf(actor, lastFour)).toEqual({ kind: 'done' })
    expect(await listCards(actor)).toMatchObject([{ state: 'usable' }])
    await at.deliver()
    expect(people.mailsTo(owner.email).filter(({ subject }) => subject?.includes('受け付けが再開'))).toHaveLength(1)
    expect(people.textsTo(owner.mobile).filter(text => text.includes('受け付けが再開'))).toHaveLength(1)
    expect(await enter(owner, elsewhere())).toBe('authenticated')
  })

  test('may lift it three times a day, also concurrently', async () => {
    const owner = await people.person()
    const actor: Actor = await people.strong(owner)
    const lifted = await Promise.all(
      Array.from({ length: 6 }, () => unlockCodesOf(actor, owner.acctNumber.slice(-4)).then(({ kind }) => kind)),
    )
    expect(lifted.filter(kind => kind === 'done')).toHaveLength(limits.unlocks.most)
  })

  test('sees until when codes are limited after a day’s wrong codes, in the account and in the window', async () => {
    const owner = await people.person()
    await guessAll(owner)
    const [card] = await listCards(await people.strong(owner))
    expect(card).toMatchObject({ state: 'locked', lockedUntil: expect.any(Number) })
    await at.sql`delete from accounts where cardholder_id = ${owner.cardholderId}`
    const { windowKey, acsTransID } = await open(owner, elsewhere())
    expect(await showWindow(windowKey)).toMatchObject({
      kind: 'ended',
      outcome: 'locked',
      limit: { kind: 'limited', until: card?.lockedUntil },
    })
    expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'N', transStatusReason: '04' }])
  })

  test('is helped by an operator, whose name and reason are kept', async () => {
    const owner = await people.person()
    await stopCodes(owner)
    expect(await unlockCards({ id: owner.ref, by: 'operator-7', reason: 'called' })).toBe(1)
    expect(await unlockCards({ id: 'unknown', by: 'operator-7', reason: 'called' })).toBeUndefined()
    expect(await enter(owner, elsewhere())).toBe('authenticated')
    const [event] = await at.sql`select fields from audit_events where type = 'cards-unlocked'`
    expect(event?.fields).toEqual({ by: 'operator-7', reason: 'called', cards: 1 })
  })
})

test('a window whose network runs out of tries says so at once, and offers another method', async () => {
  const owner = await people.person()
  const from = { browserIP: '198.51.100.77' }
  await guess(owner, from)
  await guess(owner, from, attempts - 2)
  const { windowKey, code } = await open(owner, from)
  await submitAnswer(windowKey, otherThan(code))
  expect(await showWindow(windowKey)).toMatchObject({ kind: 'asking', notice: 'code-wrong', attemptsLeft: 1 })
  await submitAnswer(windowKey, otherThan(code))
  expect(await showWindow(windowKey)).toMatchObject({ kind: 'choosing', offered: { methods: ['account'] } })
  // Not even the right code is compared any more.
  await submitAnswer(windowKey, code)
  expect(await showWindow(windowKey)).toMatchObject({ kind: 'choosing' })
})
