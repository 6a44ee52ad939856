import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { connect, disconnect, transaction } from '#db/client.ts'
import { onDatabase } from '#db/testing/database.ts'
import { stopMobile } from '../account/change-contact.ts'
import { closeAccount } from '../account/close-account.ts'
import { removePasskey } from '../account/passkeys.ts'
import { submitAnswer } from '../challenge/submit.ts'
import { decryptEffectiveContacts } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { receipt } from '../testing/directory-server.ts'
import { peopleOf } from '../testing/people.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { readLost, reconcile } from './reconcile.ts'

let at: Deployment
const sms = new SmsGatewayDouble()
const people = peopleOf(() => at, sms, 'restored')
const admin = () => postgres(inject('databaseAdminUrl'), { max: 1, onnotice: () => {} })
const copy = `restored_${randomUUID().slice(0, 8)}`

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
  at.directoryServer.react = receipt()
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
  const sql = admin()
  await sql.unsafe(`drop database if exists ${copy} with (force)`)
  await sql.end()
})

/** Makes a backup: a copy of the deployment's database as it is now. */
async function backUp(): Promise<void> {
  await disconnect()
  const name = at.url.slice(at.url.lastIndexOf('/') + 1)
  const sql = admin()
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
  await sql.unsafe(`create database ${copy} template ${name} owner safekey`)
  await sql.end()
  connect(at.url)
}

async function addPasskey(cardholderId: string): Promise<string> {
  const id = randomUUID()
  await at.sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
    values (${id}, ${cardholderId}, ${id}, '\\x00', 0, '[]', 'phone', false, ${now()})`
  return id
}

async function* lines(log: readonly string[]) {
  yield* log
}

describe('a restored database', () => {
  test('restores nothing that was removed, stopped, ended or sent since the backup', async () => {
    const [hanako, ken, untouched] = [await people.person(), await people.person(), await people.person()]
    const passkey = await addPasskey(hanako.cardholderId)
    const kept = await addPasskey(untouched.cardholderId)
    const open = await at.windowWithCode({ acctNumber: hanako.acctNumber })
    const unsent = await at.window({ acctNumber: untouched.acctNumber })
    await people.strong(untouched)
    await backUp()

    // What the restore loses: a removed passkey, a stopped number, a closed account, an answered challenge, a sent
    // code.
    const since = now()
    at.log.length = 0
    await removePasskey(await people.strong(hanako), passkey)
    await stopMobile(await people.weak(hanako))
    await closeAccount(await people.strong(ken), undefined)
    await at.deliver()
    await submitAnswer(open.windowKey, open.code)
    expect(at.log.join()).toContain('rreq.delivered')
    const log = [...at.log, 'no line of ours', '{"time":"no time","msg":"passkey.removed"}']
    const results = at.directoryServer.rreqs.length
    const texts = sms.taken.length

    await disconnect()
    const url = onDatabase(at.url, copy)
    connect(url)
    const sql = postgres(url, { max: 1, onnotice: () => {} })
    try {
      const lost = await readLost(lines(log), since)
      expect(lost.unread).toBe(2)
      expect(await reconcile(lost, { since, by: 'operator', reason: 'disk' })).toMatchObject({
        reported: 2,
        unknown: 0,
        results: 1,
      })

      const reports = await sql`select cardholder_id from reports where resolved_at is null and about = 'restore'`
      expect(new Set(reports.map(row => row.cardholder_id))).toEqual(new Set([hanako.cardholderId, ken.cardholderId]))
      const live = await sql`select id from passkeys where removed_at is null`
      expect(live.map(({ id }) => id)).toEqual([kept])
      const reached = await transaction(tx => decryptEffectiveContacts(tx, hanako.cardholderId, now()))
      expect(reached.map(({ channel }) => channel)).toEqual(['email'])
      expect(await sql`select 1 from accounts where cardholder_id = ${ken.cardholderId}`).toHaveLength(0)
      expect(await sql`select 1 from sessions where ended_at is null`).toHaveLength(0)

      // The directory server has the result already. The code that was never sent is still sent, and nothing is sent
      // twice.
      const [ended] = await sql`select state from challenges where acs_trans_id = ${open.acsTransID}`
      expect(ended?.state).toBe('ended')
      const [asking] = await sql`select state from challenges where acs_trans_id = ${unsent.acsTransID}`
      expect(asking?.state).toBe('asking')
      await at.deliver()
      expect(at.directoryServer.rreqs).toHaveLength(results)
      expect(sms.taken.slice(texts).map(({ to }) => to)).not.toContain(untouched.mobile)
      const [event] = await sql`select fields from audit_events where type = 'restore-reconciled'`
      expect(event?.fields).toMatchObject({ by: 'operator', reason: 'disk' })
    } finally {
      await sql.end()
      await disconnect()
      connect(at.url)
    }
  })

  test('is reconciled with more results and messages than one statement takes', async () => {
    const ids = (count: number) => new Set(Array.from({ length: count }, () => randomUUID()))
    const lost = { cardholders: new Map(), results: ids(70_000), messages: ids(70_000), unread: 0 }
    expect(await reconcile(lost, { since: now(), by: 'operator', reason: 'disk' })).toMatchObject({
      results: 0,
      messages: 0,
    })
  })

  test('keeps no passkey older than a new enrolment, no replaced contact and no removed merchant', async () => {
    const person = await people.person()
    await addPasskey(person.cardholderId)
    await at.sql`insert into trusted_merchants (id, cardholder_id, directory_server, acquirer_bin, acquirer_merchant_id, merchant_name, trusted_at)
      values (${randomUUID()}, ${person.cardholderId}, 'first', '1', '2', 'shop', ${now() - 400 * 24 * 3_600_000})`
    const since = now()
    const events = [
      { msg: 'enrolment.finished', kind: 'anew' },
      { msg: 'contact.code-compared', kind: 'mobile', outcome: 'confirmed' },
      { msg: 'contact.code-compared', kind: 'email', outcome: 'code-wrong' },
      { msg: 'merchant.distrusted' },
    ].map(event => JSON.stringify({ time: new Date(since).toISOString(), cardholderId: person.cardholderId, ...event }))
    await reconcile(await readLost(lines(events), since), { since, by: 'operator', reason: 'disk' })
    const { cardholderId } = person
    expect(
      await at.sql`select 1 from passkeys where cardholder_id = ${cardholderId} and removed_at is null`,
    ).toHaveLength(0)
    expect(await at.sql`select 1 from accounts where cardholder_id = ${cardholderId}`).toHaveLength(0)
    expect(
      await at.sql`select 1 from trusted_merchants where cardholder_id = ${cardholderId} and removed_at is null`,
    ).toHaveLength(0)
    expect(await people.contactsOf(person)).toEqual([person.email])
  })

  test('ignores log lines from before the backup, malformed ids and unknown events', async () => {
    const time = new Date(1_800_000_000_000).toISOString()
    const cardholderId = randomUUID()
    const log = [
      { time, msg: 'passkey.removed', cardholderId },
      { time: new Date(1_900_000_000_000).toISOString(), msg: 'passkey.removed', cardholderId: "' or 1=1" },
      { time: new Date(1_900_000_000_000).toISOString(), msg: 'constructor', cardholderId },
      { time: new Date(1_900_000_000_000).toISOString(), msg: 'rreq.delivered', acsTransID: '\u0000' },
    ].map(line => JSON.stringify(line))
    const lost = await readLost(lines(log), 1_850_000_000_000)
    expect(lost).toEqual({ cardholders: new Map(), results: new Set(), messages: new Set(), unread: 0 })
  })
})
