import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import type { Operation } from '#domain/account/assurance.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { deviceOfCookie } from '../approval/subscribe.ts'
import { now } from '../platform/clock.ts'
import { type Deployment, otherThan, startDeployment } from '../testing/deployment.ts'
import { type Person, peopleOf } from '../testing/people.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { confirmRefused } from '../watch/confirm-payment.ts'
import { readActivity } from './activity.ts'
import type { Actor } from './actor.ts'
import { listApprovalDevices, removeApprovalDevice, renameApprovalDevice } from './approval-devices.ts'
import { unlockCodesOf } from './cards.ts'
import { cancelChange, confirmChange, requestChange, resendChangeCode, stopMobile } from './change-contact.ts'
import { closeAccount } from './close-account.ts'
import { confirmByCode, sendConfirmingCode } from './confirm.ts'
import { confirmRegistered } from './confirm-registered.ts'
import { beginEnrolment } from './enrol.ts'
import { distrustMerchant, trustMerchantOf } from './merchants.ts'
import { readOverview } from './overview.ts'
import { readOwnData } from './own-data.ts'
import { beginPairing } from './pair-device.ts'
import { finishRegistering, startRegistering } from './passkey-ceremonies.ts'
import { listPasskeys, removePasskey, renamePasskey } from './passkeys.ts'
import { answerPayment } from './payments.ts'
import { chooseLanguage, choosePersonalMessage, choosePreferredMethod } from './preferences.ts'
import { readContacts } from './read-contacts.ts'
import { registerDevice } from './register-device.ts'
import { readReporting, reportActivity } from './report-activity.ts'
import { reportByLink } from './report-change.ts'
import { resolveOwnReport } from './resolve-report.ts'
import { endOtherSessions, listSessions } from './sessions.ts'
import { sendTestCode } from './test-code.ts'
import { noticeNewDevice } from './visitor.ts'

// A thief who reads the mailbox signs in by e-mail code. docs/journeys.md says what each operation then allows; these
// tests prove it.

let at: Deployment
const sms = new SmsGatewayDouble()
const people = peopleOf(() => at, sms, 'mailbox')
const [larger, smaller] = ['980000', '15000']
const refused = { kind: 'stronger-authentication-needed' }
const device = { token: randomUUID(), name: 'Firefox, Linux' }
const visitor = () => ({ visit: randomUUID(), network: randomUUID() })

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
  at.changeIssuer(ordinary => ({
    ...ordinary,
    ranges: ordinary.ranges.map(range => ({ ...range, attempts: true })),
    largerAbove: { '392': '20000' },
  }))
  at.configure({})
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})
beforeEach(() => at.toNextMorning())

const hours = (count: number) => at.advance(count * 3600)

/** Adds an approval device now. */
async function addDevice({ cardholderId }: Person): Promise<string> {
  const id = randomUUID()
  await at.sql`insert into approval_devices (id, cardholder_id, name, platform, public_key, thumbprint, created_at)
    values (${id}, ${cardholderId}, 'phone', 'iOS', '{}', ${randomUUID()}, ${now()})`
  return id
}

