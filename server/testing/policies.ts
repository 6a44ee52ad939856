import { config } from '../platform/config.ts'
import { refreshPolicies } from '../risk/policies-in-use.ts'
import { addPolicy, putInUse, recordTest } from '../risk/policy-steps.ts'

const operator = { by: 'risk-office', reason: 'a test' }
const replay = {
  ...{ seeds: [1], cards: 100, decided: 1000, challengeRate: 0.04, falseAlarmRate: 0.03, turnedAwayRate: 0.01 },
  stopped: 0.96,
}

/** Puts a risk policy in use, by the steps that operators take. The issuer's file has `risk`. */
export async function usePolicy(document: Buffer | object, use: 'active' | 'shadow' = 'active'): Promise<void> {
  const { risk } = config().issuer
  const added = await addPolicy(Buffer.isBuffer(document) ? document : Buffer.from(JSON.stringify(document)), operator)
  if (!risk || !('name' in added)) throw new Error(JSON.stringify(added))
  await recordTest(added.name, replay, operator)
  await putInUse(added.name, use, operator, risk)
  await refreshPolicies()
}
