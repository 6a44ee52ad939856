import type { Queryable } from '#db/client.ts'
import type { ChangeRow } from '#db/queries/contact-changes.ts'
import { type ProofRow, proofsOf } from '#db/queries/proofs.ts'
import { changesOfChallenge } from '#db/queries/registrations.ts'
import { type RegistrationStep, registrationStep } from '#domain/registration/step.ts'
import { keys } from '../platform/keys.ts'

/** A registration as it is stored. */
export interface Underway {
  readonly step: RegistrationStep
  readonly proof: ProofRow
  /** The change whose code is awaited at the step `code`. */
  readonly change: ChangeRow | undefined
  /** When the mobile number that was registered in this window becomes effective. */
  readonly mobileFrom: number | undefined
}

/** Undefined if the challenge has not begun a registration. */
export async function underwayIn(tx: Queryable, challengeId: string, at: number): Promise<Underway | undefined> {
  const proof = (await proofsOf(tx, challengeId)).find(({ method }) => method === 'registration')
  if (!proof) return undefined
  const changes = await changesOfChallenge(tx, challengeId)
  const change = changes.find(({ state }) => state === 'asking')
  const step = registrationStep({ factsProvedAt: proof.factsProvedAt ?? undefined, asking: change }, at)
  const mobile = changes.find(({ kind, state }) => kind === 'mobile' && state === 'confirmed')
  return { step, proof, change: step === 'code' ? change : undefined, mobileFrom: mobile?.effectiveAt ?? undefined }
}

/** What was typed as the new contact last: shown again, so that it can be corrected. */
export async function draftOf({ challengeId, draft }: ProofRow): Promise<string> {
  return draft === null ? '' : keys().decrypt('contact', draft, draftContext(challengeId))
}

export function encryptDraft(challengeId: string, typed: string): Promise<string> {
  return keys().encrypt('contact', typed, draftContext(challengeId))
}

function draftContext(challengeId: string): string {
  return `registration\0${challengeId}`
}
