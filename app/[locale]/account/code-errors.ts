import type { CodeFailure, Resending } from '#server/account/confirmations.ts'
import type { FormOutcome } from './action.ts'

type Failure = Exclude<CodeFailure | Exclude<Resending, { kind: 'sent' }>, { kind: 'unknown' }>

/** The error of a field when a code was rejected or could not be sent. */
export function errorOf(failure: Failure, field: string): Extract<FormOutcome, { kind: 'errors' }> {
  const values =
    failure.kind === 'code-wrong'
      ? { left: failure.attemptsLeft }
      : failure.kind === 'limited'
        ? { until: failure.until }
        : undefined
  return { kind: 'errors', errors: { [field]: { id: failure.kind, ...(values && { values }) } } }
}