/** What a session by e-mail code can do, by operation. */
const rows: Readonly<Record<Operation, (owner: Person, thief: Actor) => Promise<void>>> = {
  'sign-in': async (owner, thief) => {
    await transaction(tx => noticeNewDevice(tx, thief, device))
    await at.deliver()
    expect(people.reportCodeTo(owner.mobile)).not.toBe('')
    expect(thief.strongAt).toBeUndefined()
  },

  'view-account': async (owner, thief) => {
    const seen = JSON.stringify([
      await readOverview(thief),
      await readContacts(thief),
      await readActivity(thief, undefined),
    ])
    for (const secret of [owner.email, owner.mobile, owner.acctNumber]) expect(seen).not.toContain(secret)
  },

  'download-data': async (_owner, thief) => {
    expect(await readOwnData(thief)).toEqual(refused)
  },

  'change-contact': async (owner, thief) => {
    for (const kind of ['email', 'mobile'] as const)
      expect(await requestChange(thief, kind, people.another(kind))).toEqual(refused)
    expect(await people.contactsOf(owner)).toEqual([owner.email, owner.mobile])
  },

  'enter-change-code': async (owner, thief) => {
    const session = await people.strong(owner)
    const address = people.another('email')
    await requestChange(session, 'email', address)
    await at.deliver()
    const code = people.codeTo('email', address)
    for (let times = 0; times < codePolicy['contact-change'].attempts; times++)
      expect(await confirmChange(thief, 'email', otherThan(code))).toEqual(refused)
    at.advance(codePolicy['contact-change'].resendAfter / 1000)
    expect(await resendChangeCode(thief, 'email')).toBe(refused.kind)
    expect(await confirmChange(session, 'email', code)).toMatchObject({ kind: 'confirmed' })
  },

  'cancel-change': async (owner, thief) => {
    const number = await people.change(await people.strong(owner), 'mobile')
    expect(await cancelChange(thief, 'mobile')).toBe(refused.kind)
    at.advance(12 * 24 * 3600)
    expect(await people.contactsOf(owner)).toContain(number)
  },

  'confirm-contact': async (owner, thief) => {
    await at.sql`update contacts set provisional_since = effective_at
      where cardholder_id = ${owner.cardholderId} and kind = 'email'`
    expect(await confirmRegistered(thief, 'email')).toEqual(refused)
    // The number is older than the address.
    expect(await confirmRegistered(await people.strong(owner), 'email')).toEqual({ kind: 'confirmed' })
  },

  'stop-mobile': async (owner, thief) => {
    expect(await stopMobile(thief)).toEqual({ kind: 'stopped' })
    await at.deliver()
    // The stopped number itself receives a code to report it.
    const code = people.reportCodeTo(owner.mobile)
    expect(code).not.toBe('')
    expect(await people.codesFor(owner, smaller)).toEqual([owner.email])
    const { restriction } = await readContacts(thief)
    expect(restriction).toEqual({ kind: 'number-stopped', until: expect.any(Number), hasNumber: false })
    const until = restriction?.until ?? 0
    expect((await readActivity(thief, undefined)).entries).toContainEqual(
      expect.objectContaining({ kind: 'stop', until, masked: expect.stringMatching(/^•/) }),
    )
    expect(await people.codesFor(owner, larger)).toBe('N')
    at.advance((until - now()) / 1000 - 60)
    expect(await people.codesFor(owner, larger)).toBe('N')
    at.advance(60)
    expect(await people.codesFor(owner, larger)).toEqual([owner.email])
    // Once the stop is reported, all payments stay blocked, even after the restriction would have ended.
    expect(await reportByLink(code, randomUUID())).toEqual({ kind: 'reported' })
    hours(100 * 24)
    expect(await people.codesFor(owner, larger)).toBe('N')
    expect(await people.codesFor(owner, smaller)).toBe('N')
    // Without an e-mail address on file, a stop leaves no contact, and the transaction is not answered with A
    // (attempt).
    const alone = await people.person({ email: false })
    await stopMobile(await people.weak(alone))
    hours(48)
    expect(await people.codesFor(alone, larger)).toBe('N')
  },

  'resolve-report': async (_owner, thief) => {
    expect(await resolveOwnReport(thief, 'was-me')).toEqual(refused)
    expect(await resolveOwnReport(thief, 'dealt-with')).toEqual(refused)
  },

  'report-entry': async (owner, thief) => {
    // What the owner added some time ago stays. What the owner added recently is removed, which lifts no restriction.
    const kept = await people.addPasskey(owner)
    hours(4 * 24)
    await people.change(await people.strong(owner), 'mobile')
    hours(6 * 24)
    expect(await reportActivity(thief, 'sign-in', thief.sessionId)).toEqual({ kind: 'reported' })
    expect((await listPasskeys(thief)).map(({ id }) => id)).toEqual([kept])
    for (const later of [0, 24, 30 * 24]) {
      hours(later)
      expect(await people.codesFor(owner, larger)).toBe('N')
      expect(await people.codesFor(owner, smaller)).toBe('N')
    }
    // The owner's own change of long ago stays, and what the owner has had since proves who is right.
    const other = await people.person()
    const number = await people.change(await people.strong(other), 'mobile')
    hours(700 * 24)
    const since = now()
    hours(31 * 24)
    const [change] = await at.sql`select id from contact_changes where cardholder_id = ${other.cardholderId}`
    const looks = await people.weak(other)
    expect(await readReporting(looks, 'change', change?.id)).toMatchObject({ tooOld: true, reported: false })
    expect(await reportActivity(looks, 'change', change?.id)).toEqual({ kind: 'reported' })
    expect(await people.codesFor(other, larger)).toEqual([number])
    // With strong authentication it is stopped after all.
    const shows = await people.strong(other, since)
    expect(await readReporting(shows, 'change', change?.id)).toMatchObject({ tooOld: false, reported: false })
    expect(await reportActivity(shows, 'change', change?.id)).toEqual({ kind: 'reported' })
    expect(await people.contactsOf(other)).toEqual([other.email])
  },

  'report-by-notice': async (owner, thief) => {
    await transaction(tx => noticeNewDevice(tx, thief, { token: randomUUID(), name: 'Chrome, Windows' }))
    await at.deliver()
    expect(await reportByLink(people.linkTo(owner.email, 'サインイン'), randomUUID())).toEqual({ kind: 'reported' })
    expect(await people.codesFor(owner, larger)).toEqual([owner.mobile])
  },

  'send-test-code': async (owner, thief) => {
    for (let times = 0; times < contactPolicy.testsPerDay; times++) {
      expect(await sendTestCode(thief)).toEqual({ kind: 'sent' })
      at.advance(1)
    }
    expect(await sendTestCode(thief)).toMatchObject({ kind: 'limited' })
    await at.deliver()
    const who = visitor()
    expect(await confirmByCode(who, thief, people.codeTo('mobile', owner.mobile ?? ''))).toEqual({ kind: 'unknown' })
  },

  'step-up': async (owner, thief) => {
    const before = people.mailsTo(owner.email).length
    const who = visitor()
    for (let times = 0; times < accountPolicy.limits.codesByOne.most; times++)
      expect(await sendConfirmingCode(who, thief)).toEqual({ kind: 'sent' })
    expect(await sendConfirmingCode(who, thief)).toMatchObject({ kind: 'limited' })
    await at.deliver()
    // The code goes by text message only, never to the mailbox.
    expect(people.mailsTo(owner.email)).toHaveLength(before)
    const wrong = otherThan(people.codeTo('mobile', owner.mobile ?? ''))
    for (let left = codePolicy.confirmation.attempts - 1; left >= 0; left--)
      expect((await confirmByCode(who, thief, wrong)).kind).toBe(left > 0 ? 'code-wrong' : 'attempts-spent')

    // However many sessions the thief opens, the owner's established browser keeps a budget of its own.
    await transaction(tx => noticeNewDevice(tx, thief, device))
    at.advance(accountPolicy.deviceEstablishedAfter / 1000 + 1)
    const another = { token: randomUUID(), name: 'Chrome, Windows' }
    await transaction(tx => noticeNewDevice(tx, thief, another))
    const { codesByOne, codesToAddress } = accountPolicy.limits
    const thiefs: (readonly [ReturnType<typeof visitor>, Actor])[] = []
    while (thiefs.length * codesByOne.most < codesToAddress.most) {
      const [there, session] = [{ ...visitor(), device: another.token }, await people.weak(owner)] as const
      for (let times = 0; times < codesByOne.most; times++)
        expect(await sendConfirmingCode(there, session)).toEqual({ kind: 'sent' })
      thiefs.push([there, session])
    }
    expect(await sendConfirmingCode({ ...visitor(), device: another.token }, await people.weak(owner))).toMatchObject({
      kind: 'limited',
    })
    for (const [there, session] of thiefs)
      for (let tries = 0; tries < codePolicy.confirmation.attempts; tries++)
        await confirmByCode(there, session, '000000')
    await at.deliver()
    const own = { ...visitor(), device: device.token }
    const session = await people.weak(owner)
    expect(await sendConfirmingCode(own, session)).toEqual({ kind: 'sent' })
    await at.deliver()
    const code = people.codeTo('mobile', owner.mobile ?? '')
    expect(await confirmByCode(own, session, code)).toMatchObject({ kind: 'fresh' })
  },

  'add-passkey': async (_owner, thief) => {
    expect(await startRegistering(visitor(), thief)).toEqual(refused)
    expect(await finishRegistering(visitor(), thief, device, '{"id":"a"}')).toEqual(refused)
  },

  'remove-passkey': async (owner, thief) => {
    expect(await removePasskey(thief, await people.addPasskey(owner))).toEqual(refused)
  },

  'rename-passkey-or-device': async (owner, thief) => {
    expect(await renamePasskey(thief, await people.addPasskey(owner), 'Mine')).toEqual({ kind: 'done' })
    const id = await addDevice(owner)
    expect(await renameApprovalDevice(thief, id, 'Call 03-0000-0000 http://evil.example')).toEqual({ kind: 'done' })
    await removeApprovalDevice(thief, id)
    await at.deliver()
    const told = people.textsTo(owner.mobile).at(-1) ?? ''
    expect(told).toContain('承認用の端末')
    expect(told).not.toMatch(/0000|evil/)
  },

  'add-device': async (_owner, thief) => {
    expect(await beginPairing(thief)).toEqual(refused)
  },

  'remove-device': async (owner, thief) => {
    const id = await addDevice(owner)
    const before = await people.codesFor(owner, larger)
    expect(await removeApprovalDevice(thief, id)).toEqual({ kind: 'done' })
    expect(await listApprovalDevices(thief)).toEqual([])
    expect(await people.codesFor(owner, larger)).toEqual(before)
    expect(people.reportCodeTo(owner.mobile)).not.toBe('')
  },

  'trust-merchant': async (_owner, thief) => {
    expect(await trustMerchantOf(thief, randomUUID())).toEqual(refused)
  },

  'distrust-merchant': async (owner, thief) => {
    const id = randomUUID()
    await at.sql`insert into trusted_merchants (id, cardholder_id, directory_server, acquirer_bin, acquirer_merchant_id,
      merchant_name, trusted_at) values (${id}, ${owner.cardholderId}, 'first', '1', '2', 'Shop', ${now()})`
    const before = await people.codesFor(owner, larger)
    expect(await distrustMerchant(thief, id)).toEqual({ kind: 'done' })
    expect(await people.codesFor(owner, larger)).toEqual(before)
  },

  'answer-payment': async (_owner, thief) => {
    for (const answer of ['approved', 'declined'] as const)
      expect(await answerPayment(thief, randomUUID(), answer)).toEqual(refused)
  },

  'answer-request': async (_owner, thief) => {
    // Requests are listed to a device's cookie or key alone; a session can register no device.
    expect(await registerDevice(visitor(), thief, { name: '', earlier: undefined }, '{}')).toEqual(refused)
    expect(await deviceOfCookie(thief.sessionId)).toBeUndefined()
  },

  'confirm-refused-payment': async (_owner, thief) => {
    expect(await confirmRefused(thief, randomUUID())).toEqual(refused)
  },

  'unlock-codes': async (_owner, thief) => {
    expect(await unlockCodesOf(thief, '0005')).toEqual(refused)
  },

  'change-settings': async (owner, thief) => {
    expect(await chooseLanguage(thief, 'en')).toEqual(refused)
    expect(await choosePersonalMessage(thief, 'false')).toEqual(refused)
    expect(await choosePersonalMessage(thief, undefined)).toEqual(refused)
    expect(await choosePreferredMethod(thief, 'account')).toEqual(refused)
    await stopMobile(thief)
    await at.deliver()
    expect(people.textsTo(owner.mobile).at(-1)).toContain('認証コードの送信を止めました')
  },

  'end-sessions': async (owner, thief) => {
    await people.strong(owner)
    await endOtherSessions(thief)
    expect(await listSessions(thief)).toHaveLength(1)
    // The owner can sign in again as before.
    const back = await people.strong(owner)
    expect(await requestChange(back, 'email', people.another('email'))).toEqual({ kind: 'sent' })
  },

  'close-account': async (_owner, thief) => {
    expect(await closeAccount(thief, undefined)).toEqual(refused)
  },

  enrol: async () => {
    expect(await beginEnrolment(visitor(), 'ABCDE-FGHJK')).toEqual({ kind: 'code-unknown' })
  },
}

