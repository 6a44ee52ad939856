import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { policy } from '#domain/challenge/policy.ts'
import { cancelChallenge } from './challenge/submit.ts'
import { belowLimit, type Deployment, startDeployment } from './testing/deployment.ts'
import { startWorker } from './worker.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment({ RETENTION_DAYS: '30' })
})
afterAll(() => at.stop())
beforeEach(() => at.advance(3600))

const day = 24 * 60 * 60
const ids = (challenges: readonly { readonly acsTransID?: string }[]) =>
  challenges.map(({ acsTransID = '' }) => acsTransID)
const resultsOf = (acsTransIDs: readonly string[]) => acsTransIDs.flatMap(id => at.directoryServer.rreqsOf(id))

/** Runs two workers concurrently, as two processes would. */
async function runTwoWorkersUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  const second = startWorker()
  await at.runWorkerUntil(condition)
  await second.stop()
}

test('[Req 220, 221] reports N, 14, 05 once for each window that no CReq opened within 30 seconds, with two workers running', async () => {
  const waiting = ids(await Promise.all(Array.from({ length: 8 }, () => at.areq())))
  at.advance(policy.firstCReqTimeout / 1000)
  await runTwoWorkersUntil(() => resultsOf(waiting).length >= waiting.length)
  const result = { transStatus: 'N', transStatusReason: '14', challengeCancel: '05', interactionCounter: '00' }
  expect(resultsOf(waiting)).toMatchObject(waiting.map(() => result))
  expect(new Set(resultsOf(waiting).map(({ acsTransID }) => acsTransID)).size).toBe(waiting.length)
})

test('[Req 227] reports N, 14, 04 once for each page left for ten minutes, with two workers running', async () => {
  const open = ids(await Promise.all(Array.from({ length: 8 }, () => at.window())))
  await at.deliver()
  at.advance(policy.pageTime / 1000)
  await runTwoWorkersUntil(() => resultsOf(open).length >= open.length)
  const result = { transStatus: 'N', transStatusReason: '14', challengeCancel: '04', authenticationMethod: '05' }
  expect(resultsOf(open)).toMatchObject(open.map(() => result))
  expect(new Set(resultsOf(open).map(({ acsTransID }) => acsTransID)).size).toBe(open.length)
})

test('leaves a challenge alone whose time is not over', async () => {
  const [waiting, open] = [await at.areq(), await at.window()]
  const overdue = await at.areq()
  at.advance(policy.firstCReqTimeout / 1000 - 20)
  await at.sql`update challenges set deadline_at = created_at where acs_trans_id = ${overdue.acsTransID ?? ''}`
  await at.runWorkerUntil(() => resultsOf(ids([overdue])).length > 0)
  const states = await Promise.all(ids([waiting, open]).map(id => at.challenge(id)))
  expect(states).toMatchObject([{ state: 'awaiting-creq' }, { state: 'asking' }])
})

test('removes data past its retention period, with its challenges and messages, and keeps the rest', async () => {
  const old = [await at.areq({ purchaseAmount: belowLimit }), await at.window()]
  await cancelChallenge((await at.window()).windowKey)
  at.advance(45 * day)
  // Until their results are sent they are kept.
  await at.runWorkerUntil(() => resultsOf(ids(old.slice(1))).length > 0)
  const young = [await at.areq({ purchaseAmount: belowLimit }), await at.areq()]
  at.advance(17 * day)
  at.log.length = 0
  const kept = async () => (await at.sql`select acs_trans_id::text as id from authentications`).map(({ id }) => id)
  await at.runWorkerUntil(async () => !(await kept()).includes(ids(old)[0]))
  expect((await kept()).sort()).toEqual(ids(young).sort())
  const left = await at.sql`select acs_trans_id::text as id from challenges
    union select acs_trans_id::text from outbox left join challenges c on c.id = challenge_id where challenge_id is not null`
  expect(left.filter(({ id }) => !ids(young).includes(id))).toEqual([])
  expect(at.log.map(line => JSON.parse(line)).filter(({ msg }) => msg === 'purged')).toHaveLength(1)
})

test('carries on after the database has failed and recovered', async () => {
  const { acsTransID = '' } = await at.areq()
  at.advance(policy.firstCReqTimeout / 1000)
  await at.sql`alter table challenges rename to hidden`
  const failed = () => at.log.filter(line => line.includes('worker.failed')).length
  const worker = startWorker()
  await at.runWorkerUntil(() => failed() > 0)
  await at.sql`alter table hidden rename to challenges`
  await at.runWorkerUntil(() => resultsOf([acsTransID]).length > 0)
  await worker.stop()
  expect(resultsOf([acsTransID])).toMatchObject([{ challengeCancel: '05' }])
})
