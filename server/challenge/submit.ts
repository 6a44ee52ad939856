import { type Queryable, transaction } from '#db/client.ts'
import { lockStanding } from '#db/queries/cards.ts'
import {
  type ChallengeKey,
  type ChallengeRow,
  countAttempt,
  lockChallenge,
  toChallenge,
  updateChallenge,
} from '#db/queries/challenges.ts'
import { proofsOf, updateProof } from '#db/queries/proofs.ts'
import { judgeAfterWrong } from '#domain/challenge/card-limits.ts'
import { next } from '#domain/challenge/machine.ts'
import type { Challenge, Event } from '#domain/challenge/states.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { Channel } from '#domain/contact/code-recipients.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { ProofEvent } from '#domain/methods/method.ts'
import { type MethodId, methods } from '#domain/methods/registry.ts'
import { anyCode, type Selection, selectMethod, sendsCode } from '#domain/methods/selection.ts'
import { invalidity } from '#domain/risk/card-standing.ts'
import { availableMethods, isAllowed, methodsWithoutCode } from '../methods/available.ts'
import { serverMethods } from '../methods/registry.ts'
import { now } from '../platform/clock.ts'
import { log } from '../platform/log.ts'
import { applyTransition } from './apply.ts'
import { limitsOf } from './card-limits.ts'
import { codeRecipientsOf, type RecipientsNow, recipientBy, refusal } from './code-recipients.ts'
import { reportResult } from './report-result.ts'
import { begin } from './start.ts'
import { trustable } from './trust.ts'
import { keepTypedCode } from './typed-code.ts'

// Use cases for what a cardholder submits in the window or an app. Each function ending in `In` runs in the caller's
// transaction.

export type Answer =
  | { readonly kind: 'unknown' }
  /** The window asks again; its notice is stored with the challenge. */
  | { readonly kind: 'asking' }
  /** The challenge has ended; its result is on its way to the directory server, or has arrived. */
  | { readonly kind: 'ended' }

/**
 * Submits an answer by the method that the window asks for. `trust`: also trust the merchant, where that is offered.
 */
export async function submitAnswer(windowKey: string, entered: string, trust = false): Promise<Answer> {
  return reportIfEnded(await transaction(tx => submitAnswerIn(tx, { windowKey }, entered, trust)))
}

export async function submitAnswerIn(
  tx: Queryable,
  key: ChallengeKey,
  entered: string,
  trust = false,
): Promise<Submitted | undefined> {
  const at = now()
  const row = await lockChallenge(tx, key)
  if (!row) return undefined
  // Saved whatever the answer is, so that the box stays ticked after a wrong one.
  if (row.state === 'asking' && row.trustWanted !== trust) await updateChallenge(tx, row.id, { trustWanted: trust })
  const [asked] = row.selected
  const method = asked && methods[asked]
  if (!asked || method?.answered !== 'in-window') return toSubmitted(row, await apply(tx, row, { kind: 'tick' }, at))
  const answered = (event: ProofEvent): Event => ({ kind: 'answered', method: asked, event })
  const read = method.read(entered)
  if (read.kind === 'unreadable') {
    await keepTypedCode(tx, row, entered)
    return toSubmitted(row, await apply(tx, row, answered(read), at))
  }

  // Changes to the card, made in other windows or by the issuer, and to the cardholder's contacts take precedence over
  // any answer.
  const { recipients, limits, barred } = await readFacts(tx, row, at)
  if (barred) return toSubmitted(row, await apply(tx, row, { kind: 'barred', by: barred }, at))
  const otherMethods = async () => (await methodsWithoutCode(tx, row, at, recipients)).length > 0
  if (limits.codes.kind !== 'permitted' && sendsCode(asked)) {
    const refused: Event = { kind: 'codes-refused', by: limits.codes.kind, otherMethods: await otherMethods() }
    return toSubmitted(row, await apply(tx, row, refused, at))
  }
  const allowed = (id: MethodId) => isAllowed(id, recipients)
  const proofs = await proofsOf(tx, row.id)
  await keepTypedCode(tx, row, '', proofs)
  const late = answered({ kind: 'late' })
  if (!proofs.some(({ method, state }) => state !== 'withdrawn' && allowed(method)))
    return toSubmitted(row, await apply(tx, row, late, at))
  // Counted before comparing, and under a lock, so that every answer of a burst costs an attempt.
  const counted = await countAttempt(tx, row.id, at, codePolicy.challenge.attempts, sendsCode(asked))
  const verify = serverMethods[asked].verify
  if (!counted || !verify) return toSubmitted(row, await apply(tx, row, late, at))
  const { answer } = read
  const verdict = await verify({ tx, row: counted, recipients, at, proofs, isAllowed: allowed, answer })
  if (verdict.change) await updateProof(tx, row.id, verdict.method, verdict.change)
  const { kind: codes } = judgeAfterWrong(limits.wrong, at)
  const facts = {
    ifWrong: { codes, otherMethods: codes !== 'permitted' && (await otherMethods()) },
    trust: trust && (await trustable(tx, counted, at)) !== undefined,
    foreignFrame: verdict.foreignFrame === true,
    provisional: isProvisional(verdict.method, recipients),
  }
  const event: Event = { kind: 'answered', method: verdict.method, event: verdict.event, ...facts }
  return toSubmitted(row, await apply(tx, counted, event, at, { limits }))
}

