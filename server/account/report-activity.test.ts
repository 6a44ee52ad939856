import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { policy } from '#domain/challenge/policy.ts'
import { submitAnswer } from '../challenge/submit.ts'
import { showWindow } from '../challenge/view.ts'
import { now } from '../platform/clock.ts'
import { cards } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { receipt } from '../testing/directory-server.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { readActivity } from './activity.ts'
import type { Actor } from './actor.ts'
import { confirmChange, requestChange } from './change-contact.ts'
import { listPasskeys } from './passkeys.ts'
import { choosePersonalMessage, choosePreferredMethod } from './preferences.ts'
import { readContacts } from './read-contacts.ts'
import { reportActivity } from './report-activity.ts'
import { readReport, reportByLink } from './report-change.ts'
import { resolveOwnReport } from './resolve-report.ts'
import { openSession, resumeSession, type SessionToken } from './sessions.ts'
import { noticeNewDevice } from './visitor.ts'

let at: Deployment
const sms = new SmsGatewayDouble()

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})
beforeEach(async () => {
  at.advance(policy.limits.sendsByOne.window / 1000)
  at.directoryServer.react = receipt()
  await at.sql`update cardholders set report_open_since = null, disputed_since = null`
  await at.sql`delete from tallies`
  // Deliver what earlier tests queued.
  await at.deliver()
})

async function signedIn(ref = 'hanako'): Promise<{ actor: Actor; token: SessionToken }> {
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  const session = {
    cardholderId: String(row?.id),
    method: 'passkey',
    device: 'a browser',
    proofSince: 0,
  } as const
  const token = await transaction(tx => openSession(tx, session))
  const actor = await resumeSession(token)
  if (!actor) throw new Error('no session')
  return { actor, token }
}