describe('a session by e-mail code', () => {
  test.each(Object.entries(rows))('%s', async (_name, tried) => {
    const owner = await people.person()
    await tried(owner, await people.weak(owner))
  })
})

describe('the table in docs/journeys.md', () => {
  const [, table = ''] = /<!-- mailbox session:[^\n]*-->([\s\S]*)<!-- end of mailbox session -->/.exec(
    readFileSync('docs/journeys.md', 'utf8'),
  ) ?? ['', '']
  const lines = table.trim().split('\n').slice(2)
  const column = (index: number) => lines.map(line => line.split('|')[index]?.trim() ?? '')

  test('has a row for every operation tested here', () => {
    expect(column(1)).toEqual(Object.keys(rows))
  })

  test('names every action and route of the account', () => {
    const folder = 'app/[locale]/account'
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    const actions = files
      .filter(file => file.endsWith('actions.ts'))
      .flatMap(file => {
        const names = readFileSync(join(folder, file), 'utf8').matchAll(/^export async function (\w+)/gm)
        return [...names].map(([, name = '']) => join(file, '..', name))
      })
    const routes = files.filter(file => file.endsWith('route.ts')).map(file => relative('.', join(file, '..')))
    // Actions and routes before the sign-in: by an address, a letter, or at the identity provider.
    const before = /^(enrol|sign-in|identity-provider)\//
    const named = [...table.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
    expect([...actions, ...routes].filter(name => !before.test(name) && !named.includes(name))).toEqual([])
  })
})
