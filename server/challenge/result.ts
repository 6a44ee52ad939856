import type { Queryable } from '#db/client.ts'
import { readAppChannel, updateAppChannel } from '#db/queries/app-channels.ts'
import { withdrawRequests } from '#db/queries/approval-requests.ts'
import { announcedMethodsOf } from '#db/queries/authentications.ts'
import { numberHmacOf } from '#db/queries/cards.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { sdkTransIDOf } from '#db/queries/decoupled.ts'
import { dropMessages, dropMessagesAbout, enqueue } from '#db/queries/outbox.ts'
import { forgetCodes, proofsOf } from '#db/queries/proofs.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Ended } from '#domain/challenge/states.ts'
import type { AuthenticationElements } from '#domain/emv/authentication-method.ts'
import type { Erro } from '#domain/emv/erro.ts'
import type { JsonObject, MessageCategory } from '#domain/emv/field.ts'
import { rreq, type TransactionIds } from '#domain/emv/messages.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import { type MethodId, methods } from '#domain/methods/registry.ts'
import { reportedMethod } from '#domain/methods/reported.ts'
import { audit } from '../audit/audit.ts'
import { issueAuthenticationValue } from '../authorisation/authentication-value.ts'
import { newId } from '../platform/crypto.ts'
import { outgoing } from '../platform/outgoing.ts'
import { recordEnd } from '../risk/history/record.ts'
import { trustInResult } from './trust.ts'

/** Outcomes after which an SDK gets no more CRes, only an Erro. */
const outcomesWithoutCRes: ReadonlySet<Outcome> = new Set([
  'window-not-opened',
  'window-timed-out',
  'bad-creq',
  'sdk-failed',
  'sdk-erro',
])

interface About {
  /** The out-of-band method that the cardholder answered by, or was still expected to. */
  readonly method: MethodId | undefined
  /** Whether the cardholder has just trusted the merchant. */
  readonly trusted: boolean
  readonly erro: Erro | JsonObject | undefined
}

/** How 2.3.1 names a passkey that the merchant's page asks for. */
const bySpc: AuthenticationElements = { authenticationMethod: '14', authenticationType: '02' }

/**
 * Records that a challenge has ended, and drops what only an open one needs: codes, messages, requests for approval.
 * Returns the method that its result reports.
 */
export async function closeChallenge(
  tx: Queryable,
  { id, acsTransID, cardId }: ChallengeRow,
  { outcome, attempts }: Ended,
  now: number,
  outOfBand?: MethodId,
): Promise<MethodId | undefined> {
  const method = reportedMethod(await proofsOf(tx, id), outOfBand)
  const ended = { type: 'challenge-ended', outcome, attempts, ...(method && { method }) } as const
  await audit(tx, { ...ended, cardId, ref: id })
  await recordEnd(tx, { id, acsTransID, cardId }, outcome, now)
  await forgetCodes(tx, id)
  await dropMessages(tx, id, now)
  await dropMessagesAbout(tx, id, now)
  await withdrawRequests(tx, id, now)
  return method
}

/**
 * Builds the RReq in the transaction that ends the challenge. It never changes afterwards: every try sends the same
 * bytes.
 */
export async function queueResult(
  tx: Queryable,
  row: ChallengeRow,
  challenge: Ended,
  now: number,
  { method: outOfBand, trusted, erro }: About,
): Promise<void> {
  const { id, messageCategory, messageVersion } = row
  const { outcome, interactions } = challenge
  const method = await closeChallenge(tx, row, challenge, now, outOfBand)
  const decoupled = row.state === 'awaiting-cardholder' ? { sdkTransID: await sdkTransIDOf(tx, id) } : undefined
  const app = await readAppChannel(tx, id)
  // After a time-out or an error, the device is answered unencrypted from now on.
  if (app && outcomesWithoutCRes.has(outcome)) await updateAppChannel(tx, id, { secret: null })
  const proven = (outcome === 'authenticated' || outcome === 'approved') && messageCategory === '01'
  const message = rreq(idsOf(row), {
    outcome,
    messageCategory,
    interactions,
    erro: outcome === 'bad-creq' || outcome === 'sdk-erro' ? erro : undefined,
    ...(method && { method: row.state === 'awaiting-assertion' ? bySpc : methods[method].emv(messageVersion) }),
    announced: messageVersion === '2.3.1' && !method ? await announcedMethodsOf(tx, id) : undefined,
    trust: await trustInResult(tx, row, trusted, now),
    ...(decoupled && { decoupled }),
    ...(app && { app: { sdkTransID: app.sdkTransID, acsRenderingType: app.rendering } }),
    ...(proven && {
      authenticationValue: await issueAuthenticationValue(
        row.range,
        await numberHmacOf(tx, row.cardId),
        'challenge',
        now,
        {
          amount: row.purchase.amount ?? '',
          currency: row.purchase.currency ?? '',
          merchantID: row.purchase.merchantID,
        },
      ),
    }),
  })
  // Only the channel of an app matters: the requestor's own (03) has no element that a browser's lacks.
  const channel = app || decoupled?.sdkTransID !== undefined ? '01' : '02'
  outgoing(message, { channel, category: messageCategory as MessageCategory, decoupled: decoupled !== undefined })
  await enqueue(tx, {
    id: newId(now),
    kind: 'rreq',
    host: URL.canParse(row.dsURL) ? new URL(row.dsURL).host : '',
    challengeId: id,
    body: JSON.stringify(message),
    nextAt: now + policy.resultHeadStart,
    createdAt: now,
  })
}

export function idsOf(row: ChallengeRow): TransactionIds {
  const { messageVersion, threeDSServerTransID, dsTransID, acsTransID } = row
  return { messageVersion, threeDSServerTransID, dsTransID, acsTransID }
}
