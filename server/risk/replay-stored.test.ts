import { afterAll, beforeAll, expect, test } from 'vitest'
import { document, policyOf } from '#domain/risk/policy/testing/policy.ts'
import { now } from '../platform/clock.ts'
import { belowLimit, type Deployment, startDeployment } from '../testing/deployment.ts'
import { replayStored } from './replay-stored.ts'

const policy = policyOf(JSON.stringify(document()))
const stricter = policyOf(JSON.stringify({ ...document(), thresholds: { challenge: 20 } }))

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

test('policies are run over the payments of a time whose signals were kept, and reported ones are the fraud', async () => {
  const from = now()
  // Without the member risk no signals are kept.
  await at.areq({ purchaseAmount: belowLimit })
  at.changeIssuer(ordinary => ({ ...ordinary, risk: { currency: '392', rates: { '392': 1 } } }))
  at.configure({})
  await at.areq({ purchaseAmount: belowLimit })
  const { acsTransID } = await at.window()
  await at.sql`update challenges set reported_at = ${new Date(now()).toISOString()} where acs_trans_id = ${acsTransID}`
  at.advance(60)
  const to = now()
  await at.areq({ purchaseAmount: belowLimit })

  const judged = await replayStored([policy, stricter], { from, to })
  const summary = judged?.map(each => each.map(({ outcome, amount, fraud }) => [outcome, amount, fraud]))
  expect(summary).toEqual([
    [
      ['frictionless', 1200, undefined],
      ['challenge', 12_800, 'reported'],
    ],
    [
      ['challenge', 1200, undefined],
      ['challenge', 12_800, 'reported'],
    ],
  ])
  expect(await replayStored([policy], { from: to + 60_000, to: to + 120_000 })).toEqual([[]])
})
