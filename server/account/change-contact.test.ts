import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { decryptEffectiveContacts } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { cardNumber } from '../testing/cards.ts'
import { type Deployment, otherThan, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import type { Actor } from './actor.ts'
import { cancelChange, confirmChange, requestChange, resendChangeCode, stopMobile } from './change-contact.ts'
import { readContacts, typedContact } from './read-contacts.ts'
import { reportActivity } from './report-activity.ts'
import { readReport, reportByLink } from './report-change.ts'
import { resolveOwnReport } from './resolve-report.ts'
import { openSession, resumeSession, strengthen } from './sessions.ts'

const policy = codePolicy['contact-change']
let at: Deployment
const gateway = new SmsGatewayDouble()
let people = 0

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings())
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})
beforeEach(() => untilTokyo('2027-06-07T10:00:00', people))

const day = 24 * 60 * 60
/** Sets the clock to a time of day in Tokyo some weeks ahead: a plain Monday when `weeks` is whole. */
function untilTokyo(date: string, weeks = 0): void {
  const wanted = Date.parse(`${date}+09:00`) + weeks * 7 * day * 1000
  if (wanted > now()) at.advance((wanted - now()) / 1000)
}

/** The network of a caller, a new one for each call. */
const network = () => crypto.randomUUID()

interface Person {
  readonly actor: Actor
  readonly acctNumber: string
  readonly email: string
  readonly mobile: string
}

/** A cardholder with a card, both contacts, and a session with a recent strong authentication. */
async function person(): Promise<Person> {
  people += 1
  const ref = `person-${people}`
  const [email, mobile] = [`${ref}@cardholder.example`, `+8180${String(10_000_000 + people)}`]
  const acctNumber = cardNumber(people)
  const line = { cardNumber: acctNumber, expiry: '2036-12', status: 'active', language: 'ja', names: {} }
  await at.importList([{ ...line, cardholderId: ref, email, mobile }])
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  const cardholderId = String(row?.id)
  return { actor: await sessionOf(cardholderId), acctNumber, email, mobile }
}

async function sessionOf(cardholderId: string): Promise<Actor> {
  const session = { cardholderId, method: 'passkey', device: 'a browser', proofSince: 0 } as const
  const token = await transaction(tx => openSession(tx, session))
  const actor = await resumeSession(token)
  if (!actor) throw new Error('no session')
  return actor
}

/** The actor after another strong authentication. */
async function fresh(actor: Actor): Promise<Actor> {
  const session = await sessionOf(actor.cardholderId)
  await transaction(tx => strengthen(tx, session, 0))
  return { ...session, strongAt: now() }
}

const effective = async ({ actor }: Person) => {
  const contacts = await transaction(tx => decryptEffectiveContacts(tx, actor.cardholderId, now()))
  return Object.fromEntries(contacts.map(({ channel, to }) => [channel, to]))
}
const mailsTo = (address: string) =>
  at.mailbox.mails.filter(({ to }) => [to].flat().some(one => one?.text === address)).map(({ text }) => text ?? '')
const textsTo = (number: string) => gateway.taken.filter(({ to }) => to === number).map(({ text }) => text)
const codeIn = (text = '') => /(?<![\w-])\d{6}(?![\w-])/.exec(text)?.[0] ?? ''

async function changeEmail({ actor }: Person, value: string): Promise<void> {
  expect(await requestChange(await fresh(actor), 'email', value)).toEqual({ kind: 'sent' })
  await at.deliver()
  expect(await confirmChange(actor, 'email', codeIn(mailsTo(value).at(-1)))).toMatchObject({ kind: 'confirmed' })
  await at.deliver()
}

async function changeMobile({ actor }: Person, value: string): Promise<void> {
  expect(await requestChange(await fresh(actor), 'mobile', value)).toEqual({ kind: 'sent' })
  await at.deliver()
  expect(await confirmChange(actor, 'mobile', codeIn(textsTo(value).at(-1)))).toMatchObject({ kind: 'confirmed' })
  await at.deliver()
}

