import { type MethodId, methodIds, methods } from './registry.ts'

interface RecordedProof {
  readonly method: MethodId
  readonly state: 'pending' | 'undelivered' | 'withdrawn' | 'proved'
}

/**
 * The method that a result reports: the one that was proved. Otherwise the one that was answered or awaited out of
 * band, otherwise the pending one of the window. Of several pending ones it is the one that proves less, because the
 * cardholder may have read both codes.
 */
export function reportedMethod(
  proofs: readonly RecordedProof[],
  outOfBand: MethodId | undefined,
): MethodId | undefined {
  const inState = (...states: RecordedProof['state'][]) =>
    methodIds.filter(id => proofs.some(({ method, state }) => method === id && states.includes(state)))
  const [proved] = inState('proved')
  const [asked] = [...inState('pending'), ...inState('undelivered')].filter(
    id => methods[id].answered !== 'out-of-band',
  )
  return proved ?? outOfBand ?? asked
}
