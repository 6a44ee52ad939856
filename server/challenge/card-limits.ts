import type { Queryable } from '#db/client.ts'
import { codesUnlockedAtOf } from '#db/queries/cards.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import { isCardBrowser } from '#db/queries/devices.ts'
import {
  addFailure,
  addToTallies,
  clearFailures,
  readFailures,
  readTallies,
  type TallyKey,
} from '#db/queries/tallies.ts'
import {
  type Client,
  type CodeEntry,
  type Counted,
  judgeCode,
  judgePush,
  judgeSend,
  type Pushing,
  type PushLimit,
  type Sending,
  type SendLimit,
  type WrongFacts,
  type WrongLimit,
  wrongCodesLeft,
} from '#domain/challenge/card-limits.ts'
import { type ChallengeLimit, policy } from '#domain/challenge/policy.ts'
import type { Notice } from '#domain/challenge/states.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { PushesNow } from '#domain/methods/method.ts'
import { subjectHmac, tallyKey } from '../platform/limits.ts'
import { log } from '../platform/log.ts'

// Limits on the codes of a card and on requests to its owner's devices. The rules are in domain/challenge/card-limits.ts. Counts of one card are read and
// written while the card's row is locked. Counts over all cards are read before an answer is compared and written after
// it, without a lock in between: they may be exceeded by the answers that are being compared at the same moment.

/** The attributes of a challenge that say who its client is. */
export type ClientOf = Pick<ChallengeRow, 'cardId' | 'networkHmac' | 'directoryServer' | 'requestorID' | 'purchase'> & {
  readonly deviceDigest?: Buffer | null
}

/** What the limits of a card permit the client of a challenge at this moment. */
export interface CardLimits {
  readonly client: Client
  readonly wrong: WrongFacts
  readonly codes: CodeEntry
  readonly sending: Sending
  readonly pushes: Pushing
  readonly counts: Counts
}

/** The counters that belong to a client. */
interface Counts {
  /** Wrong codes in a row of the card are counted for this subject. */
  readonly inARow: Buffer
  readonly sends: Counters<SendLimit>
  readonly pushes: Counters<PushLimit>
  readonly wrong: Counters<WrongLimit>
}

type Counters<Limit> = readonly (readonly [Limit, TallyKey])[]

/** `unlockedAt`: when the limits of the card were last lifted. What was counted before has another subject. */
export async function limitsOf(
  tx: Queryable,
  row: ClientOf,
  unlockedAt: number | null,
  at: number,
): Promise<CardLimits> {
  const client = await clientOf(tx, row, at)
  const counts = await countsOf(client, row, cardKey(row.cardId, unlockedAt), at)
  const keys = keysOf([...counts.sends, ...counts.pushes, ...counts.wrong])
  const [failures, totals] = await Promise.all([readFailures(counts.inARow, client, tx), readTallies(keys, tx)])
  const counted = <Limit extends ChallengeLimit>(counters: Counters<Limit>): Counted<Limit>[] =>
    counters.map(([limit, key]) => ({ limit, count: totals[keys.indexOf(key)] ?? 0 }))
  const facts: WrongFacts = { client, inARow: failures.count, counted: counted(counts.wrong) }
  return {
    client,
    wrong: facts,
    codes: judgeCode(facts, at),
    sending: judgeSend(counted(counts.sends), at),
    pushes: judgePush(counted(counts.pushes), at),
    counts,
  }
}

function keysOf(counters: Counters<ChallengeLimit>): TallyKey[] {
  return counters.map(([, key]) => key)
}

/** The same without a lock on the card, for a page. */
export async function readLimits(tx: Queryable, row: ClientOf, at: number): Promise<CardLimits> {
  return limitsOf(tx, row, await codesUnlockedAtOf(tx, row.cardId), at)
}

/** What a page of the window says about limits. */
export interface LimitsShown {
  /** How many more codes may be entered. */
  readonly attemptsLeft: number
  /** When the limit ends that the page's notice is about; undefined without one. */
  readonly codesAgainAt: number | undefined
  readonly codes: CodeEntry['kind']
  readonly pushes: PushesNow
  /** When the limit on requests on devices ends; undefined where none is reached. */
  readonly pushesAgainAt: number | undefined
}

/** `offers`: the page offers methods, so it matters whether codes are among them. */
export async function limitsShown(tx: Queryable, row: ChallengeRow, at: number, offers: boolean): Promise<LimitsShown> {
  const attemptsLeft = Math.max(0, codePolicy.challenge.attempts - row.attempts)
  const isAbout = row.notice !== null && noticesOfLimits.has(row.notice)
  const unlimited = {
    codesAgainAt: undefined,
    codes: 'permitted',
    pushes: 'permitted',
    pushesAgainAt: undefined,
  } as const
  if (!offers && !isAbout && row.attempts === 0) return { attemptsLeft, ...unlimited }
  const { codes, sending, wrong, pushes } = await readLimits(tx, row, at)
  const until = 'until' in codes ? codes.until : 'until' in sending ? sending.until : undefined
  return {
    attemptsLeft: Math.min(attemptsLeft, wrongCodesLeft(wrong)),
    codesAgainAt: isAbout ? until : undefined,
    codes: codes.kind,
    pushes: pushes.kind,
    pushesAgainAt: 'until' in pushes ? pushes.until : undefined,
  }
}

