import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest'
import { connect, database, transaction } from '#db/client.ts'
import { grantRunTime } from '#db/grants.ts'
import { purgeAuditEvents } from '#db/queries/audit.ts'
import { versions } from '#domain/emv/version.ts'
import { readOwnData } from '../account/own-data.ts'
import { openSession, resumeSession } from '../account/sessions.ts'
import { submitAnswer } from '../challenge/submit.ts'
import { cards, hanako } from '../testing/cards.ts'
import { belowLimit, type Deployment, otherThan, startDeployment } from '../testing/deployment.ts'
import { audit } from './audit.ts'
import { writeAuditRetention } from './retention.ts'

let at: Deployment
let cardholderId = ''

beforeAll(async () => {
  at = await startDeployment()
  await writeAuditRetention()
  const [row] = await at.sql`select id from cardholders where issuer_ref = 'hanako'`
  cardholderId = String(row?.id)
})
afterAll(() => at.stop())
beforeEach(() => at.advance(3600))

const eventsAbout = (acsTransID: string) =>
  at.sql`select type, fields, cardholder_id from audit_events left join audit_subjects using (subject)
    where ref = (select id from authentications where acs_trans_id = ${acsTransID}) order by id`
const count = async () => Number((await at.sql`select count(*)::int as n from audit_events`)[0]?.n)

async function actor() {
  const session = { cardholderId, method: 'passkey', device: 'browser' } as const
  const actor = await resumeSession(await transaction(tx => openSession(tx, session)))
  if (!actor) throw new Error('no session')
  return actor
}

describe('the audit log records', () => {
  test.each(versions)('a challenge from the AReq to its outcome, with what was proved (%s)', async version => {
    const { acsTransID, windowKey, code } = await at.windowWithCode({}, version)
    await submitAnswer(windowKey, otherThan(code))
    await submitAnswer(windowKey, code)
    const common = { cardholder_id: cardholderId }
    expect(await eventsAbout(acsTransID)).toEqual([
      { ...common, type: 'payment-decided', fields: { answer: 'challenge', rule: 'amount' } },
      { ...common, type: 'challenge-begun', fields: { channel: 'browser', methods: ['email-code'] } },
      { ...common, type: 'challenge-ended', fields: { outcome: 'authenticated', method: 'email-code', attempts: 2 } },
    ])
  })

  test('refused AReqs, also when they arrive in a batch, and no frictionless ones', async () => {
    await at.sql`update cards set status = 'stolen' where last_four = ${cards.alex.slice(-4)}`
    const answers = await Promise.all([
      at.areq({ acctNumber: cards.alex }),
      at.areq({ purchaseAmount: belowLimit }),
      at.areq({ acctNumber: '371111111111114' }),
    ])
    const [stolen, passed, unknown] = answers.map(({ acsTransID = '' }) => acsTransID)
    expect(await eventsAbout(stolen ?? '')).toMatchObject([
      { type: 'payment-decided', fields: { answer: 'card-stolen' }, cardholder_id: expect.any(String) },
    ])
    expect(await eventsAbout(unknown ?? '')).toMatchObject([
      { type: 'payment-decided', fields: { answer: 'card-unknown' }, cardholder_id: null },
    ])
    expect(answers[1]?.transStatus).toBe('Y')
    expect(await eventsAbout(passed ?? '')).toEqual([])
  })

  test('a repeated AReq once', async () => {
    const message = at.message({ acctNumber: '371111111111114' })
    const { acsTransID = '' } = await at.send(message)
    const before = await count()
    await at.send(message)
    expect([(await eventsAbout(acsTransID)).length, await count()]).toEqual([1, before])
  })

  test('nothing of a transaction that was rolled back', async () => {
    const before = await count()
    const failing = transaction(async tx => {
      await audit(tx, { type: 'account-closed', cardholderId })
      throw new Error('interrupted')
    })
    await expect(failing).rejects.toThrow('interrupted')
    expect(await count()).toBe(before)
  })

  test('no event about a cardholder without a pseudonym', async () => {
    const unknown = audit(database(), { type: 'account-closed', cardholderId: randomUUID() })
    await expect(unknown).rejects.toThrow('a cardholder without a pseudonym')
  })

  test('no address, number, name or code of a cardholder', async () => {
    const { windowKey, code } = await at.windowWithCode({ merchantName: 'Planted merchant' })
    await submitAnswer(windowKey, code)
    await readOwnData(await actor())
    const rows = await at.sql`select row_to_json(e)::text as line from audit_events e`
    const text = rows.map(({ line }) => line).join('\n')
    const planted = [hanako.email, '9012345678', hanako.names.kanji, hanako.names.romaji, cards.hanako, 'Planted']
    expect([...planted, windowKey, cardholderId].filter(value => text.includes(value))).toEqual([])
    expect(text).not.toMatch(new RegExp(`"${code}"`))
  })
})

