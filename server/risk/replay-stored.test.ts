import { afterAll, beforeAll, expect, test } from 'vitest'
import { document, policyOf } from '#domain/risk/policy/testing/policy.ts'
import { now } from '../platform/clock.ts'
import { belowLimit, type Deployment, startDeployment } from '../testing/deployment.ts'
import { replayStored } from './replay-stored.ts'

const policy = policyOf(JSON.stringify(document()))
const second = policyOf(JSON.stringify({ ...document(), thresholds: { challenge: 10 } }))

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

async function keepSignals(acsTransID: string | undefined, signals: object): Promise<void> {
  const [row] = await at.sql`update authentications set risk = ${at.sql.json({ signals } as never)}
    where acs_trans_id = ${acsTransID ?? null} returning id`
  expect(row).toBeDefined()
}

test('policies are run over the payments of a time whose signals were kept, and reported ones are the fraud', async () => {
  const from = now()
  await at.areq({ purchaseAmount: belowLimit })
  const quiet = await at.areq({ purchaseAmount: belowLimit })
  await keepSignals(quiet.acsTransID, { amount: 1200, deviceDays: 30 })
  const { acsTransID } = await at.window()
  await keepSignals(acsTransID, { amount: 20_000, deviceDays: 30 })
  await at.sql`update challenges set reported_at = ${new Date(now()).toISOString()} where acs_trans_id = ${acsTransID}`
  at.advance(60)
  const to = now()
  const late = await at.areq({ purchaseAmount: belowLimit })
  await keepSignals(late.acsTransID, { amount: 60_000, deviceDays: 30 })

  const judged = await replayStored([policy, second], { from, to })
  const summary = judged?.map(each => each.map(({ outcome, amount, fraud }) => [outcome, amount, fraud]))
  expect(summary).toEqual([
    [
      ['frictionless', 1200, undefined],
      ['frictionless', 20_000, 'reported'],
    ],
    [
      ['frictionless', 1200, undefined],
      ['challenge', 20_000, 'reported'],
    ],
  ])
  expect(await replayStored([policy], { from: to + 60_000, to: to + 120_000 })).toEqual([[]])
})
