import type { Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { type ProofRow, proofsOf, updateProof } from '#db/queries/proofs.ts'
import { isKept } from '#domain/code/read-code.ts'
import { sendsCode } from '#domain/methods/selection.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'

// What was typed as a code is shown again after a change of language and after an error of form. It is stored, encrypted,
// because neither the URL nor a cookie may hold it.

/** Empty if nothing was kept, or if it was encrypted under a key that has been forgotten. */
export async function typedCodeOf(proofs: readonly ProofRow[]): Promise<string> {
  const proof = proofs.find(({ method, state, draft }) => sendsCode(method) && state !== 'withdrawn' && draft !== null)
  if (!proof?.draft) return ''
  return keys()
    .decrypt('outbox', proof.draft, contextOf(proof.challengeId))
    .catch(error => {
      log.error('challenge.typed-code-unreadable', { error })
      return ''
    })
}

/** Keeps what was typed while the window asks for a code, instead of what was kept before. */
export async function keepTypedCode(
  tx: Queryable,
  row: ChallengeRow,
  typed: string,
  proofs?: readonly ProofRow[],
): Promise<void> {
  if (row.state !== 'asking') return
  const asked = (proofs ?? (await proofsOf(tx, row.id))).filter(({ method }) => sendsCode(method))
  const proof = asked.find(({ draft }) => draft !== null) ?? asked[0]
  if (!proof) return
  const draft = isKept(typed) ? await keys().encrypt('outbox', typed, contextOf(row.id)) : null
  if (draft ?? proof.draft) await updateProof(tx, row.id, proof.method, { draft })
}

function contextOf(challengeId: string): string {
  return `typed-code\0${challengeId}`
}