describe('the audit log is append-only', () => {
  const changes = {
    'an update': 'update audit_events set at = at',
    'a deletion': 'delete from audit_events',
    'a truncation': 'truncate audit_events',
  }

  test.each(Object.entries(changes))('%s is refused to the owner of the tables', async (_name, statement) => {
    const before = await count()
    await expect(at.sql.unsafe(statement)).rejects.toMatchObject({ code: '23001' })
    expect([before > 0, await count()]).toEqual([true, before])
  })

  test('refuses to delete events within the retention of their type, which no setting can make shorter than the minimum', async () => {
    await expect(at.sql`update audit_retention set days = 0`).rejects.toMatchObject({ code: '23514' })
    await at.sql`update audit_retention set days = 30`
    await expect(at.sql`delete from audit_events`).rejects.toMatchObject({ code: '23001' })
    await writeAuditRetention()
  })

  test.each(Object.entries(changes))('%s is refused to a run-time role without the grant', async (_name, statement) => {
    const sql = await runTimeRole()
    try {
      await expect(sql.unsafe(statement)).rejects.toMatchObject({ code: '42501' })
      await expect(sql`update audit_retention set days = 30`).rejects.toMatchObject({ code: '42501' })
    } finally {
      await sql.end()
    }
  })

  test('a run-time role can run the product: it writes events, and deletes old ones with the function', async () => {
    const sql = await runTimeRole()
    connect(at.url.replace(/\/\/[^@]+@/, `//${String(sql.options.user)}:secret@`))
    try {
      const { acsTransID, windowKey, code } = await at.windowWithCode()
      expect(await submitAnswer(windowKey, code)).toEqual({ kind: 'ended' })
      expect(await eventsAbout(acsTransID)).toHaveLength(3)
      expect(await purgeAuditEvents(10)).toBe(0)
    } finally {
      connect(at.url)
      await sql.end()
    }
  })
})

/** Creates a role that owns nothing and has the grants of a run-time role. */
async function runTimeRole(): Promise<postgres.Sql> {
  const role = `run_time_${randomUUID().slice(0, 8)}`
  const admin = postgres(inject('databaseAdminUrl'), { max: 1 })
  await admin.unsafe(`create role ${role} login password 'secret'`)
  await admin.end()
  const url = at.url.replace(/\/\/[^@]+@/, `//${role}:secret@`)
  await grantRunTime(at.url, url)
  return postgres(url, { max: 1, onnotice: () => {} })
}

describe('retention', () => {
  const old = (days: number) => Date.now() - days * 24 * 3600 * 1000
  const write = (type: string, days: number) =>
    at.sql`insert into audit_events (id, at, type, fields) values (${randomUUID()}, ${old(days)}, ${type}, '{}')`

  test('deletes what is older than the retention of its type, in batches, and nothing else', async () => {
    const before = await count()
    for (const type of ['challenge-ended', 'challenge-ended', 'challenge-ended', 'account-closed', 'started']) {
      await write(type, 551)
    }
    expect(await purgeAuditEvents(2)).toBe(2)
    expect(await purgeAuditEvents(2)).toBe(1)
    expect(await purgeAuditEvents(2)).toBe(0)
    expect(await count()).toBe(before + 2)
  })
})

test('the events of a deleted cardholder remain and identify no one', async () => {
  const [alex] = await at.sql`select c.id, subject from cardholders c join audit_subjects on cardholder_id = c.id
    where issuer_ref = 'alex'`
  await transaction(tx => audit(tx, { type: 'account-closed', cardholderId: String(alex?.id) }))
  await at.sql`delete from cardholders where issuer_ref = 'alex'`
  const kept = await at.sql`select card, ref from audit_events where subject = ${String(alex?.subject)}`
  expect(kept.length).toBeGreaterThan(0)
  const places = await at.sql`select 1 from audit_subjects where subject = ${String(alex?.subject)}
    union all select 1 from cards where id = any(${kept.map(({ card }) => card).filter(Boolean)})
    union all select 1 from challenges where id = any(${kept.map(({ ref }) => ref).filter(Boolean)})`
  expect(places).toEqual([])
})
