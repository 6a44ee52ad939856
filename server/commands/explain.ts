import { readArguments } from '../platform/arguments.ts'
import { config } from '../platform/config.ts'
import { ConfigError } from '../platform/variable.ts'
import { withDeployment } from './deployment.ts'
import { operatorName, operatorText } from './operator.ts'

const usage = `safekey explain ACSTRANSID [--by NAME] [--reason TEXT]
    Says why a payment was challenged, refused or let pass: the rule that decided, the risk policy with the rules that
    applied, and the signals as they were. Do not pass it on: it shows a thief what to avoid.
    --by      who asks, by default the name of your account on this machine; --reason why: both are kept.
    Ends with 0, or with 2 where there is no such authentication.`

try {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments({ allowPositionals: true, options: { by: text, reason: text } }, usage)
  const [subject = '', ...others] = positionals
  const acsTransID = subject.toLowerCase()
  if (others.length > 0) throw new ConfigError(usage)
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(acsTransID))
    throw new ConfigError('ACSTRANSID must be a UUID, for example 4b0ef1a2-6c1d-4f0e-9a53-0d2b8a6c7e11')
  const reason = operatorText('--reason', values.reason)
  const by = operatorText('--by', values.by) || operatorName()
  await withDeployment(async () => {
    const [{ explainDecision }, { explanationText }] = [
      await import('../risk/explain.ts'),
      await import('../risk/explain-text.ts'),
    ]
    const explanation = await explainDecision(acsTransID, { by, ...(reason && { reason }) })
    if (explanation) console.log(explanationText(explanation))
    else console.error(`${acsTransID}: no such authentication, or removed after ${config().retentionDays} days`)
    return explanation ? 0 : 2
  })
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
