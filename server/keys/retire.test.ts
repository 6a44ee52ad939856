import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { allFingerprints } from '#db/queries/key-fingerprints.ts'
import { until } from '#db/testing/until.ts'
import { policy } from '#domain/challenge/policy.ts'
import { tellIssuer } from '../account/lock-down.ts'
import { personalMessageContext } from '../account/personal-message.ts'
import { signInContext, signInHmacs } from '../account/sign-in-address.ts'
import { now } from '../platform/clock.ts'
import { keyVariable, type Purpose, purposes } from '../platform/key-ring.ts'
import { contactContext, contactHmacs, keys, namesContext } from '../platform/keys.ts'
import { cardList } from '../testing/cards.ts'
import { type Deployment, freshKey, startDeployment } from '../testing/deployment.ts'
import { checkKeys } from './fingerprints.ts'
import { endOf } from './lifetimes.ts'
import { retireKeys } from './retire.ts'

let at: Deployment
let owner: string
let fresh: Record<string, string>

const day = 24 * 3600
const email = 'Owner@Cardholder.example'
/** Purposes whose HMACs are made of data that we do not store. */
const fromTheList: readonly Purpose[] = ['card-lookup', 'proof-fact']

beforeEach(async () => {
  at = await startDeployment()
  await checkKeys()
  const [row] = await at.sql`select id from cardholders order by id limit 1`
  owner = row?.id
  const [hmac] = await signInHmacs(email)
  await at.sql`insert into accounts ${at.sql({
    cardholder_id: owner,
    sign_in_email: await keys().encrypt('contact', email, signInContext(owner)),
    sign_in_hmac: hmac?.hmac ?? null,
    sign_in_key_id: hmac?.keyId ?? null,
    user_handle: randomUUID(),
    terms_version: '2026-11-01',
    terms_accepted_at: now(),
    enrolled_at: now(),
  })}`
  await at.sql`insert into preferences ${at.sql({
    cardholder_id: owner,
    personal_message: await keys().encrypt('contact', 'hello', personalMessageContext(owner)),
    updated_at: now(),
  })}`
  await at.sql`insert into contact_changes ${at.sql({
    id: randomUUID(),
    cardholder_id: owner,
    kind: 'email',
    state: 'confirmed',
    value: await keys().encrypt('contact', 'new@cardholder.example', contactContext(owner, 'email')),
    masked: 'n**@cardholder.example',
    attempts: 0,
    sends: 1,
    code_expires_at: now(),
    last_sent_at: now(),
    requested_at: now(),
    expires_at: now(),
  })}`
  fresh = Object.fromEntries(purposes.map(purpose => [keyVariable(purpose), freshKey(2)]))
})
afterEach(() => at.stop())

/** Puts the new keys before those that the deployment began with. */
function rotate(): void {
  at.configure(Object.fromEntries(Object.entries(fresh).map(([name, key]) => [name, `${key},${at.setting(name)}`])))
}

/** The number of values in the database, without canaries, that are encrypted under a key. */
async function encryptedUnder(keyId: number): Promise<number> {
  const canaries = await at.sql`select from key_fingerprints where fingerprint like ${`1.${keyId}.%`}`
  const values = (await at.dump()).match(new RegExp(String.raw`(?<![\w.])1\.${keyId}\.[\w-]{16}\.`, 'g'))
  return (values?.length ?? 0) - canaries.length
}
const ignored = () => {}

/** Every contact, decrypted, and whether its HMAC finds it. */
async function readContacts() {
  const rows = await at.sql`select cardholder_id, kind, value, value_hmac from contacts order by id`
  return Promise.all(
    rows.map(async ({ cardholder_id, kind, value, value_hmac }) => {
      const text = await keys().decrypt('contact', value, contactContext(cardholder_id, kind))
      const [hmac] = await contactHmacs(kind, text)
      return { text, found: hmac?.hmac.equals(value_hmac) }
    }),
  )
}