async function addPasskey({ cardholderId }: Actor): Promise<string> {
  const id = randomUUID()
  await at.sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
    values (${id}, ${cardholderId}, ${randomUUID()}, ${Buffer.from('key')}, 0, '[]', 'a', false, ${now()})`
  return id
}

/** Confirms a new number that is not effective yet. */
async function scheduleMobile(actor: Actor, number: string): Promise<void> {
  await requestChange(actor, 'mobile', number)
  await at.deliver()
  const code = sms.taken
    .filter(({ to }) => to === number)
    .flatMap(({ text }) => /(?<![\w-])\d{6}(?![\w-])/.exec(text ?? '') ?? [])
  expect(await confirmChange(actor, 'mobile', String(code.at(-1)))).toMatchObject({ kind: 'confirmed' })
}

const found = async (actor: Actor, kind: string) =>
  (await readActivity(actor, undefined)).entries.find(each => each.kind === kind)
const restricted = async (actor: Actor) => (await readContacts(actor)).restriction?.kind === 'report-open'
const issuerMails = () => at.mailbox.mails.filter(({ to }) => JSON.stringify(to).includes('security@issuer.example'))

describe('"this was not me" about a sign-in', () => {
  test('ends other sessions, later passkeys and pending changes, restricts payments, and notifies issuer and contacts', async () => {
    const { actor: owner, token: own } = await signedIn()
    const kept = await addPasskey(owner)
    at.advance(60)
    const stranger = await signedIn()
    await addPasskey(owner)
    await scheduleMobile(stranger.actor, '+818099990001')
    await at.deliver()
    const before = { issuer: issuerMails().length, texts: sms.taken.length }
    expect(await reportActivity(owner, 'sign-in', stranger.actor.sessionId)).toEqual({ kind: 'reported' })
    expect([await resumeSession(stranger.token), (await resumeSession(own))?.sessionId]).toEqual([
      undefined,
      owner.sessionId,
    ])
    expect((await listPasskeys(owner)).map(({ id }) => id)).toEqual([kept])
    expect((await readContacts(owner)).recent[0]).toMatchObject({ kind: 'mobile', outcome: 'reported' })
    expect(await restricted(owner)).toBe(true)
    await at.deliver()
    expect([issuerMails().length - before.issuer, sms.taken.length - before.texts]).toEqual([1, 1])
    const { entries } = await readActivity(owner, undefined)
    expect(
      entries
        .filter(({ reported }) => reported)
        .map(({ kind }) => kind)
        .sort(),
    ).toEqual(['change', 'sign-in'])
  })

  test('also ends the session that it is made in, if that is the one reported', async () => {
    const { actor, token } = await signedIn()
    expect(await reportActivity(actor, 'sign-in', actor.sessionId)).toEqual({ kind: 'reported' })
    expect(await resumeSession(token)).toBeUndefined()
  })

  test('made by the link of the notice also ends changes pending since', async () => {
    const { actor } = await signedIn()
    const device = { token: randomUUID(), name: 'Firefox, Linux' }
    await transaction(tx => noticeNewDevice(tx, actor, device))
    await scheduleMobile(actor, '+818099990002')
    await at.deliver()
    const links = at.mailbox.mails.flatMap(({ text }) => /account\/report\/([0-9a-f]{32})/.exec(text ?? '')?.[1] ?? [])
    for (const link of links) {
      if ((await readReport(link, randomUUID())).kind === 'open-identity') await reportByLink(link, randomUUID())
    }
    const { recent } = await readContacts(actor)
    expect(recent[0]).toMatchObject({ kind: 'mobile', outcome: 'reported' })
  })

  test('of long ago removes what is newer than three days, and what is older only after strong authentication', async () => {
    const { actor: early } = await signedIn()
    at.advance(60)
    const [old] = [await addPasskey(early)]
    at.advance(10 * 24 * 3600)
    const young = await addPasskey(early)
    const looks = { ...(await signedIn()).actor, strongAt: undefined }
    const theirs = async () => (await listPasskeys(looks)).map(({ id }) => id)
    expect(await reportActivity(looks, 'sign-in', early.sessionId)).toEqual({ kind: 'reported' })
    expect(await theirs()).toContain(old)
    expect(await theirs()).not.toContain(young)
    await at.sql`update sessions set reported_at = null where id = ${early.sessionId}`
    expect(await reportActivity({ ...looks, strongAt: now() }, 'sign-in', early.sessionId)).toEqual({
      kind: 'reported',
    })
    expect(await theirs()).not.toContain(old)
  })

  test('made repeatedly takes effect each time, and is notified a limited number of times', async () => {
    at.advance(24 * 3600)
    const { actor } = await signedIn()
    const others = await Promise.all(Array.from({ length: 9 }, () => signedIn()))
    const before = issuerMails().length
    for (const { actor: other } of others)
      expect(await reportActivity(actor, 'sign-in', other.sessionId)).toEqual({ kind: 'reported' })
    await at.deliver()
    expect(issuerMails().length - before).toBe(accountPolicy.limits.reportsTold.most)
    for (const { token } of others) expect(await resumeSession(token)).toBeUndefined()
    at.advance(24 * 3600)
  })

  test('ends a session, which can then neither resolve the report nor change anything', async () => {
    const { actor } = await signedIn()
    const { actor: other } = await signedIn()
    await reportActivity(other, 'sign-in', actor.sessionId)
    expect(await resolveOwnReport(actor, 'was-me')).toEqual({ kind: 'stronger-authentication-needed' })
    expect(await requestChange(actor, 'mobile', '+818077776666')).toEqual({ kind: 'stronger-authentication-needed' })
    expect(await choosePreferredMethod(actor, 'choose')).toEqual({ kind: 'stronger-authentication-needed' })
    expect(await choosePersonalMessage(actor, 'mine')).toEqual({ kind: 'stronger-authentication-needed' })
    expect(await restricted(other)).toBe(true)
  })

  test('made by the link of a superseded change ends the change that replaced it', async () => {
    const { actor: thief, token } = await signedIn()
    await scheduleMobile(thief, '+818055550001')
    const links = at.mailbox.mails.flatMap(({ text }) => /account\/report\/([0-9a-f]{32})/.exec(text ?? '')?.[1] ?? [])
    await at.deliver()
    const known = new Set(links)
    const fresh = at.mailbox.mails.flatMap(({ text }) => /account\/report\/([0-9a-f]{32})/.exec(text ?? '')?.[1] ?? [])
    const link = fresh.findLast(each => !known.has(each)) ?? fresh.at(-1) ?? ''
    at.advance(60)
    await scheduleMobile(thief, '+818055550002')
    expect(await reportByLink(link, randomUUID())).toEqual({ kind: 'reported' })
    expect(await resumeSession(token)).toBeUndefined()
    const { actor } = await signedIn()
    expect(await restricted(actor)).toBe(true)
    const waiting =
      await at.sql`select id from contact_changes where cardholder_id = ${actor.cardholderId} and state = 'confirmed' and effective_at > ${now()}`
    expect(waiting).toEqual([])
  })

  test('made by the code of the text message is accepted once, however it is typed, and an invalid code is unknown', async () => {
    const { actor, token } = await signedIn()
    await addPasskey(actor)
    const texts = sms.taken.length
    await scheduleMobile(actor, '+818055550009')
    await at.deliver()
    const code =
      sms.taken
        .slice(texts)
        .flatMap(({ text }) => /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(text) ?? [])
        .at(-1) ?? ''
    expect(code).not.toBe('')
    expect(JSON.stringify(await at.dump())).not.toContain(code.replace('-', ''))
    for (const none of ['00000-00000', `${code}0`, '', 'unknown'])
      expect([await readReport(none, randomUUID()), await reportByLink(none, randomUUID())]).toEqual([
        { kind: 'unknown' },
        { kind: 'unknown' },
      ])
    const typed = ` ${code.toLowerCase().replace('-', ' ')} `
    expect(await readReport(typed, randomUUID())).toMatchObject({ kind: 'open', contact: 'mobile' })
    expect(await resumeSession(token)).toBeDefined()
    expect(await reportByLink(typed, randomUUID())).toEqual({ kind: 'reported' })
    expect(await readReport(code, randomUUID())).toEqual({ kind: 'used' })
    expect(await reportByLink(code, randomUUID())).toEqual({ kind: 'unknown' })
    expect(await resumeSession(token)).toBeUndefined()
    expect(await restricted((await signedIn()).actor)).toBe(true)
  })

  test('made by the code of a sign-in notice also uses up its link', async () => {
    const { actor } = await signedIn()
    const texts = sms.taken.length
    await transaction(tx => noticeNewDevice(tx, actor, { token: randomUUID(), name: 'a browser' }))
    await at.deliver()
    const code =
      sms.taken
        .slice(texts)
        .flatMap(({ text }) => /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(text) ?? [])
        .at(-1) ?? ''
    const links = at.mailbox.mails.flatMap(({ text }) => /account\/report\/([0-9a-f]{32})/.exec(text ?? '')?.[1] ?? [])
    expect(await readReport(code, randomUUID())).toMatchObject({ kind: 'open-identity', event: 'new-device' })
    expect(await reportByLink(code, randomUUID())).toEqual({ kind: 'reported' })
    expect(await readReport(links.at(-1) ?? '', randomUUID())).toEqual({ kind: 'used-identity' })
    expect(await reportByLink(links.at(-1) ?? '', randomUUID())).toEqual({ kind: 'unknown' })
  })

  test('made twice, or concurrently, takes effect once', async () => {
    const { actor } = await signedIn()
    const stranger = await signedIn()
    await at.deliver()
    const mails = issuerMails().length
    const say = () => reportActivity(actor, 'sign-in', stranger.actor.sessionId)
    expect(await Promise.all([say(), say(), say()])).toEqual(Array(3).fill({ kind: 'reported' }))
    await resolveOwnReport(actor, 'dealt-with')
    expect(await say()).toEqual({ kind: 'reported' })
    expect(await restricted(actor)).toBe(false)
    await at.deliver()
    expect(issuerMails().length - mails).toBe(1)
  })
})

describe('"this was not me" about a payment', () => {
  test('fails it with R/11 while its window is open, and no code is accepted any more', async () => {
    const { windowKey, acsTransID, code } = await at.windowWithCode()
    const { actor, token } = await signedIn()
    expect(await reportActivity(actor, 'payment', acsTransID)).toEqual({ kind: 'reported' })
    expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
    expect(await showWindow(windowKey)).toMatchObject({ kind: 'ended', outcome: 'reported' })
    expect(at.directoryServer.rreqsOf(acsTransID)).toMatchObject([{ transStatus: 'R', transStatusReason: '11' }])
    expect(await found(actor, 'payment')).toMatchObject({ reported: true, outcome: 'reported' })
    expect([await restricted(actor), (await resumeSession(token)) !== undefined]).toEqual([true, true])
  })

  test('that has ended does not change it, and forgets the browsers in which the card was verified', async () => {
    const { windowKey, acsTransID, code } = await at.windowWithCode()
    await submitAnswer(windowKey, code)
    const [row] = await at.sql`select card_id from challenges where acs_trans_id = ${acsTransID}`
    await at.sql`insert into card_browsers (card_id, device_digest, seen_at) values (${row?.card_id}, ${Buffer.from('x')}, ${now()})`
    const { actor } = await signedIn()
    expect(await reportActivity(actor, 'payment', acsTransID)).toEqual({ kind: 'reported' })
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'ended', outcome: 'authenticated' })
    expect(await at.sql`select 1 from card_browsers where card_id = ${row?.card_id}`).toEqual([])
    expect(await restricted(actor)).toBe(true)
    await at.deliver()
    expect(issuerMails().at(-1)?.text).toContain(acsTransID)
  })
})

describe('a report is resolved', () => {
  test('after strong authentication, with notices; as dealt with, frozen contacts are not restored', async () => {
    const { actor } = await signedIn()
    await requestChange(actor, 'email', 'a-new-one@cardholder.example')
    await at.deliver()
    await confirmChange(actor, 'email', at.mailbox.code)
    const change = await found(actor, 'change')
    expect(await reportActivity(actor, 'change', change?.id ?? '')).toEqual({ kind: 'reported' })
    const frozen = async () => (await readContacts(actor)).email.frozen
    expect([await restricted(actor), await frozen()]).toEqual([true, true])
    const weak = { ...actor, strongAt: undefined }
    expect(await resolveOwnReport(weak, 'dealt-with')).toEqual({ kind: 'stronger-authentication-needed' })
    await at.deliver()
    const texts = sms.taken.length
    expect(await resolveOwnReport(actor, 'dealt-with')).toEqual({ kind: 'resolved' })
    const address = async () => (await readContacts(actor)).email.masked
    expect([await restricted(actor), await address()]).toEqual([false, undefined])
    await at.deliver()
    expect(sms.taken.length - texts).toBe(1)
    // Resolving a later, different report as "was me" does not restore that address.
    await at.sql`update cardholders set report_open_since = ${now()} where id = ${actor.cardholderId}`
    expect(await resolveOwnReport(actor, 'was-me')).toEqual({ kind: 'resolved' })
    expect([await restricted(actor), await address()]).toEqual([false, undefined])
  })

  test('as “was me”, so frozen contacts are effective again', async () => {
    const { actor } = await signedIn()
    await requestChange(actor, 'email', 'another-new-one@cardholder.example')
    await at.deliver()
    await confirmChange(actor, 'email', at.mailbox.code)
    const change = await found(actor, 'change')
    expect(await reportActivity(actor, 'change', change?.id ?? '')).toEqual({ kind: 'reported' })
    expect((await readContacts(actor)).email).toMatchObject({ frozen: true })
    expect(await resolveOwnReport(actor, 'was-me')).toEqual({ kind: 'resolved' })
    expect((await readContacts(actor)).email).toMatchObject({ frozen: false, masked: expect.any(String) })
  })
})

describe('an entry that belongs to another cardholder or does not exist', () => {
  test('is unknown, and nothing happens', async () => {
    const { actor } = await signedIn()
    const { acsTransID } = await at.window({ acctNumber: cards.alex })
    const other = await signedIn('alex')
    await requestChange(other.actor, 'email', 'b-new-one@cardholder.example')
    const change = await found(other.actor, 'change')
    const tried = [
      await reportActivity(actor, 'sign-in', other.actor.sessionId),
      await reportActivity(actor, 'payment', acsTransID),
      await reportActivity(actor, 'change', change?.id ?? ''),
      // An id that exists, but of another kind.
      await reportActivity(actor, 'payment', actor.sessionId),
      await reportActivity(actor, 'nothing', actor.sessionId),
      await reportActivity(actor, 'constructor', actor.sessionId),
      ...(await Promise.all(
        ['', 'x', "'; drop table sessions", randomUUID()].map(id => reportActivity(actor, 'change', id)),
      )),
    ]
    expect(new Set(tried.map(({ kind }) => kind))).toEqual(new Set(['unknown']))
    expect(await resumeSession(other.token)).toBeDefined()
    expect([await restricted(actor), await restricted(other.actor)]).toEqual([false, false])
    expect(await at.challenge(acsTransID)).toMatchObject({ state: 'asking' })
  })
})
