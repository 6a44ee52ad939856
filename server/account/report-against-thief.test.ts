import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { contactPolicy } from '#domain/contact/policy.ts'
import { now } from '../platform/clock.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { type Person, peopleOf } from '../testing/people.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { cancelChange, confirmChange, requestChange, resendChangeCode, stopMobile } from './change-contact.ts'
import { closeAccount } from './close-account.ts'
import { numberToConfirm } from './confirm.ts'
import { beginPairing } from './pair-device.ts'
import { listPasskeys, removePasskey } from './passkeys.ts'
import { answerPayment } from './payments.ts'
import { chooseLanguage, choosePersonalMessage, choosePreferredMethod } from './preferences.ts'
import { reportActivity } from './report-activity.ts'
import { readReport, reportByLink } from './report-change.ts'
import { resolveOwnReport } from './resolve-report.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
const people = peopleOf(() => at, sms, 'owner')

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

const days = (count: number) => at.advance(count * 24 * 3600)
const network = () => randomUUID()
const [larger, smaller] = ['980000', '15000']

type Notice = 'email' | 'mobile'
/** The owner presses the button behind the link of a notice. */
async function report({ email }: Person, notice: Notice) {
  const link = people.linkTo(email, notice === 'email' ? 'メールアドレスが変更されました' : '携帯電話番号の変更')
  expect(await readReport(link, network())).toMatchObject({ kind: 'open', contact: notice })
  expect(await reportByLink(link, network())).toEqual({ kind: 'reported' })
}

/** Advances the clock to an hour after the new number becomes effective. */
async function untilEffective({ cardholderId }: Person) {
  const [row] = await at.sql`select max(effective_at) as at from contact_changes where cardholder_id = ${cardholderId}`
  at.advance((Number(row?.at) - now()) / 1000 + 3600)
}

/** A thief with one strong authentication changes the number and then the address. */
async function robbed() {
  const owner = await people.person()
  const thief = await people.strong(owner)
  at.advance(10)
  const number = await people.change(thief, 'mobile')
  at.advance(60)
  const address = await people.change(thief, 'email')
  return { owner, number, address }
}

describe('a thief who changed the number and then the address gets no code for a payment of ¥980,000', () => {
  test.each<[string, Notice[]]>([
    ['the newer notice', ['email']],
    ['the older notice', ['mobile']],
    ['the newer and then the older notice', ['email', 'mobile']],
    ['the older and then the newer notice', ['mobile', 'email']],
  ])('once the owner has reported %s', async (_what, notices) => {
    const { owner } = await robbed()
    for (const notice of notices) {
      at.advance(600)
      await report(owner, notice)
    }
    const contacts = await people.contactsOf(owner)
    // The old number stays effective, because its change had not taken effect. The address is in dispute.
    expect(contacts).toEqual([owner.mobile])
    for (const later of [0, 4, 30, 60]) {
      days(later)
      expect(await people.codesFor(owner, larger)).toEqual([owner.mobile])
      expect(await people.contactsOf(owner)).toEqual(contacts)
    }
  })

  test.each<Notice[]>([['email'], ['mobile']])(
    'nor when the new number was already effective: %s reported',
    async notice => {
      const owner = await people.person()
      await people.change(await people.strong(owner), 'mobile')
      await untilEffective(owner)
      await people.change(await people.strong(owner), 'email')
      await report(owner, notice)
      for (const later of [0, 1, 29, 2, 60]) {
        days(later)
        expect(await people.contactsOf(owner)).toEqual([])
        expect(await people.codesFor(owner, larger)).toBe('N')
        expect(await people.codesFor(owner, smaller)).toBe('N')
      }
    },
  )

  test('nor when the owner reports before the second change is confirmed, which is then refused', async () => {
    const owner = await people.person()
    const thief = await people.strong(owner)
    await people.change(thief, 'mobile')
    const address = people.another('email')
    await requestChange(thief, 'email', address)
    await at.deliver()
    await report(owner, 'mobile')
    const refused = { kind: 'stronger-authentication-needed' }
    expect(await confirmChange(thief, 'email', people.codeTo('email', address))).toEqual(refused)
    const owns = await people.strong(owner)
    expect(await confirmChange(owns, 'email', people.codeTo('email', address))).toEqual({ kind: 'nothing-to-do' })
    days(10)
    expect(await people.contactsOf(owner)).toEqual([owner.email, owner.mobile])
  })

  test('nor by requesting a new change while the report is open', async () => {
    const { owner } = await robbed()
    await report(owner, 'email')
    // With the owner's own passkey, borrowed once more.
    expect(await requestChange(await people.strong(owner), 'mobile', people.another('mobile'))).toEqual({
      kind: 'report-open',
    })
  })

  test('nor after any other report: of a sign-in or of a payment', async () => {
    for (const about of ['sign-in', 'payment'] as const) {
      const { owner } = await robbed()
      const looks = await people.weak(owner)
      days(1)
      const { acsTransID } = await at.window({ acctNumber: owner.acctNumber })
      const id = about === 'sign-in' ? (await people.weak(owner)).sessionId : acsTransID
      expect(await reportActivity(looks, about, id)).toEqual({ kind: 'reported' })
      days(10)
      expect(await people.contactsOf(owner)).toEqual([owner.mobile])
    }
  })
})