const linkIn = (mail = '') => /\/account\/report\/([0-9a-f]{32})/.exec(mail)?.[1] ?? ''

describe('a new e-mail address', () => {
  test('becomes effective when its code is entered, and the old contacts are notified', async () => {
    const someone = await person()
    const address = `new-${people}@cardholder.example`
    await requestChange(someone.actor, 'email', address)
    await at.deliver()
    expect(await effective(someone)).toMatchObject({ email: someone.email })
    await confirmChange(someone.actor, 'email', codeIn(mailsTo(address).at(-1)))
    expect(await effective(someone)).toEqual({ email: address, sms: someone.mobile })
    await at.deliver()
    expect(mailsTo(someone.email).at(-1)).toMatch(/n•••@•••\.example/)
    expect(linkIn(mailsTo(someone.email).at(-1))).not.toBe('')
    expect(textsTo(someone.mobile).at(-1)).toMatch(/n•••@•••\.example/)
    expect(textsTo(someone.mobile).at(-1)).not.toContain('http')
  })

  test('leaves payments’ codes to the mobile number for a day', async () => {
    const someone = await person()
    await changeEmail(someone, `new-${people}@cardholder.example`)
    const first = await at.window({ acctNumber: someone.acctNumber })
    expect(await at.outbox(first.acsTransID, 'email')).toEqual([])
    expect(await at.outbox(first.acsTransID, 'sms')).toHaveLength(1)
    at.advance(contactPolicy.newEmailRestricted / 1000)
    const second = await at.window({ acctNumber: someone.acctNumber })
    expect(await at.outbox(second.acsTransID, 'email')).toHaveLength(1)
  })

  test('may also belong to another cardholder, and nothing reveals it', async () => {
    const [one, other] = [await person(), await person()]
    expect(await requestChange(one.actor, 'email', other.email)).toEqual({ kind: 'sent' })
  })
})

describe('a new mobile number', () => {
  const monday = () => now()
  test('confirmed on a Monday is effective from Thursday 00:00 in Tokyo, to the millisecond, and the old one until then', async () => {
    const someone = await person()
    const number = `+8170${20_000_000 + people}`
    await changeMobile(someone, number)
    const { mobile } = await readContacts(someone.actor)
    const thursday = mobile.change?.effectiveAt ?? 0
    expect(new Date(thursday + 9 * 3600 * 1000).toISOString()).toMatch(/T00:00:00\.000Z$/)
    expect(Math.round((thursday - monday()) / 1000 / day)).toBe(3)
    expect(mobile).toMatchObject({ masked: expect.stringMatching(/^•/), change: { state: 'scheduled' } })
    at.advance((thursday - now()) / 1000 - 60)
    expect(await effective(someone)).toMatchObject({ sms: someone.mobile })
    const contactsAt = async (instant: number) =>
      (await transaction(tx => decryptEffectiveContacts(tx, someone.actor.cardholderId, instant))).map(({ to }) => to)
    expect(await contactsAt(thursday - 1)).toContain(someone.mobile)
    expect(await contactsAt(thursday)).toContain(number)
    expect(await contactsAt(thursday)).not.toContain(someone.mobile)
  })

  test('is notified to the old number and by e-mail, with the day on which it becomes effective', async () => {
    const someone = await person()
    await changeMobile(someone, `+8170${20_000_000 + people}`)
    expect(textsTo(someone.mobile).at(-1)).toMatch(/\d+月\d+日 00:00\(日本時間\)から/)
    expect(mailsTo(someone.email).at(-1)).toMatch(/\d+月\d+日 00:00\(日本時間\)から/)
  })

  test('can be cancelled until it is effective, and not afterwards', async () => {
    const someone = await person()
    await changeMobile(someone, `+8170${20_000_000 + people}`)
    expect(await cancelChange(someone.actor, 'mobile')).toBe('ended')
    const texts = textsTo(someone.mobile).length
    expect(await cancelChange(someone.actor, 'mobile')).toBe('ended')
    await at.deliver()
    expect(textsTo(someone.mobile)).toHaveLength(texts)
    at.advance(10 * day)
    expect(await effective(someone)).toMatchObject({ sms: someone.mobile })
    expect(await cancelChange(await fresh(someone.actor), 'mobile')).toBe('nothing-to-do')
  })

  test('requested later replaces an earlier one once it is confirmed, and not before', async () => {
    const someone = await person()
    const [first, second] = [`+8170${20_000_000 + people}`, `+8170${30_000_000 + people}`]
    await changeMobile(someone, first)
    await requestChange(await fresh(someone.actor), 'mobile', second)
    at.advance(10 * day)
    expect(await effective(someone)).toMatchObject({ sms: first })
    await changeMobile(someone, second)
    at.advance(10 * day)
    expect(await effective(someone)).toMatchObject({ sms: second })
  })

  test('becomes effective on its day while a stopped old number gets no codes from the moment it is stopped', async () => {
    const someone = await person()
    const number = `+8170${20_000_000 + people}`
    await changeMobile(someone, number)
    expect(await stopMobile(someone.actor)).toEqual({ kind: 'stopped' })
    expect(await effective(someone)).toEqual({ email: someone.email })
    at.advance(10 * day)
    expect(await effective(someone)).toMatchObject({ sms: number })
  })
})

