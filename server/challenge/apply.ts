import type { Queryable } from '#db/client.ts'
import { type ChallengeRow, fromChallenge, updateChallenge } from '#db/queries/challenges.ts'
import { rememberBrowser, rememberMethod } from '#db/queries/devices.ts'
import { updateProof } from '#db/queries/proofs.ts'
import type { Challenge, Step } from '#domain/challenge/states.ts'
import type { Erro } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { sendsCode } from '#domain/methods/selection.ts'
import { serverMethods } from '../methods/registry.ts'
import { beginMethods } from './begin-methods.ts'
import { type CardLimits, clearWrong, clientOf, countSend, countWrong, readLimits } from './card-limits.ts'
import { codeRecipientsOf, type RecipientsNow } from './code-recipients.ts'
import { closeChallenge, queueResult } from './result.ts'
import { stopCodes } from './stop-codes.ts'
import { trustMerchantOfChallenge } from './trust.ts'

interface Context {
  /** What the limits of the card permit, if already looked up. */
  readonly limits?: CardLimits
  /** Where codes may go, if already looked up. */
  readonly recipients?: RecipientsNow
  /** The Erro that ends the challenge: ours or the SDK's. */
  readonly erro?: Erro | JsonObject | undefined
}

/**
 * Saves a transition: the new state, and its messages as outbox rows, in the transaction that has locked the
 * challenge's row. Runs the effects and makes no decisions of its own. Returns the new state.
 */
export async function applyTransition(
  tx: Queryable,
  row: ChallengeRow,
  { challenge, effects }: Step,
  now: number,
  context: Context = {},
): Promise<Challenge> {
  const { id, cardId, deviceDigest } = row
  // An ended challenge never changes again.
  if (row.state === 'ended') return challenge
  let trusted = false
  for (const effect of effects) {
    switch (effect.kind) {
      case 'begin': {
        if (!('openedAt' in challenge)) break
        const { deadlineAt, codeExpiresAt: expiresAt = deadlineAt } = challenge
        const recipients = context.recipients ?? (await codeRecipientsOf(tx, row, now))
        const limits = context.limits ?? (await readLimits(tx, row, now))
        // Other methods send nothing, or have limits of their own.
        const notifies = effect.methods.some(id => sendsCode(id) || serverMethods[id].notifies)
        if (notifies && limits.sending.kind === 'permitted') await countSend(tx, limits)
        await beginMethods(tx, row, effect.methods, recipients, { deadlineAt, expiresAt, limits, at: now })
        break
      }
      case 'prove':
        await updateProof(tx, id, effect.method, { state: 'proved', provedAt: now })
        break
      case 'trust-merchant':
        trusted = await trustMerchantOfChallenge(tx, row, now)
        break
      case 'close':
        if (challenge.state === 'ended') await closeChallenge(tx, row, challenge, now)
        break
      case 'report-result':
        if (challenge.state === 'ended')
          await queueResult(tx, row, challenge, now, { method: effect.method, trusted, erro: context.erro })
        break
      case 'count-wrong-answer':
        await countWrong(tx, context.limits ?? (await readLimits(tx, row, now)), now)
        break
      case 'clear-wrong-answers':
        await clearWrong(tx, cardId, effect.of === 'card' ? undefined : await clientOf(tx, row, now))
        break
      case 'codes-stopped':
        await stopCodes(tx, row, await clientOf(tx, row, now), now)
        break
      case 'remember-browser':
        if (deviceDigest) await rememberBrowser(tx, { cardId, deviceDigest }, effect.method, now)
        break
      case 'remember-method':
        if (deviceDigest) await rememberMethod(tx, { cardId, deviceDigest }, effect.method)
        break
    }
  }
  await updateChallenge(tx, id, fromChallenge(challenge, now))
  return challenge
}
