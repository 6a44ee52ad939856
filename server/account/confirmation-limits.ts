import type { Queryable } from '#db/client.ts'
import type { ConfirmationRow } from '#db/queries/confirmations.ts'
import { countTry } from '../platform/limits.ts'
import { accountKey, attempterOf, countAttempt, countSend, forgiveAttempt, previewAttempt } from './attempts.ts'
import type { Visitor } from './visitor.ts'

// How often codes of the account may be requested and entered (docs/limits.md).

/** Why a code is not sent, or not compared. */
export type NotNow =
  | { readonly kind: 'limited'; readonly until: number }
  /** Too many wrong codes in a row: the cardholder has to show something stronger. */
  | { readonly kind: 'stopped' }

/** Where a code goes, and its purpose. */
type Going = Pick<ConfirmationRow, 'purpose' | 'channel'> & {
  readonly to: string
  readonly cardholderId: string | null | undefined
}

/** Counts a code that is about to be sent. Permits none that could not be entered when it arrives. */
export async function permitSend(visitor: Visitor, { purpose, channel, to, cardholderId }: Going) {
  if (purpose !== 'sign-in' && purpose !== 'confirm') {
    const { visit, network } = visitor
    return countSend({ budget: 'enrolment', one: visit, network, cardholderId: cardholderId ?? '' }, channel, to)
  }
  const trier = await attempterOf(visitor, purpose, cardholderId)
  const attempt = await previewAttempt(trier, accountKey(purpose, to, cardholderId))
  return attempt.kind === 'permitted' ? countSend(trier, channel, to) : attempt
}

/** Counts a code that was entered; the caller takes the count back with `forgive` if the code was right. */
export async function permitAttempt(visitor: Visitor, { purpose, to, cardholderId }: Going) {
  if (purpose !== 'sign-in' && purpose !== 'confirm') {
    const permission = await countTry('enrolmentCodes', cardholderId ?? '')
    return permission.kind === 'permitted' ? { ...permission, forgive: async () => {} } : permission
  }
  const trier = await attempterOf(visitor, purpose, cardholderId)
  const account = accountKey(purpose, to, cardholderId)
  const attempt = await countAttempt(trier, account)
  return attempt.kind === 'permitted'
    ? { ...attempt, forgive: (tx: Queryable) => forgiveAttempt(tx, trier, account) }
    : attempt
}