/** Whether a code of this method goes to a contact that was registered in a window and not confirmed since. */
function isProvisional(method: MethodId, recipients: RecipientsNow): boolean {
  const { channel } = methods[method]
  return channel !== undefined && recipientBy(channel, recipients)?.isProvisional === true
}

export async function resendCode(windowKey: string): Promise<Answer> {
  return reportIfEnded(await transaction(tx => resendIn(tx, { windowKey })))
}

export function resendIn(tx: Queryable, key: ChallengeKey): Promise<Submitted | undefined> {
  return beginIn(tx, key, 'resend', row => {
    // A registration sends codes by itself.
    if (row.selected.some(id => methods[id].answered === 'in-steps')) return undefined
    return row.selected.some(sendsCode) ? row.selected : anyCode
  })
}

/** Selects methods: by their ids, as a form or an SDK sends them, or `code` for every contact that may receive one. */
export async function chooseMethod(windowKey: string, chosen: readonly string[] | 'code'): Promise<Answer> {
  return reportIfEnded(await transaction(tx => chooseIn(tx, { windowKey }, chosen)))
}

export function chooseIn(
  tx: Queryable,
  key: ChallengeKey,
  chosen: readonly string[] | 'code',
): Promise<Submitted | undefined> {
  return beginIn(tx, key, 'method-selected', (_row, available) =>
    chosen === 'code' ? anyCode : selectMethod(chosen, available),
  )
}

async function beginIn(
  tx: Queryable,
  key: ChallengeKey,
  kind: 'resend' | 'method-selected',
  select: (row: ChallengeRow, available: Selection) => Selection | undefined,
): Promise<Submitted | undefined> {
  const at = now()
  const row = await lockChallenge(tx, key)
  if (!row) return undefined
  const { recipients, limits, barred } = await readFacts(tx, row, at)
  if (barred) return toSubmitted(row, await apply(tx, row, { kind: 'barred', by: barred }, at))
  const available = kind === 'resend' ? anyCode : await availableMethods(tx, row, at, recipients)
  const selected = select(row, available)
  if (!selected) return toSubmitted(row, await apply(tx, row, { kind: 'method-missing' }, at))
  const wanted = { selected, recipients, limits }
  return toSubmitted(row, await begin(tx, row, wanted, at, start => ({ kind, start })))
}

/** Reads what affects an event at this moment. Locks the card until the transaction ends. */
async function readFacts(tx: Queryable, row: ChallengeRow, at: number) {
  const standing = await lockStanding(tx, row.cardId)
  const limits = await limitsOf(tx, row, standing.codesUnlockedAt, at)
  const permitted = { codes: limits.codes.kind, pushes: limits.pushes.kind }
  const recipients = { ...(await codeRecipientsOf(tx, row, at)), ...permitted }
  return { limits, recipients, barred: invalidity(standing, at) ?? refusal(recipients.recipients) }
}

/** Returns to the choice of a method. */
export function wantOtherMethod(windowKey: string): Promise<Answer> {
  return submit(windowKey, { kind: 'other-method' })
}

/** Handles the cardholder's statement that they have answered out of band; if that is so, the challenge has ended. */
export async function checkForAnswer(windowKey: string): Promise<Answer> {
  return reportIfEnded(await transaction(tx => lookForAnswerIn(tx, { windowKey })))
}