describe('the issuer’s list, imported while a report is open,', () => {
  test('restores nothing if its values are unchanged', async () => {
    const owner = await people.person()
    await people.change(await people.strong(owner), 'mobile')
    await untilEffective(owner)
    await report(owner, 'mobile')
    await at.importList([people.lineOf(owner)])
    expect(await people.contactsOf(owner)).toEqual([owner.email])
    expect(await people.codesFor(owner, larger)).toBe('N')
  })

  test('does not restore a value in dispute', async () => {
    const owner = await people.person()
    const number = await people.change(await people.strong(owner), 'mobile')
    await untilEffective(owner)
    await report(owner, 'mobile')
    await at.importList([people.lineOf({ ...owner, mobile: number })])
    expect(await people.contactsOf(owner)).toEqual([owner.email])
  })

  test('makes a number effective that the issuer has verified since, because it is not a change of the account', async () => {
    const owner = await people.person()
    await people.change(await people.strong(owner), 'mobile')
    await untilEffective(owner)
    await report(owner, 'mobile')
    const proved = people.another('mobile')
    await at.importList([people.lineOf({ ...owner, mobile: proved })])
    expect(await people.codesFor(owner, larger)).toEqual([proved])
  })
})

describe('a request that was under way when a report came', () => {
  const refused = { kind: 'stronger-authentication-needed' }

  /**
   * A session by a proof added within the look-back period, with a payment that waits for an answer and a passkey to
   * remove.
   */
  async function underWay() {
    const owner = await people.person()
    await people.addPasskey(owner)
    at.advance(60)
    const actor = await people.strong(owner, now() - 60_000)
    const decoupled = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' }
    const wish = { threeDSRequestorChallengeInd: '02', ...decoupled }
    const asked = await at.areq({ acctNumber: owner.acctNumber, purchaseAmount: larger, ...wish })
    expect(asked).toMatchObject({ transStatus: 'D' })
    return { owner, actor, acsTransID: asked.acsTransID ?? '' }
  }

  async function isRefused({ actor, acsTransID }: Awaited<ReturnType<typeof underWay>>) {
    expect(await answerPayment(actor, acsTransID, 'approved')).toEqual(refused)
    expect(await chooseLanguage(actor, 'en')).toEqual(refused)
    expect(await choosePersonalMessage(actor, 'mine')).toEqual(refused)
    expect(await choosePreferredMethod(actor, 'automatic')).toEqual({ kind: 'done' })
    expect(await choosePreferredMethod(actor, 'account')).toEqual(refused)
    expect(await removePasskey(actor, randomUUID())).toEqual(refused)
    expect(await beginPairing(actor)).toEqual(refused)
    expect(await cancelChange(actor, 'email')).toBe(refused.kind)
    expect(await requestChange(actor, 'email', people.another('email'))).toEqual(refused)
    expect(await resolveOwnReport(actor, 'was-me')).toEqual(refused)
    expect(await closeAccount(actor, undefined)).toEqual(refused)
  }

  test('does nothing if the report ended its session', async () => {
    const each = await underWay()
    const { sessionId } = each.actor
    expect(await reportActivity(await people.strong(each.owner), 'sign-in', sessionId)).toEqual({ kind: 'reported' })
    await isRefused(each)
    expect(await confirmChange(each.actor, 'email', '000000')).toEqual(refused)
    expect(await resendChangeCode(each.actor, 'email')).toBe(refused.kind)
    expect(await stopMobile(each.actor)).toEqual({ kind: 'nothing-to-do' })
    expect(await people.contactsOf(each.owner)).toContain(each.owner.mobile)
  })

  test('does nothing if its session is open but its proof is in dispute', async () => {
    const each = await underWay()
    const { sessionId } = await people.weak(each.owner)
    expect(await reportActivity(each.actor, 'sign-in', sessionId)).toEqual({ kind: 'reported' })
    await isRefused(each)
  })
})