const noticesOfLimits = new Set<Notice>(['codes-limited', 'codes-spent', 'resends-spent'])

/** Counts a code or an approval message that is about to be sent. */
export async function countSend(tx: Queryable, { counts }: CardLimits): Promise<void> {
  await addToTallies(tx, keysOf(counts.sends), 1)
}

/** Counts a request on devices that has begun. */
export async function countPush(tx: Queryable, { counts }: CardLimits): Promise<void> {
  await addToTallies(tx, keysOf(counts.pushes), 1)
}

export async function countWrong(tx: Queryable, { client, counts }: CardLimits, at: number): Promise<void> {
  await addFailure(tx, counts.inARow, client, at)
  const totals = await addToTallies(tx, keysOf(counts.wrong), 1)
  for (const [index, [limit]] of counts.wrong.entries()) {
    if (isAlarmed.has(limit) && totals[index] === policy.limits[limit].most) log.warn('limit.reached', { kind: limit })
  }
}

/** Limits over all cards: an operator learns that they were reached. */
const isAlarmed = new Set<ChallengeLimit>(['wrongFromNetwork', 'wrongThroughMerchant', 'wrongOfDeployment'])

/** Resets the wrong codes in a row of a card, of one kind of client or of all. */
export async function clearWrong(tx: Queryable, cardId: string, client?: Client): Promise<void> {
  const subject = await failuresOf(cardKey(cardId, await codesUnlockedAtOf(tx, cardId)))
  await clearFailures(tx, [subject], client)
}

/** Whether unknown clients may enter codes of a card; for the account. */
export async function unknownClientsOf(
  tx: Queryable,
  cardId: string,
  unlockedAt: number | null,
  at: number,
): Promise<CodeEntry> {
  const key = cardKey(cardId, unlockedAt)
  const [failures, counted] = await Promise.all([
    failuresOf(key).then(subject => readFailures(subject, 'unknown-client', tx)),
    keyOf('wrongOfCard', key, at).then(each => readTallies([each], tx)),
  ])
  const facts = { client: 'unknown-client', inARow: failures.count } as const
  return judgeCode({ ...facts, counted: [{ limit: 'wrongOfCard', count: counted[0] ?? 0 }] }, at)
}

export async function clientOf(
  tx: Queryable,
  { cardId, deviceDigest }: Pick<ClientOf, 'cardId' | 'deviceDigest'>,
  at: number,
): Promise<Client> {
  const times = { seenAfter: at - policy.deviceKnownFor, firstBefore: at - policy.ownBrowserAfter }
  return deviceDigest && (await isCardBrowser(tx, cardId, deviceDigest, times)) ? 'own-browser' : 'unknown-client'
}

/**
 * The counters of a client, always in the same order, so that transactions that count the same things wait for each
 * other and never deadlock.
 */
async function countsOf(client: Client, row: ClientOf, card: string, at: number): Promise<Counts> {
  const { deviceDigest, networkHmac } = row
  const browser = deviceDigest ? [`browser\0${deviceDigest.toString('hex')}`] : []
  const network = networkHmac ? [`network\0${networkHmac.toString('hex')}`] : []
  const merchant = merchantKey(row)
  const own = client === 'own-browser'
  const ofCard = (part: string) => `${card}\0${part}`
  const byOne = own ? browser : [...browser, ...network]
  const causedBy = (own ? byOne : [...byOne, merchant]).map(ofCard)
  const sends: (readonly [SendLimit, string])[] = causedBy.map(part => ['sendsByOne', part])
  const pushes: (readonly [PushLimit, string])[] = causedBy.map(part => ['pushesByOne', part])
  const wrong: (readonly [WrongLimit, string])[] = byOne.map(part => ['wrongByOne', ofCard(part)] as const)
  if (!own) {
    sends.push(['sendsOfCard', card])
    pushes.push(['pushesOfCard', card], ['pushesOfCardInDay', card])
    wrong.push(['wrongAtMerchant', ofCard(merchant)], ['wrongOfCard', card])
    wrong.push(...network.map(part => ['wrongFromNetwork', part] as const))
    wrong.push(['wrongThroughMerchant', merchant], ['wrongOfDeployment', ''])
  }
  const keyed = <Limit extends ChallengeLimit>(subjects: readonly (readonly [Limit, string])[]) =>
    Promise.all(subjects.map(async ([limit, subject]) => [limit, await keyOf(limit, subject, at)] as const))
  return {
    inARow: await failuresOf(card),
    sends: await keyed(sends),
    pushes: await keyed(pushes),
    wrong: await keyed(wrong),
  }
}

function keyOf(limit: ChallengeLimit, subject: string, at: number): Promise<TallyKey> {
  return tallyKey(`challenge.${limit}`, subject, policy.limits[limit].window, at)
}

function failuresOf(card: string): Promise<Buffer> {
  return subjectHmac('attempts', card)
}

function cardKey(cardId: string, unlockedAt: number | null): string {
  return `card\0${cardId}\0${unlockedAt ?? ''}`
}

/** A non-payment may lack the merchant's id; then the requestor takes its place. */
export function merchantKey({ directoryServer, requestorID, purchase }: ClientOf): string {
  const { acquirerBIN = '', merchantID } = purchase
  return `merchant\0${directoryServer}\0${merchantID ? `${acquirerBIN}\0${merchantID}` : `\0${requestorID}`}`
}
