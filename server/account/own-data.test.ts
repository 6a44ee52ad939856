import { randomUUID } from 'node:crypto'
import { getTableColumns, is } from 'drizzle-orm'
import { PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import * as schema from '#db/schema.ts'
import { type OwnSection, ownData, ownFieldsLeftOut, ownSections, ownTablesLeftOut } from '#domain/account/own-data.ts'
import { AppDevice } from '../../demo/phone/app-device.ts'
import { now } from '../platform/clock.ts'
import { cards, hanako } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import { makeActivationCodes } from './activation-codes.ts'
import type { Actor } from './actor.ts'
import { listApprovalDevices } from './approval-devices.ts'
import { closeAccount } from './close-account.ts'
import { readDraft, saveDraft } from './drafts.ts'
import { beginEnrolment } from './enrol.ts'
import { readOwnData } from './own-data.ts'
import { beginPairing, pairDevice, waitingPairing } from './pair-device.ts'
import { choosePersonalMessage, readPreferences } from './preferences.ts'
import { openSession, resumeSession } from './sessions.ts'

let at: Deployment
const sms = new SmsGatewayDouble()

beforeAll(async () => {
  await sms.start()
  at = await startDeployment(sms.settings())
  for (const ref of ['hanako', 'alex']) await enrol(ref)
})
afterAll(async () => {
  await at.stop()
  await sms.stop()
})

function enrol(ref: string) {
  return at.sql`insert into accounts (cardholder_id, user_handle, terms_version, terms_accepted_at, enrolled_at)
    select id, ${randomUUID()}, '2026-11-01', ${now()}, ${now()} from cardholders where issuer_ref = ${ref}`
}

async function signedIn(ref: string): Promise<Actor> {
  const [row] = await at.sql`select id from cardholders where issuer_ref = ${ref}`
  const session = { cardholderId: String(row?.id), method: 'passkey', device: `browser of ${ref}` } as const
  const actor = await resumeSession(await transaction(tx => openSession(tx, session)))
  if (!actor) throw new Error('no session')
  return actor
}

/** A cardholder with data in every kind of table. */
async function cardholderWithData(ref: string, card: string): Promise<Actor> {
  const actor = await signedIn(ref)
  await at.window({ acctNumber: card, merchantName: `Shop of ${ref}` })
  await choosePersonalMessage(actor, `Greeting ${ref}`)
  await beginPairing(actor)
  const app = new AppDevice()
  app.name = `Phone of ${ref}`
  const request = await app.pairing('https://acs.test', (await waitingPairing(actor))?.code ?? '')
  expect(await pairDevice(JSON.stringify(request), randomUUID())).toMatchObject({ kind: 'paired' })
  await at.sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
    values (${randomUUID()}, ${actor.cardholderId}, ${randomUUID()}, ${Buffer.from('key')}, 0, '[]', ${`Key of ${ref}`}, false, ${now()})`
  return actor
}

const tables = Object.entries(schema).flatMap(([name, table]) => (is(table, PgTable) ? [[name, table] as const] : []))

describe('the data download', () => {
  test('covers every table: what it contains, or why it is left out', () => {
    const named = [...Object.keys(ownSections), ...Object.keys(ownTablesLeftOut)]
    expect([...named].sort()).toEqual(tables.map(([name]) => name).sort())
    expect(new Set(named).size).toBe(named.length)
  })

  test.each(tables.filter(([name]) => name in ownSections))('covers every column of %s', (name, table) => {
    const section = name as OwnSection
    const named = [...ownSections[section], ...Object.keys(ownFieldsLeftOut[section])]
    expect([...named].sort()).toEqual(Object.keys(getTableColumns(table)).sort())
  })

  test('contains the named fields only, whatever the rows contain', () => {
    const row = { secretDigest: 'digest', device: 'a browser', more: 1 }
    const none = Object.fromEntries(Object.keys(ownSections).map(section => [section, []]))
    const data = ownData({ ...none, sessions: [row] } as never, '1970-01-01T00:00:00.000Z')
    expect(Object.keys(data.sessions[0] ?? {})).toEqual([...ownSections.sessions])
    expect(JSON.stringify(data)).not.toContain('digest')
  })

  test('contains only the cardholder’s own data, decrypted, and no HMAC, digest, key or code', async () => {
    const actor = await cardholderWithData('hanako', cards.hanako)
    await cardholderWithData('alex', cards.alex)
    await at.deliver()
    const read = await readOwnData(actor)
    if (read.kind !== 'data') throw new Error(read.kind)
    const text = JSON.stringify(read.data)
    for (const own of [hanako.names.kanji, hanako.email, '+819012345678', 'Shop of hanako', 'Greeting hanako'])
      expect(text).toContain(own)
    for (const own of ['Phone of hanako', 'Key of hanako', 'browser of hanako']) expect(text).toContain(own)
    expect(text).not.toMatch(/ of alex|Greeting alex|alex@|ALEX/)
    expect(text).not.toContain(hanako.debitAccountLastFour)
    expect(text).not.toContain(at.mailbox.code)
    const [secrets] = await at.sql`select encode(number_hmac, 'base64') as hmac, window_key from cards c
      join challenges h on h.card_id = c.id join transaction_ids on authentication_id = h.id join cardholders o on o.id = c.cardholder_id where issuer_ref = 'hanako' limit 1`
    for (const secret of [secrets?.hmac, secrets?.window_key]) expect(text).not.toContain(secret)
    expect(text).not.toMatch(/"type":"Buffer"/)
    expect(read.data).toMatchObject({ contacts: [{}, {}], challenges: [{}], approvalDevices: [{}], passkeys: [{}] })
  })

  test('requires a recent strong authentication', async () => {
    const actor = await signedIn('hanako')
    const refused = { kind: 'stronger-authentication-needed' }
    expect(await readOwnData({ ...actor, strongAt: undefined })).toEqual(refused)
    expect(await closeAccount({ ...actor, strongAt: undefined }, undefined)).toEqual(refused)
  })
})

describe('a cardholder who closes the account', () => {
  test('is signed out and loses passkeys, devices, settings and account, and every contact is notified', async () => {
    const actor = await signedIn('alex')
    const other = await signedIn('hanako')
    const visit = randomUUID()
    await saveDraft(visit, 'a-form', { values: { name: 'typed' }, errors: {} })
    const letter = (await makeActivationCodes(['alex'])).letters[0]?.activationCode ?? ''
    await at.deliver()
    const before = { mails: at.mailbox.mails.length, texts: sms.taken.length }
    expect(await closeAccount(actor, visit)).toEqual({ kind: 'closed' })
    expect(await closeAccount(actor, visit)).toEqual({ kind: 'closed' })
    await at.deliver()
    expect([at.mailbox.mails.length - before.mails, sms.taken.length - before.texts]).toEqual([1, 1])
    for (const table of [
      'accounts',
      'passkeys',
      'approval_devices',
      'preferences',
      'trusted_merchants',
      'known_devices',
      'identities',
    ])
      expect(await at.sql`select 1 from ${at.sql(table)} where cardholder_id = ${actor.cardholderId}`).toEqual([])
    const open = await at.sql`select 1 from sessions where cardholder_id = ${actor.cardholderId} and ended_at is null`
    expect(open).toEqual([])
    expect(await readDraft(visit, 'a-form')).toBeUndefined()
    // The old letter opens nothing; the other cardholder's data is still there.
    expect(await beginEnrolment({ visit, network: randomUUID() }, letter)).toEqual({ kind: 'code-unknown' })
    expect([(await listApprovalDevices(other)).length, (await readPreferences(other)).personalMessage]).toEqual([
      1,
      'Greeting hanako',
    ])
  })

  test('keeps a protected card: codes still go to the contacts that the issuer supplied', async () => {
    at.advance(3600)
    const { acsTransID } = await at.window({ acctNumber: cards.alex })
    expect([await at.outbox(acsTransID, 'email'), await at.outbox(acsTransID, 'sms')]).toMatchObject([[{}], [{}]])
  })
})