test('renews everything permanent, so that the new keys alone can read and find it', async () => {
  const before = (await readContacts()).map(({ text }) => text)
  rotate()
  await checkKeys()
  const counts = new Map<string, number>()
  const old = await retireKeys(({ place, renewed }) => counts.set(place, renewed))
  expect(Object.fromEntries(counts)).toMatchObject({ accounts: 1, preferences: 1, contactChanges: 1 })
  expect([counts.get('cardholders'), counts.get('contacts')]).toEqual([
    (await at.sql`select from cardholders`).length,
    before.length,
  ])
  expect(old.filter(({ kind }) => kind === 'needed').map(({ purpose }) => purpose)).toEqual(fromTheList)

  at.configure(fresh)
  expect(await readContacts()).toEqual(before.map(text => ({ text, found: true })))
  const [account] = await at.sql`select sign_in_email, sign_in_hmac, sign_in_key_id from accounts`
  expect(await keys().decrypt('contact', account?.sign_in_email, signInContext(owner))).toBe(email)
  expect([(await signInHmacs(email))[0]?.hmac.equals(account?.sign_in_hmac), account?.sign_in_key_id]).toEqual([
    true,
    2,
  ])
  const [preference] = await at.sql`select personal_message from preferences`
  expect(await keys().decrypt('contact', preference?.personal_message, personalMessageContext(owner))).toBe('hello')
  for (const { id, names } of await at.sql`select id, names from cardholders`)
    expect(await keys().decrypt('contact', names, namesContext(id))).toMatch(/^\{/)
})

test('has nothing to do the second time', async () => {
  rotate()
  await checkKeys()
  await retireKeys(ignored)
  const dump = await at.dump()
  const counts: number[] = []
  await retireKeys(({ renewed }) => counts.push(renewed))
  expect(counts).toEqual([0, 0, 0, 0, 0])
  expect(await at.dump()).toBe(dump)
})

test('lets every old key be removed once the list is imported again and the rest has expired', async () => {
  rotate()
  await checkKeys()
  await at.importList(cardList)
  const first = await retireKeys(ignored)
  expect(first.filter(({ kind }) => kind === 'needed')).toEqual([])
  const both = { ...at.environment() }
  at.configure(fresh)
  await expect(checkKeys()).rejects.toThrow(/must not be missing/)

  at.configure(both)
  at.advance(91 * day)
  const second = await retireKeys(ignored)
  expect(new Set(second.map(({ kind }) => kind))).toEqual(new Set(['removable']))
  expect(new Set(second.map(({ purpose }) => purpose))).toEqual(new Set(purposes))
  at.configure(fresh)
  await checkKeys()
  expect((await at.windowWithCode()).code).toMatch(/^\d{6}$/)
  at.advance(-91 * day)
})

test('says until when short-lived values need the old key, and does not postpone it when it runs again', async () => {
  rotate()
  await checkKeys()
  const untilOf = async (purpose: Purpose) => {
    const key = (await retireKeys(ignored)).find(old => old.purpose === purpose)
    return key?.kind === 'waiting' ? key.until : key?.kind
  }
  const until = await untilOf('code')
  expect(until).toBeTypeOf('number')
  at.advance(10 * day)
  expect(await untilOf('code')).toBe(until)
  expect(await untilOf('session')).toBe('removable')
  at.advance(21 * day)
  expect(await untilOf('code')).toBe('removable')
  at.configure({ KEY_CODE: fresh.KEY_CODE ?? '' })
  await checkKeys()
  await retireKeys(ignored)
  expect((await allFingerprints()).filter(({ purpose }) => purpose === 'code').map(({ keyId }) => keyId)).toEqual([2])
  at.advance(-31 * day)
})

test('waits as long as a message under the old key may still be sent: a notice to the issuer or of a decoupled authentication', async () => {
  const issuerRef = 'hanako'
  await transaction(tx => tellIssuer(tx, 'issuer-identity-report', { cardholder: issuerRef, what: 'a sign-in' }, now()))
  rotate()
  await checkKeys()
  const outbox = async () => (await retireKeys(ignored)).find(({ purpose }) => purpose === 'outbox')?.kind
  expect(await outbox()).toBe('waiting')
  at.advance(7 * day - 60)
  expect([await outbox(), (await at.sql`select from outbox where expires_at > ${now()}`).length]).toEqual([
    'waiting',
    1,
  ])
  at.advance(120)
  expect(await outbox()).toBe('removable')
  expect(policy.maxDecoupledTime).toBeLessThanOrEqual(endOf('outbox', 0))
  at.advance(-7 * day - 60)
})

test('continues where it was after it is killed', async () => {
  const expected = await readContacts()
  rotate()
  await checkKeys()
  const [last] = await at.sql`select id from contacts order by id desc limit 1`
  const { exit, kill } = startRetire()
  await at.sql.begin(async tx => {
    // The command waits here: by now cardholders are done and contacts are not.
    await tx`select from contacts where id = ${last?.id} for update`
    await until(async () => (await waitingForLocks()) > 0)
    kill()
    await exit
  })
  const [done] = await at.sql`select count(*)::int as count from cardholders where names like '1.2.%'`
  expect(done?.count).toBeGreaterThan(0)
  await until(async () => (await waitingForLocks()) === 0)

  await retireKeys(ignored)
  expect(await encryptedUnder(1)).toBe(0)
  at.configure(fresh)
  expect((await readContacts()).map(({ text }) => text)).toEqual(expected.map(({ text }) => text))
})

test('keeps what a cardholder changes while it runs', async () => {
  rotate()
  await checkKeys()
  const [row] = await at.sql`select id, cardholder_id, kind from contacts order by id limit 1`
  const value = await keys().encrypt('contact', 'meanwhile', contactContext(row?.cardholder_id, row?.kind))
  const { retiring } = await at.sql.begin(async tx => {
    await tx`select from contacts where id = ${row?.id} for update`
    const retiring = retireKeys(ignored)
    await until(async () => (await waitingForLocks()) > 0)
    await tx`update contacts set value = ${value}, value_key_id = 2 where id = ${row?.id}`
    return { retiring }
  })
  await retiring
  const [after] = await at.sql`select value from contacts where id = ${row?.id}`
  expect(after?.value).toBe(value)
})

async function waitingForLocks(): Promise<number> {
  const [row] = await at.sql`select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  return row?.count ?? 0
}

/** Runs `safekey keys retire` in a process of its own, on this deployment's database. */
function startRetire() {
  const args = ['--import', 'tsx', '--import', './demo/demo-mode.ts', 'server/commands/keys.ts', 'retire']
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, args, {
    cwd: new URL('../..', import.meta.url),
    env: { PATH, HOME, ...at.environment(), DATABASE_URL: at.url, LOG_LEVEL: 'silent', NODE_ENV: 'production' },
    stdio: 'ignore',
  })
  return { exit: once(child, 'close'), kill: () => child.kill('SIGKILL') }
}
