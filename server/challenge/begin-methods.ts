import type { Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { toStoredCode } from '#db/queries/code-columns.ts'
import { dropMessages } from '#db/queries/outbox.ts'
import { type ProofRow, proofsOf, saveProof, updateProof } from '#db/queries/proofs.ts'
import { type Selection, sendsCode } from '#domain/methods/selection.ts'
import { withReplaced } from '../codes/one-time-code.ts'
import { serverMethods } from '../methods/registry.ts'
import type { CardLimits } from './card-limits.ts'
import type { RecipientsNow } from './code-recipients.ts'

interface Times {
  readonly deadlineAt: number
  readonly expiresAt: number
  readonly limits: CardLimits
  readonly at: number
}

/** Sends what the methods need and saves their proofs. A new code replaces all earlier codes. */
export async function beginMethods(
  tx: Queryable,
  row: ChallengeRow,
  methods: Selection,
  recipients: RecipientsNow,
  times: Times,
): Promise<void> {
  const proofs = await proofsOf(tx, row.id)
  if (methods.some(sendsCode)) {
    await dropMessages(tx, row.id, times.at)
    for (const proof of proofs) if (!methods.includes(proof.method)) await withdraw(tx, proof)
  }
  for (const method of methods) {
    const proof = proofs.find(each => each.method === method)
    const kept = await serverMethods[method].begin(tx, { row, recipients, proof, ...times })
    await saveProof(tx, { challengeId: row.id, method, state: 'pending', draft: null, begunAt: times.at, ...kept })
  }
}

/** Turns the proof's code into an earlier code, which no longer authenticates. */
async function withdraw(tx: Queryable, proof: ProofRow): Promise<void> {
  const stored = toStoredCode(proof)
  if (!stored) return
  const earlierCodes = withReplaced(stored)
  const change = { state: 'withdrawn', codeHmac: null, codeKeyId: null, earlierCodes, draft: null } as const
  await updateProof(tx, proof.challengeId, proof.method, change)
}
