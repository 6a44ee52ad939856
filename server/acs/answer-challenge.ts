import { type Queryable, transaction } from '#db/client.ts'
import { lockStanding, openedSince } from '#db/queries/cards.ts'
import { type ChallengeRow, countAttempt, lockWindow, toChallenge, updateChallenge } from '#db/queries/challenges.ts'
import { type Event, type Language, next } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import { chosenOf } from '#domain/challenge/ways.ts'
import { readCode } from '#domain/code/read-code.ts'
import { barredBy } from '#domain/risk/card-standing.ts'
import { recogniseEarlier } from '../earlier-codes.ts'
import { now } from '../platform/clock.ts'
import { sameBytes } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { reportResult } from './report-result.ts'
import { isOvertaken, refusalOf } from './routes.ts'
import { saveStep } from './save-step.ts'
import { codeInput } from './send-code.ts'
import { wantTrust } from './trust.ts'
import { waysNow } from './ways.ts'

export type Answer =
  | { readonly kind: 'unknown' }
  /** The window asks again; what it says stands in the challenge. */
  | { readonly kind: 'asking' }
  /** Over; the result is on its way to the directory server, or has arrived. */
  | { readonly kind: 'ended' }

/** The cardholder submits a code; `trust`: and wants the shop to be trusted, which counts where it was offered. */
export async function answerChallenge(windowKey: string, typed: string, trust = false): Promise<Answer> {
  return settle(await transaction(tx => answerIn(tx, windowKey, typed, trust)))
}

/** The same inside a transaction of the caller's. */
export async function answerIn(
  tx: Queryable,
  windowKey: string,
  typed: string,
  trust = false,
): Promise<Taken | undefined> {
  await wantTrust(tx, windowKey, trust)
  const read = readCode(typed)
  if (read.kind !== 'code') return submitIn(tx, windowKey, { kind: 'code-refused', why: read.kind })
  const at = now()
  const row = await lockWindow(tx, windowKey)
  if (!row) return undefined
  // What has happened since to the card, in other windows or at the issuer, or to its owner's contacts, counts before any code does.
  const barred = await barredNow(tx, row, at)
  if (barred) return take(tx, row, { kind: 'barred', by: barred }, at)
  if (await isOvertaken(tx, row, at)) return take(tx, row, { kind: 'code-late' }, at)
  // Counted before comparing, and under a lock: a burst of codes costs as many tries as it has codes.
  const counted = await countAttempt(tx, windowKey, at, policy.codeAttempts)
  if (!counted) return take(tx, row, { kind: 'code-late' }, at)
  if (await isCode(counted, read.code)) return take(tx, counted, { kind: 'code-compared', match: true }, at)
  const earlier = await recogniseEarlier(counted.earlierCodes, codeInput(counted.acsTransID, read.code))
  if (!earlier) return take(tx, counted, { kind: 'code-compared', match: false }, at)
  await updateChallenge(tx, counted.acsTransID, { earlierCodes: earlier.earlierCodes })
  return take(tx, counted, { kind: 'code-earlier', free: earlier.free }, at)
}

export async function resendCode(windowKey: string): Promise<Answer> {
  return settle(await transaction(tx => resendIn(tx, windowKey)))
}

export async function resendIn(tx: Queryable, windowKey: string): Promise<Taken | undefined> {
  const at = now()
  const row = await lockWindow(tx, windowKey)
  if (!row) return undefined
  const barred = await barredNow(tx, row, at)
  if (barred) return take(tx, row, { kind: 'barred', by: barred }, at)
  const { codes } = await openedSince(tx, row.cardId, at - policy.floodTime)
  return take(tx, row, { kind: 'resend', flooded: codes >= policy.codesPerCardPerHour }, at)
}

async function barredNow(tx: Queryable, row: ChallengeRow, at: number) {
  return barredBy(await lockStanding(tx, row.cardId), at) ?? (await refusalOf(tx, row, at))
}

/** The cardholder says how to be asked: names of ways as a form or an SDK gives them, or `codes`, whichever contacts there are. */
export async function chooseWay(windowKey: string, chosen: readonly string[] | 'codes'): Promise<Answer> {
  return settle(await transaction(tx => chooseIn(tx, windowKey, chosen)))
}

export async function chooseIn(
  tx: Queryable,
  windowKey: string,
  chosen: readonly string[] | 'codes',
): Promise<Taken | undefined> {
  const at = now()
  const row = await lockWindow(tx, windowKey)
  if (!row) return undefined
  const barred = await barredNow(tx, row, at)
  if (barred) return take(tx, row, { kind: 'barred', by: barred }, at)
  const { ways } = await waysNow(tx, row, at)
  const way = chosen === 'codes' ? 'both' : chosenOf(chosen, ways)
  if (!way) return take(tx, row, { kind: 'way-refused' }, at)
  const { codes } = await openedSince(tx, row.cardId, at - policy.floodTime)
  return take(tx, row, { kind: 'way-chosen', way, flooded: codes >= policy.codesPerCardPerHour }, at)
}

/** Back to the question which way. */
export function wantOtherWay(windowKey: string): Promise<Answer> {
  return submit(windowKey, { kind: 'other-way' })
}

/** The cardholder says to have answered in the account; if so, the challenge has ended. */
export function lookForAnswer(windowKey: string): Promise<Answer> {
  return submit(windowKey, { kind: 'answer-missed' })
}

export function cancelChallenge(windowKey: string): Promise<Answer> {
  return submit(windowKey, { kind: 'cancel' })
}

/** The window goes on in another language, with the same code and the same time. */
export function chooseLanguage(windowKey: string, language: Language): Promise<Answer> {
  return submit(windowKey, { kind: 'language', language })
}

/** Time has passed: ends the challenge if its page has timed out. */
export function tick(windowKey: string): Promise<Answer> {
  return submit(windowKey, { kind: 'tick' })
}

async function submit(windowKey: string, event: Event): Promise<Answer> {
  return settle(await transaction(tx => submitIn(tx, windowKey, event)))
}

export async function submitIn(tx: Queryable, windowKey: string, event: Event): Promise<Taken | undefined> {
  const row = await lockWindow(tx, windowKey)
  return row && take(tx, row, event, now())
}

export interface Taken {
  readonly acsTransID: string
  readonly ended: boolean
  /** The ending, or what the window says now; for the log. */
  readonly outcome: string
}

async function take(tx: Queryable, row: ChallengeRow, event: Event, at: number): Promise<Taken> {
  const challenge = await saveStep(tx, row, next(toChallenge(row), event, at), at)
  const outcome =
    challenge.state === 'ended' ? challenge.ending : 'notice' in challenge ? (challenge.notice ?? challenge.state) : ''
  return { acsTransID: row.acsTransID, ended: challenge.state === 'ended', outcome }
}

/** EMV 3DS 5.2: the RReq goes before the CRes, so it is tried now; if that fails, the worker goes on. */
async function settle(taken: Taken | undefined): Promise<Answer> {
  if (!taken) return { kind: 'unknown' }
  log.info('challenge.answered', { acsTransID: taken.acsTransID, outcome: taken.outcome })
  if (!taken.ended) return { kind: 'asking' }
  await reportResult(taken.acsTransID)
  return { kind: 'ended' }
}

async function isCode(row: ChallengeRow, code: string): Promise<boolean> {
  if (row.codeTag === null || row.codeKeyId === null) return false
  const tag = await keys().macUnder('code', row.codeKeyId, codeInput(row.acsTransID, code))
  return tag !== undefined && sameBytes(tag, row.codeTag)
}
