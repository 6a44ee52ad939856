import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { policy } from '#domain/challenge/policy.ts'
import { now, uptime } from './platform/clock.ts'
import { type Deployment, startDeployment } from './testing/deployment.ts'
import { queueMail } from './testing/queue-mail.ts'
import { startWorker, type Worker } from './worker.ts'

let at: Deployment
let worker: Worker

beforeAll(async () => {
  at = await startDeployment({ RETENTION_DAYS: '30' })
})
afterAll(() => at.stop())
beforeEach(async () => {
  at.advance(3600)
  await at.sql`delete from authentications`
  worker = startWorker()
})
afterEach(async () => {
  at.mailbox.hangsFor = () => false
  await at.mailbox.down()
  await worker.stop()
  await at.mailbox.up()
})

const count = async (rows: 'authentications' | 'overdue') => {
  const [row] =
    rows === 'overdue'
      ? await at.sql`select count(*)::int as n from challenges where state <> 'ended' and deadline_at <= ${now()}`
      : await at.sql`select count(*)::int as n from authentications`
  return Number(row?.n)
}

/** Copies an authentication, and its challenge if it has one, `times` times; the copies are `seconds` older. */
async function multiply(acsTransID: string, times: number, seconds: number): Promise<void> {
  const rest = (table: string, ...but: string[]) =>
    at.sql.unsafe(`insert into ${table} select (jsonb_populate_record(t, c.changes)).* from ${table} t,
      lateral (select jsonb_build_object('id', md5(t.id::text || n)::uuid, 'acs_trans_id', gen_random_uuid(), 'created_at',
        t.created_at - interval '${seconds} seconds' ${but.map(column => `, ${column}`).join('')}) as changes
        from generate_series(1, ${times}) n) c where acs_trans_id = '${acsTransID}'`)
  await rest('authentications', `'ds_trans_id', gen_random_uuid()`)
  await rest('challenges', `'deadline_at', t.created_at - interval '1 second'`)
}

/** Opens a window and waits for its code. */
async function codeArrives(): Promise<void> {
  const before = at.mailbox.mails.length
  await at.window()
  await until(() => at.mailbox.mails.length > before)
}

describe('a code is sent', () => {
  test('while thousands of overdue challenges wait to be ended', async () => {
    const { acsTransID = '' } = await at.areq()
    await multiply(acsTransID, 3000, 1)
    await until(async () => (await count('overdue')) < 3000)
    await codeArrives()
    expect(await count('overdue')).toBeGreaterThan(0)
  })

  test('while many old rows wait to be removed', async () => {
    // The worker looks for old data once an hour.
    await until(() => worker.lastRounds().retention !== undefined)
    const { acsTransID = '' } = await at.areq({ purchaseAmount: '1200' })
    await multiply(acsTransID, 20_000, 40 * 24 * 3600)
    at.advance(3600)
    await until(async () => (await count('authentications')) < 20_000)
    await codeArrives()
    expect(await count('authentications')).toBeGreaterThan(1000)
  })

  test('while more messages hang at the mail server than were once sent concurrently', async () => {
    at.mailbox.hangsFor = to => to.startsWith('stuck')
    for (let queued = 0; queued < 16; queued++) await queueMail(`stuck-${queued}@cardholder.example`)
    await until(() => at.mailbox.hanging === 16)
    await codeArrives()
    expect(at.log.filter(line => line.includes('message.not-handed-over'))).toEqual([])
  })

  test('while another duty fails and completes no round', async () => {
    await at.sql`alter table drafts rename to hidden`
    at.advance(3600)
    await worker.stop()
    worker = startWorker()
    await codeArrives()
    const { retention, ...others } = worker.lastRounds()
    await at.sql`alter table hidden rename to drafts`
    expect(retention).toBeUndefined()
    expect(Object.values(others)).not.toContain(undefined)
    await until(() => worker.lastRounds().retention !== undefined)
  })
})

test('a challenge whose code hangs at the mail server ends when its delivery time is over, not when the mail server answers', async () => {
  at.mailbox.hangsFor = () => true
  const [hanging, logged] = [at.mailbox.hanging, at.log.length]
  const { acsTransID } = await at.window()
  await until(() => at.mailbox.hanging > hanging)
  at.advance(policy.deliveryPatience / 1000)
  await until(async () => (await at.challenge(acsTransID)).state === 'ended')
  expect(await at.challenge(acsTransID)).toMatchObject({ outcome: 'delivery-failed' })
  expect(at.log.slice(logged).filter(line => line.includes('message.'))).toEqual([])
  await until(() => at.directoryServer.rreqsOf(acsTransID).length > 0)
})

test('a worker stops while a mail server hangs, before it has given up on the message', async () => {
  at.mailbox.hangsFor = () => true
  const [hanging, logged] = [at.mailbox.hanging, at.log.length]
  await at.window()
  await until(() => at.mailbox.hanging > hanging)
  await worker.stop()
  expect(at.log.slice(logged).filter(line => line.includes('message.'))).toEqual([])
})

test('a worker measures how long ago its slowest duty completed a round, independently of the product’s clock', async () => {
  const fresh = startWorker()
  expect(new Set(Object.values(fresh.lastRounds()))).toEqual(new Set([undefined]))
  const begun = uptime()
  await until(() => Object.values(fresh.lastRounds()).every(at => at !== undefined && at >= begun))
  at.advance(24 * 3600)
  await until(() => fresh.sinceRound() < 60_000)
  await fresh.stop()
  const stopped = fresh.sinceRound()
  await until(() => fresh.sinceRound() > stopped + 500)
})
