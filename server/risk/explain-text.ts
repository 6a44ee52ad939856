import { type SignalDefinition, type SignalName, signalTable } from '#domain/risk/history/signal-table.ts'
import type { RiskRecord } from '#domain/risk/record.ts'
import type { Explanation } from './explain.ts'

/** An explanation as text for a terminal. */
export function explanationText({ acsTransID, row, rules, thresholds }: Explanation): string {
  const { createdAt, lastFour, decision, ares, state, outcome, onDevice, risk } = row
  const ended = state === null ? undefined : state === 'ended' ? outcome : `under way (${state})`
  const reason = ares.transStatusReason ? `/${ares.transStatusReason}` : ''
  return [
    `Payment ${acsTransID}`,
    line('at', new Date(createdAt).toISOString()),
    line('card', lastFour === null ? 'not ours, or removed' : `ending in ${lastFour}`),
    line('decision', `${decision}, ARes ${ares.transStatus}${reason}`),
    ...(ended ? [line('challenge', `${onDevice ? 'on a device only, ' : ''}${ended}`)] : []),
    ...policyLines(risk, rules, thresholds),
    ...(risk?.confirmed
      ? [line('confirmed', `by the cardholder, alert ${risk.confirmed}: challenged on a device`)]
      : []),
    ...shadowLines(risk),
    ...signalLines(risk),
  ].join('\n')
}

function policyLines(
  risk: RiskRecord | null,
  rules: Explanation['rules'],
  thresholds: Explanation['thresholds'],
): string[] {
  if (!risk) return [line('policy', 'none: the issuer’s file had no risk')]
  if (risk.policy === undefined) return [line('policy', 'none decided')]
  const from = Object.entries(thresholds ?? {}).map(([outcome, score]) => `${outcome} from ${score}`)
  const said = `${risk.policy}: ${risk.outcome}, score ${risk.score}${from.length > 0 ? ` (${from.join(', ')})` : ''}`
  if (!rules) return [line('policy', said), line('rules', risk.rules?.join(', ') || 'none applied')]
  return [
    line('policy', said),
    ...(rules.length === 0 ? [line('rules', 'none applied')] : []),
    ...rules.map(({ id, score, atLeast, read }) => {
      const signals = read.map(([signal, value]) => `${signal} ${value ?? 'unknown'}`).join(', ')
      return `  ${String(score).padStart(5)}  ${id}${atLeast ? ` (at least ${atLeast})` : ''}: ${signals}`
    }),
  ]
}

function shadowLines(risk: RiskRecord | null): string[] {
  if (!risk?.shadow) return []
  const { policy, outcome, score, rules } = risk.shadow
  return [line('shadow', `${policy}: ${outcome}, score ${score}; rules ${rules.join(', ') || 'none'}`)]
}

function signalLines(risk: RiskRecord | null): string[] {
  if (!risk?.signals) return []
  const { signals } = risk
  const rows = (Object.keys(signalTable) as SignalName[]).map(name => {
    const { unit }: SignalDefinition = signalTable[name]
    const value = signals[name]
    return `  ${name.padEnd(24)}${value === undefined ? 'unknown' : `${value}${unit ? `  (${unit})` : ''}`}`
  })
  return ['Signals', ...rows]
}

function line(name: string, value: string): string {
  return `${name.padEnd(11)}${value}`
}