describe('a change needs', () => {
  test('strong authentication within the last five minutes, which an e-mail code is not', async () => {
    const { actor } = await person()
    const weak = { ...actor, strongAt: undefined }
    expect(await requestChange(weak, 'email', 'a@b.example')).toEqual({ kind: 'stronger-authentication-needed' })
    at.advance(300)
    expect(await requestChange(actor, 'email', 'a@b.example')).toEqual({ kind: 'stronger-authentication-needed' })
  })

  test('the code that went to the new contact: five attempts, then a new request', async () => {
    const someone = await person()
    const address = `new-${people}@cardholder.example`
    await requestChange(someone.actor, 'email', address)
    await at.deliver()
    const code = codeIn(mailsTo(address).at(-1))
    for (let left = policy.attempts - 1; left > 0; left--) {
      expect(await confirmChange(someone.actor, 'email', otherThan(code))).toEqual({
        kind: 'code-wrong',
        attemptsLeft: left,
      })
    }
    expect(await confirmChange(someone.actor, 'email', otherThan(code))).toMatchObject({ kind: 'attempts-spent' })
    expect(await confirmChange(someone.actor, 'email', code)).toMatchObject({ kind: 'nothing-to-do' })
    expect(await effective(someone)).toMatchObject({ email: someone.email })
  })

  test('the newest code within ten minutes, resent at least thirty seconds apart and at most five times', async () => {
    const someone = await person()
    const address = `new-${people}@cardholder.example`
    await requestChange(someone.actor, 'email', address)
    await at.deliver()
    const first = codeIn(mailsTo(address).at(-1))
    expect(await resendChangeCode(someone.actor, 'email')).toBe('resend-too-soon')
    at.advance(policy.lifetime / 1000)
    expect(await confirmChange(someone.actor, 'email', first)).toMatchObject({ kind: 'code-expired' })
    expect(await resendChangeCode(someone.actor, 'email')).toBe('sent')
    await at.deliver()
    const second = codeIn(mailsTo(address).at(-1))
    expect(second).not.toBe(first)
    expect(await confirmChange(someone.actor, 'email', second)).toMatchObject({ kind: 'confirmed' })
  })

  test('the newest code, and an earlier one is answered as such and costs no attempt the first time', async () => {
    const someone = await person()
    const address = `new-${people}@cardholder.example`
    await requestChange(someone.actor, 'email', address)
    await at.deliver()
    const first = codeIn(mailsTo(address).at(-1))
    at.advance(policy.resendAfter / 1000)
    await resendChangeCode(someone.actor, 'email')
    await at.deliver()
    expect(await confirmChange(someone.actor, 'email', first)).toMatchObject({ kind: 'code-earlier' })
    const wrong = otherThan(first)
    expect(await confirmChange(someone.actor, 'email', wrong)).toMatchObject({ kind: 'code-wrong', attemptsLeft: 4 })
    expect(await confirmChange(someone.actor, 'email', first)).toMatchObject({ kind: 'code-earlier' })
    expect(await confirmChange(someone.actor, 'email', wrong)).toMatchObject({ kind: 'code-wrong', attemptsLeft: 2 })
    const newest = codeIn(mailsTo(address).at(-1))
    expect(await confirmChange(someone.actor, 'email', newest)).toMatchObject({ kind: 'confirmed' })
  })

  test('an address that its mail server accepts: a refused one is reported as such and can be replaced', async () => {
    const someone = await person()
    const delivery = async () => (await readContacts(someone.actor)).email.change?.delivery
    const refused = `refused-${people}@cardholder.example`
    await requestChange(someone.actor, 'email', refused)
    expect(await delivery()).toBe('queued')
    at.mailbox.refusal = 550
    await at.deliver()
    at.mailbox.refusal = undefined
    expect(await delivery()).toBe('failed')
    expect(await typedContact(someone.actor, 'email')).toBe(refused)
    at.advance(policy.resendAfter / 1000)
    expect(await resendChangeCode(someone.actor, 'email')).toBe('sent')
    expect(await delivery()).toBe('queued')
    await at.deliver()
    expect(await delivery()).toBe('handed-over')
    await changeEmail(someone, `right-${people}@cardholder.example`)
  })

  test('fewer than ten requests on the same day', async () => {
    const someone = await person()
    for (let n = 0; n < contactPolicy.changesPerDay; n++) {
      expect(await requestChange(someone.actor, 'email', `n${n}@b.example`)).toEqual({ kind: 'sent' })
    }
    expect(await requestChange(someone.actor, 'email', 'more@b.example')).toMatchObject({ kind: 'limited' })
  })

  test('a contact other than the effective one', async () => {
    const someone = await person()
    expect(await requestChange(someone.actor, 'mobile', someone.mobile)).toEqual({ kind: 'unchanged' })
  })
})

