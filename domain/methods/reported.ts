import { type MethodId, methodIds } from './registry.ts'
import { sendsCode } from './selection.ts'

interface RecordedProof {
  readonly method: MethodId
  readonly state: 'pending' | 'undelivered' | 'withdrawn' | 'proved'
}

/**
 * The method that a result reports: the one that was proved. Otherwise the one that was answered or awaited out of
 * band, otherwise the method of the pending codes. Of several pending codes it is the one that proves less, because the
 * cardholder may have read both.
 */
export function reportedMethod(
  proofs: readonly RecordedProof[],
  outOfBand: MethodId | undefined,
): MethodId | undefined {
  const inState = (...states: RecordedProof['state'][]) =>
    methodIds.filter(id => proofs.some(({ method, state }) => method === id && states.includes(state)))
  const [proved] = inState('proved')
  const [code] = [...inState('pending'), ...inState('undelivered')].filter(sendsCode)
  return proved ?? outOfBand ?? code
}
