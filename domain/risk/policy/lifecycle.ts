// The steps of a policy version: a draft is tested, signed, and then used. Each step that is refused says why.

/** `active`: it decides. `shadow`: what it would decide is only recorded. */
export type PolicyUse = 'active' | 'shadow'

export type PolicyState = 'draft' | 'tested' | PolicyUse

export type PolicyStep = 'add' | 'test' | 'sign' | 'activate' | 'shadow' | 'stop'

/** What is known of a version. */
export interface PolicyVersion {
  readonly isTested: boolean
  readonly use: PolicyUse | undefined
  /** Valid signatures, by different signers. */
  readonly signatures: number
}

export type StepRefusal = 'not-tested' | 'signatures-missing' | 'active-already' | 'shadow-already' | 'not-used'

export function stateOf({ isTested, use }: Pick<PolicyVersion, 'isTested' | 'use'>): PolicyState {
  return use ?? (isTested ? 'tested' : 'draft')
}

/**
 * How many signatures a use needs. `needed`: how many the issuer requires before a policy decides. In shadow it changes
 * no answer, but every process evaluates it, so that one signer must have seen it.
 */
export function signaturesFor(use: PolicyUse, needed: number): number {
  return use === 'active' ? needed : Math.min(needed, 1)
}

/**
 * Why a step is not permitted; undefined if it is. `needed` as above. Stopping needs no signature, because a policy that
 * does harm must be stopped at once.
 */
export function refusalOf(
  step: Exclude<PolicyStep, 'add'>,
  version: PolicyVersion,
  needed: number,
): StepRefusal | undefined {
  const { isTested, use, signatures } = version
  switch (step) {
    case 'test':
      return undefined
    case 'sign':
      return isTested ? undefined : 'not-tested'
    case 'activate':
      if (!isTested) return 'not-tested'
      if (use === 'active') return 'active-already'
      return signatures >= signaturesFor('active', needed) ? undefined : 'signatures-missing'
    case 'shadow':
      if (!isTested) return 'not-tested'
      if (use !== undefined) return `${use}-already`
      return signatures >= signaturesFor('shadow', needed) ? undefined : 'signatures-missing'
    case 'stop':
      return use === undefined ? 'not-used' : undefined
  }
}
