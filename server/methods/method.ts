import type { Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import type { ProofRow } from '#db/queries/proofs.ts'
import type { AppScreen } from '#domain/emv/app-cres.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { ProofEvent } from '#domain/methods/method.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import type { CardLimits } from '../challenge/card-limits.ts'
import type { CodeRequest, RecipientsNow } from '../challenge/code-recipients.ts'
import type { ScreenFacts, Shown } from '../channels/app/shown.ts'

/** The part of a method that is not rules (those are in domain/methods/method.ts). It makes no decisions. */
export interface ServerMethod {
  /**
   * Whether the method's prerequisites are met, such as an account to answer in. Called only if the rules allow the
   * method.
   */
  ready?(tx: Queryable, row: CodeRequest, recipients: RecipientsNow, at: number): Promise<boolean>
  /** Beginning it sends the cardholder a message, which counts as one of the card. */
  readonly notifies?: true
  /**
   * Counts a send under its cap, before it is decided whether the method begins. Returns false if the cap is reached;
   * then nothing was counted.
   */
  reserve?(tx: Queryable, row: ChallengeRow, recipients: RecipientsNow, at: number): Promise<boolean>
  /** Undoes `reserve`: the method did not begin. */
  release?(tx: Queryable, row: ChallengeRow, recipients: RecipientsNow, at: number): Promise<void>
  /** Sends what the cardholder needs. Returns what the proof stores. */
  begin(tx: Queryable, beginning: Beginning): Promise<ProofChange>
  /**
   * Compares an answer that was entered in the window, after its attempt has been counted. Methods used together share
   * it.
   */
  verify?(verification: Verification): Promise<Verdict>
  /** The method's screen in an app; absent if the method can be used in browsers only. */
  screen?(shown: Shown, facts: ScreenFacts, version: MessageVersion): AppScreen
}

export interface Beginning {
  readonly row: ChallengeRow
  readonly recipients: RecipientsNow
  /** The proof, if the method was begun before. */
  readonly proof: ProofRow | undefined
  /** When the challenge's page times out, and when the code expires, if there is one. */
  readonly deadlineAt: number
  readonly expiresAt: number
  /** What the limits of the card permit. */
  readonly limits: CardLimits
  readonly at: number
}

export type ProofChange = Partial<
  Pick<ProofRow, 'destination' | 'codeHmac' | 'codeKeyId' | 'earlierCodes' | 'request' | 'nonce' | 'evidence'>
>

export interface Verification {
  /** The transaction that has locked the challenge and its card. */
  readonly tx: Queryable
  readonly row: ChallengeRow
  readonly recipients: RecipientsNow
  readonly at: number
  readonly proofs: readonly ProofRow[]
  /** Whether a method may still be used. */
  readonly isAllowed: (method: MethodId) => boolean
  readonly answer: string
}

/** Which proof an answer belongs to, and the event for it. `change`: what the proof stores of it. */
export interface Verdict {
  readonly method: MethodId
  readonly event: ProofEvent
  readonly change?: ProofChange
  /** The window is in the frame of a page that is not known to be the merchant's. */
  readonly foreignFrame?: boolean
}
