import { type MethodId, methodIds } from './registry.ts'
import { sendsCode } from './selection.ts'

interface RecordedProof {
  readonly method: MethodId
  readonly state: 'pending' | 'undelivered' | 'withdrawn' | 'proved'
}

/**
 * The method that a result names: the one that was proved. Without one, that which was answered or awaited out of band, or else
 * that of the codes which were out; of several, the one that proves less, for both may have been read.
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