describe('when requests arrive concurrently', () => {
  test('the right code makes one contact effective', async () => {
    const someone = await person()
    const address = `new-${people}@cardholder.example`
    await requestChange(someone.actor, 'email', address)
    await at.deliver()
    const code = codeIn(mailsTo(address).at(-1))
    const before = mailsTo(someone.email).length
    const answers = await Promise.all([1, 2, 3, 4].map(() => confirmChange(someone.actor, 'email', code)))
    expect(answers.map(({ kind }) => kind)).toEqual(Array(4).fill('confirmed'))
    await at.deliver()
    expect(mailsTo(someone.email)).toHaveLength(before + 1)
    const rows =
      await at.sql`select 1 from contacts where cardholder_id = ${someone.actor.cardholderId} and kind = 'email'`
    expect(rows).toHaveLength(2)
  })

  test('a hundred wrong codes use five attempts', async () => {
    const someone = await person()
    const address = `new-${people}@cardholder.example`
    await requestChange(someone.actor, 'email', address)
    await at.deliver()
    const code = codeIn(mailsTo(address).at(-1))
    const wrong = otherThan(code)
    const answers = await Promise.all(Array.from({ length: 100 }, () => confirmChange(someone.actor, 'email', wrong)))
    expect(answers.filter(({ kind }) => kind !== 'nothing-to-do')).toHaveLength(policy.attempts)
    expect(await confirmChange(someone.actor, 'email', code)).toMatchObject({ kind: 'nothing-to-do' })
  })

  test('two requests leave one change open', async () => {
    const someone = await person()
    await Promise.all(['a@b.example', 'b@b.example'].map(to => requestChange(someone.actor, 'email', to)))
    const rows =
      await at.sql`select 1 from contact_changes where cardholder_id = ${someone.actor.cardholderId} and state = 'asking'`
    expect(rows).toHaveLength(1)
  })

  test.each(['report', 'cancel'] as const)(
    'a %s and the confirmation of a new number: in either order, what is reported or cancelled never takes effect',
    async action => {
      const someone = await person()
      const [first, second] = [`+8170${20_000_000 + people}`, `+8170${30_000_000 + people}`]
      await changeMobile(someone, first)
      const token = linkIn(mailsTo(someone.email).at(-1))
      await requestChange(await fresh(someone.actor), 'mobile', second)
      await at.deliver()
      const code = codeIn(textsTo(second).at(-1))
      await Promise.all([
        confirmChange(someone.actor, 'mobile', code),
        action === 'report' ? reportByLink(token, network()) : cancelChange(someone.actor, 'mobile'),
      ])
      at.advance(10 * day)
      expect(Object.values(await effective(someone))).not.toContain(first)
    },
  )
})

