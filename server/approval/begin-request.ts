import type { Queryable } from '#db/client.ts'
import {
  expireRequests,
  insertRequest,
  latestRequestOf,
  openRequestOf,
  withdrawRequests,
} from '#db/queries/approval-requests.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import { type ChallengeRow, findChallenge } from '#db/queries/challenges.ts'
import { merchantCountryOf } from '#db/queries/decoupled.ts'
import { approvalPolicy } from '#domain/approval/policy.ts'
import { mayReplace, next, type RequestContent, type RequestState } from '#domain/approval/request.ts'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import { clientOf } from '../challenge/card-limits.ts'
import type { CodeRequest, RecipientsNow } from '../challenge/code-recipients.ts'
import { now } from '../platform/clock.ts'
import { newCode, newRandomId, randomOctets } from '../platform/crypto.ts'
import { approvingDevices } from './devices.ts'
import { queuePushes } from './queue-pushes.ts'

/**
 * Whether the cardholder can be asked on a device about this purchase now, or is being asked. How often is decided by
 * domain/challenge/card-limits.ts.
 */
export async function canRequestApproval(
  tx: Queryable,
  request: CodeRequest,
  { owner, larger }: Pick<RecipientsNow, 'owner' | 'larger'>,
  at: number,
): Promise<boolean> {
  const { cardholderId } = owner
  if ((await approvingDevices(tx, cardholderId, larger, at)).length === 0) return false
  const open = await openRequestOf(tx, cardholderId, at)
  return !open || open.challengeId === request.id || replaces(tx, request, open.challengeId, at)
}

/** Whether the request of another payment, which is open, makes way for one about this purchase. */
async function replaces(tx: Queryable, request: CodeRequest, other: string, at: number): Promise<boolean> {
  const payment = await findChallenge(tx, other)
  return payment !== undefined && mayReplace(await clientOf(tx, payment, at), await clientOf(tx, request, at))
}

/**
 * Asks the cardholder on every device that may approve the purchase. Returns false, and does nothing, if this challenge's
 * request is still open, or if another payment is being asked about: the window then shows that no request is open.
 */
export async function beginRequest(
  tx: Queryable,
  row: ChallengeRow,
  { owner, larger }: Pick<RecipientsNow, 'owner' | 'larger'>,
  at: number,
): Promise<boolean> {
  const { id: challengeId, cardId, purchase } = row
  const { cardholderId, language } = owner
  const open = await openRequestOf(tx, cardholderId, at)
  if (open) {
    if (open.challengeId === challengeId || !(await replaces(tx, row, open.challengeId, at))) return false
    await withdrawRequests(tx, open.challengeId, at)
  }
  await expireRequests(tx, cardholderId, at)
  const devices = await approvingDevices(tx, cardholderId, larger, at)
  const { amount, currency, exponent, merchantName } = purchase
  const expiresAt = at + approvalPolicy.lifetime
  const country = await merchantCountryOf(tx, challengeId)
  const content: RequestContent = {
    id: newRandomId(),
    merchant: shownMerchantName(merchantName),
    ...(amount && currency && exponent && { amount, currency, exponent }),
    ...(country && { country }),
    lastFour: await lastFourOf(tx, cardId),
    number: newCode(approvalPolicy.numberDigits),
    askedAt: new Date(at).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  }
  const request = { id: content.id, challengeId, cardholderId, content, nonce: randomOctets(32) }
  // The database permits one open request: of two challenges that begin one at once, the second gets none.
  if (!(await insertRequest(tx, { ...request, state: 'waiting', createdAt: at, expiresAt }))) return false
  await queuePushes(tx, { requestId: content.id, challengeId, cardholderId, language, devices, expiresAt }, at)
  return true
}

/** The newest request of a challenge as the window shows it. */
export interface ShownRequest {
  readonly state: RequestState
  readonly number: string
  readonly expiresAt: number
}

export async function requestOfChallenge(tx: Queryable, challengeId: string): Promise<ShownRequest | undefined> {
  const row = await latestRequestOf(tx, challengeId)
  if (!row) return undefined
  const { content, expiresAt } = row
  return { state: stateNow(row, now()), number: content.number, expiresAt }
}

type Stored = Pick<ShownRequest, 'state' | 'expiresAt'> & { readonly content: RequestContent }

function stateNow({ state, content, expiresAt }: Stored, at: number): RequestState {
  return next({ state, number: content.number, expiresAt }, { kind: 'tick' }, at)
}
