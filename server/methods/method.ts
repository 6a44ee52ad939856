import type { Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import type { ProofRow } from '#db/queries/proofs.ts'
import type { AppScreen } from '#domain/emv/app-cres.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import type { ProofEvent } from '#domain/methods/method.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import type { CodeRequest, RecipientsNow } from '../challenge/code-recipients.ts'
import type { ScreenFacts, Shown } from '../channels/app/shown.ts'

/** What a method does outside of the rules (domain/methods/method.ts). It decides nothing. */
export interface ServerMethod {
  /** Whether what it needs is there, such as an account to answer in. Asked where the rules allow the method. */
  ready?(tx: Queryable, row: CodeRequest, at: number): Promise<boolean>
  /** Takes what a cap limits, before it is decided whether the method begins. False: the cap is reached, and nothing was taken. */
  reserve?(tx: Queryable, row: ChallengeRow, recipients: RecipientsNow, at: number): Promise<boolean>
  /** Gives it back: the method did not begin. */
  release?(tx: Queryable, row: ChallengeRow, recipients: RecipientsNow, at: number): Promise<void>
  /** Sends what the cardholder needs. Answers what the proof keeps. */
  begin(tx: Queryable, beginning: Beginning): Promise<ProofChange>
  /** Compares an answer that was entered in the window, after its try has been counted. Methods that are asked together share it. */
  verify?(verification: Verification): Promise<Verdict>
  /** How an app asks. */
  screen(shown: Shown, facts: ScreenFacts, version: MessageVersion): AppScreen
}

export interface Beginning {
  readonly row: ChallengeRow
  readonly recipients: RecipientsNow
  /** The proof, if the method began before. */
  readonly proof: ProofRow | undefined
  /** When the page of the challenge times out, and the code, if there is one. */
  readonly deadlineAt: number
  readonly expiresAt: number
  readonly at: number
}

export type ProofChange = Partial<Pick<ProofRow, 'destination' | 'codeHmac' | 'codeKeyId' | 'earlierCodes'>>

export interface Verification {
  readonly acsTransID: string
  /** The methods that are asked. */
  readonly asked: readonly MethodId[]
  readonly proofs: readonly ProofRow[]
  /** Whether a method may still be used. */
  readonly isAllowed: (method: MethodId) => boolean
  readonly answer: string
}

/** Which proof an answer is for, and what happens to it. `change`: what the proof keeps of it. */
export interface Verdict {
  readonly method: MethodId
  readonly event: ProofEvent
  readonly change?: ProofChange
}