describe('what resolves a report', () => {
  test('is not a passkey added within the look-back period, even if it is older than the reported change', async () => {
    const owner = await people.person()
    const kept = await people.addPasskey(owner)
    days(40)
    const planted = await people.addPasskey(owner)
    const plantedAt = now()
    days(2)
    await people.change(await people.strong(owner, plantedAt), 'mobile')
    await untilEffective(owner)
    await report(owner, 'mobile')
    // The passkey is older than the change, so it still signs in, but it proves nothing.
    const thief = await people.strong(owner, plantedAt)
    const refused = { kind: 'stronger-authentication-needed' }
    expect(await resolveOwnReport(thief, 'was-me')).toEqual(refused)
    expect(await requestChange(thief, 'email', people.another('email'))).toEqual(refused)
    expect(await answerPayment(thief, randomUUID(), 'approved')).toEqual(refused)
    const decoupled = { threeDSRequestorDecReqInd: 'Y', threeDSRequestorDecMaxTime: '00060' }
    const ask = { acctNumber: owner.acctNumber, purchaseAmount: larger, ...decoupled }
    // The owner's older passkey may approve …
    expect(await at.areq(ask)).toMatchObject({ transStatus: 'D' })
    await at.sql`update passkeys set removed_at = ${now()} where id = ${kept}`
    // … and without it no approval in the account is possible.
    expect(await at.areq(ask)).toMatchObject({ transStatus: 'N' })
    expect(await resolveOwnReport(await people.strong(owner), 'dealt-with')).toEqual({ kind: 'resolved' })
    expect((await listPasskeys(thief)).map(({ id }) => id)).not.toContain(planted)
  })

  test('is neither a code to a number in dispute nor one to a number that came later', async () => {
    const owner = await people.person()
    await people.change(await people.strong(owner), 'mobile')
    await untilEffective(owner)
    await report(owner, 'mobile')
    expect(await numberToConfirm(await people.weak(owner))).toBeUndefined()
    await at.importList([people.lineOf({ ...owner, mobile: people.another('mobile') })])
    expect(await numberToConfirm(await people.weak(owner))).toBeUndefined()
  })

  test('is a code to a number that is older than the dispute', async () => {
    const owner = await people.person()
    at.advance(60)
    await people.change(await people.strong(owner), 'email')
    await report(owner, 'email')
    expect(await numberToConfirm(await people.weak(owner))).toBeDefined()
  })

  test('ends every other session, so that a proof shown there meanwhile is not accepted afterwards', async () => {
    const { owner } = await robbed()
    await report(owner, 'email')
    const thief = await people.strong(owner, now())
    expect(await resolveOwnReport(await people.strong(owner), 'dealt-with')).toEqual({ kind: 'resolved' })
    expect(await requestChange({ ...thief, disputedSince: undefined }, 'email', people.another('email'))).toEqual({
      kind: 'stronger-authentication-needed',
    })
  })

  test('restores contacts in dispute only if the cardholder says that all was theirs', async () => {
    for (const [resolution, back] of [
      ['was-me', true],
      ['dealt-with', false],
    ] as const) {
      const owner = await people.person()
      at.advance(60)
      const address = await people.change(await people.strong(owner), 'email')
      await report(owner, 'email')
      at.advance(contactPolicy.newEmailRestricted / 1000)
      expect(await resolveOwnReport(await people.strong(owner), resolution)).toEqual({ kind: 'resolved' })
      expect((await people.contactsOf(owner)).includes(address)).toBe(back)
      expect(await people.contactsOf(owner)).not.toContain(owner.email)
    }
  })
})