describe('"this was not me"', () => {
  test('about an effective address stops codes to it, does not restore the old one, ends sessions and notifies the issuer', async () => {
    const someone = await person()
    const address = `new-${people}@cardholder.example`
    await changeEmail(someone, address)
    const token = linkIn(mailsTo(someone.email).at(-1))
    expect(await readReport(token, network())).toMatchObject({
      kind: 'open',
      contact: 'email',
      masked: 'n•••@•••.example',
    })
    expect(await effective(someone)).toMatchObject({ email: address })
    expect(await reportByLink(token, network())).toEqual({ kind: 'reported' })
    expect(await effective(someone)).toEqual({ sms: someone.mobile })
    const open =
      await at.sql`select 1 from sessions where cardholder_id = ${someone.actor.cardholderId} and ended_at is null`
    expect(open).toEqual([])
    await at.deliver()
    expect(mailsTo('security@issuer.example').at(-1)).toContain(`person-${people}`)
    expect(textsTo(someone.mobile).at(-1)).toContain('連絡先の変更を止め')
  })

  test('is accepted once, within 72 hours, for one change only', async () => {
    const someone = await person()
    await changeEmail(someone, `a-${people}@cardholder.example`)
    const first = linkIn(mailsTo(someone.email).at(-1))
    expect(await reportByLink(first, network())).toEqual({ kind: 'reported' })
    expect([await reportByLink(first, network()), await readReport(first, network())]).toEqual([
      { kind: 'unknown' },
      { kind: 'used' },
    ])
    const other = await person()
    await changeEmail(other, `b-${people}@cardholder.example`)
    const second = linkIn(mailsTo(other.email).at(-1))
    at.advance(codePolicy.report.lifetime / 1000)
    expect([await readReport(second, network()), await reportByLink(second, network())]).toEqual([
      { kind: 'unknown' },
      { kind: 'unknown' },
    ])
  })

  test.each(['', 'x', '0'.repeat(32), '../..', 'a'.repeat(5000)])(
    'is unknown with a made-up link (%j)',
    async token => {
      expect([await readReport(token, network()), await reportByLink(token, network())]).toEqual([
        { kind: 'unknown' },
        { kind: 'unknown' },
      ])
    },
  )

  test('is limited per network, whether the links are real or made up, and still works from another', async () => {
    const someone = await person()
    await changeEmail(someone, `a-${people}@cardholder.example`)
    const link = linkIn(mailsTo(someone.email).at(-1))
    const guesser = network()
    const guesses = Array.from({ length: accountPolicy.limits.reportsFromNetwork.most }, (_, index) =>
      reportByLink(index.toString(16).padStart(32, '0'), guesser),
    )
    expect(new Set((await Promise.all(guesses)).map(({ kind }) => kind))).toEqual(new Set(['unknown']))
    expect([await readReport(link, guesser), await reportByLink(link, guesser)]).toEqual([
      { kind: 'limited' },
      { kind: 'limited' },
    ])
    expect(await reportByLink(link, network())).toEqual({ kind: 'reported' })
  })

  test('is accepted once when submitted concurrently', async () => {
    const someone = await person()
    await changeEmail(someone, `a-${people}@cardholder.example`)
    const token = linkIn(mailsTo(someone.email).at(-1))
    const answers = await Promise.all([1, 2, 3].map(() => reportByLink(token, network())))
    expect(answers.filter(({ kind }) => kind === 'reported')).toHaveLength(1)
  })

  test('about a number that is not effective yet prevents it, and the old one stays effective', async () => {
    const someone = await person()
    await changeMobile(someone, `+8170${20_000_000 + people}`)
    await reportByLink(linkIn(mailsTo(someone.email).at(-1)), network())
    at.advance(10 * day)
    expect(await effective(someone)).toEqual({ email: someone.email, sms: someone.mobile })
  })

  test('makes payments use the mobile number only, until "this was me" after a strong authentication', async () => {
    const someone = await person()
    await changeMobile(someone, `+8170${20_000_000 + people}`)
    await reportByLink(linkIn(mailsTo(someone.email).at(-1)), network())
    const restricted = await at.window({ acctNumber: someone.acctNumber })
    expect(await at.outbox(restricted.acsTransID, 'email')).toEqual([])
    const back = await sessionOf(someone.actor.cardholderId)
    expect(await resolveOwnReport({ ...back, strongAt: undefined }, 'was-me')).toEqual({
      kind: 'stronger-authentication-needed',
    })
    expect(await resolveOwnReport(back, 'was-me')).toEqual({ kind: 'resolved' })
    const resolved = await at.window({ acctNumber: someone.acctNumber })
    expect(await at.outbox(resolved.acsTransID, 'email')).toHaveLength(1)
  })

  test('leaves a card without its only contact to N/12, not to the old address', async () => {
    const someone = await person()
    await changeEmail(someone, `a-${people}@cardholder.example`)
    await stopMobile(someone.actor)
    await reportByLink(linkIn(mailsTo(someone.email).at(-1)), network())
    expect(await at.areq({ acctNumber: someone.acctNumber })).toMatchObject({ transStatusReason: '12' })
  })

  test('from the page reaches one’s own changes only: another cardholder’s id is unknown', async () => {
    const [one, other] = [await person(), await person()]
    await changeEmail(one, `a-${people}@cardholder.example`)
    const [change] = (await readContacts(one.actor)).recent
    expect(await reportActivity(other.actor, 'change', change?.id ?? '')).toEqual({ kind: 'unknown' })
    expect(await reportActivity(one.actor, 'change', 'no-id')).toEqual({ kind: 'unknown' })
    expect(await reportActivity(one.actor, 'change', change?.id ?? '')).toEqual({ kind: 'reported' })
    expect(await resumeSessionOf(one.actor)).toBe(true)
  })
})

/** Whether a session is still open. */
async function resumeSessionOf({ sessionId }: Actor): Promise<boolean> {
  const rows = await at.sql`select 1 from sessions where id = ${sessionId} and ended_at is null`
  return rows.length === 1
}

test('no address, number or code of a change appears in a log or unencrypted in the database', async () => {
  const someone = await person()
  const [address, number] = [`planted-${people}@cardholder.example`, `+8170${20_000_000 + people}`]
  await changeEmail(someone, address)
  await changeMobile(someone, number)
  const everything = `${at.log.join('\n')}\n${await at.dump()}`
  expect([address, number, someone.email, someone.mobile].filter(planted => everything.includes(planted))).toEqual([])
})