export async function lookForAnswerIn(tx: Queryable, key: ChallengeKey): Promise<Submitted | undefined> {
  const row = await lockChallenge(tx, key)
  if (!row) return undefined
  const method = row.outOfBand.at(-1)
  const event: Event = method ? { kind: 'answered', method, event: { kind: 'missed' } } : { kind: 'tick' }
  return toSubmitted(row, await apply(tx, row, event, now()))
}

export function cancelChallenge(windowKey: string): Promise<Answer> {
  return submit(windowKey, { kind: 'cancel' })
}

/**
 * Changes the window's language. The code and its time limit stay the same, and so does what was typed in the field of
 * the page (`typed`).
 */
export async function chooseLanguage(windowKey: string, language: Language, typed = ''): Promise<Answer> {
  return reportIfEnded(
    await transaction(async tx => {
      const row = await lockChallenge(tx, { windowKey })
      if (!row) return undefined
      await keepTypedCode(tx, row, typed)
      return toSubmitted(row, await apply(tx, row, { kind: 'language', language }, now()))
    }),
  )
}

/**
 * The cardholder says that they no longer have a contact to which the code was sent. Anybody who knows the card number
 * can say so, so it holds for this challenge alone.
 */
export async function loseContact(windowKey: string, channel: Channel): Promise<Answer> {
  return reportIfEnded(await transaction(tx => loseContactIn(tx, { windowKey }, channel)))
}

async function loseContactIn(tx: Queryable, key: ChallengeKey, channel: Channel): Promise<Submitted | undefined> {
  const at = now()
  const row = await lockChallenge(tx, key)
  if (!row) return undefined
  const sent = (await proofsOf(tx, row.id)).filter(({ codeHmac }) => codeHmac !== null).map(({ method }) => method)
  const asked = row.selected.filter(id => sent.includes(id))
  if (!asked.some(id => methods[id].channel === channel))
    return toSubmitted(row, await apply(tx, row, { kind: 'tick' }, at))
  const without = { ...row, lostContacts: [...row.lostContacts, channel] }
  const { recipients, barred } = await readFacts(tx, without, at)
  if (barred) return toSubmitted(row, await apply(tx, row, { kind: 'barred', by: barred }, at))
  const stillAsked = asked.filter(id => methods[id].channel !== channel)
  const otherMethods = (await availableMethods(tx, without, at, recipients)).length > 0
  return toSubmitted(row, await apply(tx, row, { kind: 'contact-lost', channel, stillAsked, otherMethods }, at))
}

/**
 * Called by a window that shows its end: ends the challenge if its time is over, and makes sure that its result is
 * sent.
 */
export function finishChallenge(windowKey: string): Promise<Answer> {
  return submit(windowKey, { kind: 'tick' })
}

async function submit(windowKey: string, event: Event): Promise<Answer> {
  return reportIfEnded(await transaction(tx => submitIn(tx, { windowKey }, event)))
}

export async function submitIn(tx: Queryable, key: ChallengeKey, event: Event): Promise<Submitted | undefined> {
  const row = await lockChallenge(tx, key)
  return row && toSubmitted(row, await apply(tx, row, event, now()))
}

export function apply(
  tx: Queryable,
  row: ChallengeRow,
  event: Event,
  at: number,
  context: Parameters<typeof applyTransition>[4] = {},
): Promise<Challenge> {
  return applyTransition(tx, row, next(toChallenge(row), event, at), at, context)
}

export interface Submitted {
  readonly id: string
  readonly acsTransID: string
  readonly ended: boolean
  /** How the challenge ended, or the window's current notice; for the log. */
  readonly outcome: string
}

export function toSubmitted({ id, acsTransID }: ChallengeRow, challenge: Challenge): Submitted {
  if (challenge.state === 'ended') return { id, acsTransID, ended: true, outcome: challenge.outcome }
  return { id, acsTransID, ended: false, outcome: ('notice' in challenge && challenge.notice) || challenge.state }
}

/** EMV 3DS 5.2: the RReq precedes the CRes, so it is tried now; if that fails, the worker tries again. */
export async function reportIfEnded(submitted: Submitted | undefined): Promise<Answer> {
  if (!submitted) return { kind: 'unknown' }
  log.info('challenge.answered', { acsTransID: submitted.acsTransID, outcome: submitted.outcome })
  if (!submitted.ended) return { kind: 'asking' }
  await reportResult(submitted.id)
  return { kind: 'ended' }
}
