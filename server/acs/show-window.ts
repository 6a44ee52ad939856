import { database } from '#db/client.ts'
import { type ChallengeRow, readWindow } from '#db/queries/challenges.ts'
import { deliveriesOf } from '#db/queries/outbox.ts'
import type { Purchase } from '#db/schema.ts'
import type { Language, Notice } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Way } from '#domain/challenge/ways.ts'
import { type DeliveryState, deliveryState } from '#domain/contact/delivery.ts'
import type { Channel } from '#domain/contact/routes.ts'
import { encodeMessage } from '#domain/emv/codec.ts'
import { erro } from '#domain/emv/erro.ts'
import { cres } from '#domain/emv/messages.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import { personalMessageOf } from '../account/personal-message.ts'
import { now } from '../platform/clock.ts'
import { sameBytes } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { accountAddress } from './account-address.ts'
import { tick } from './answer-challenge.ts'
import { reportResult } from './report-result.ts'
import { idsOf } from './save-step.ts'
import { trustOffer } from './trust.ts'
import { type WaysNow, waysNow } from './ways.ts'

interface Shown {
  readonly language: Language
  readonly purchase: Purchase
  readonly lastFour: string
  /** What the cardholder chose to know us by. */
  readonly greeting: string | undefined
}

/** What the window shows. Nothing in it is secret, and nothing of it tells more than the cardholder knows. */
export type Window =
  | { readonly kind: 'unknown' }
  | (Page & {
      readonly kind: 'choosing'
      readonly ways: readonly Way[]
      /** Where codes would go. */
      readonly masked: WaysNow['masked']
    })
  | (Page & {
      readonly kind: 'asking'
      readonly destinations: readonly Destination[]
      readonly attemptsLeft: number
      readonly codeExpiresAt: number
      readonly lastSentAt: number
      /** Up to which amount, minor units of the purchase's currency, its shop could be trusted; undefined: not offered. */
      readonly trust: { readonly limit: bigint; readonly wanted: boolean } | undefined
      /** The cardholder may choose again. */
      readonly otherWays: boolean
    })
  | (Page & {
      readonly kind: 'awaiting-approval'
      /** Where to answer, as one types it. */
      readonly address: string
      /** A code can be sent instead. */
      readonly codes: boolean
    })
  | (Shown & { readonly kind: 'ended'; readonly ending: Ending; readonly post: MerchantPost })

/** What every page of an open window has. */
interface Page extends Shown {
  readonly notice: Notice | undefined
  readonly deadlineAt: number
  readonly now: number
  readonly formToken: string
  /** An answer may come from the account, and is looked for. */
  readonly askedInAccount: boolean
}

/** Where the code in the window went. */
export interface Destination {
  readonly channel: Channel
  readonly masked: string
  readonly state: DeliveryState
}

/** The form that leads back to the merchant. */
export interface MerchantPost {
  readonly notificationURL: string
  readonly fields: Readonly<Record<string, string>>
}

/** Reads a window. It sends nothing and changes nothing, but that time which has run out is seen to have. */
export async function showWindow(windowKey: string): Promise<Window> {
  if (!isWindowKey(windowKey)) return { kind: 'unknown' }
  let found = await readWindow(windowKey)
  const overdue = found?.challenge.deadlineAt && found.challenge.deadlineAt.getTime() <= now()
  if (overdue) {
    await tick(windowKey)
    found = await readWindow(windowKey)
  }
  if (!found) return { kind: 'unknown' }
  const { challenge: row, lastFour, cardholderId } = found
  const greeting = await personalMessageOf(database(), cardholderId)
  const shown: Shown = { language: row.language, purchase: row.purchase, lastFour, greeting }
  if (row.state === 'ended') {
    // The form that leads back carries the CRes, which comes after the RReq: also for who looks a second time meanwhile.
    await reportResult(row.acsTransID)
    return { kind: 'ended', ending: row.ending ?? 'own-fault', post: resultPost(row), ...shown }
  }
  const page: Page = {
    notice: row.notice ?? undefined,
    deadlineAt: row.deadlineAt?.getTime() ?? 0,
    now: now(),
    formToken: await formToken(windowKey),
    askedInAccount: row.askedInAccount,
    ...shown,
  }
  // Most want a code, which asks nothing more of the database.
  const { ways, masked } =
    row.preference === 'codes' && row.state === 'asking' ? onlyCodes : await waysNow(database(), row, page.now)
  switch (row.state) {
    case 'choosing':
      return { kind: 'choosing', ways, masked, ...page }
    case 'awaiting-approval':
      return { kind: 'awaiting-approval', address: accountAddress(row.language), codes: ways.some(isCode), ...page }
    default:
      return {
        kind: 'asking',
        destinations: await destinationsOf(row),
        attemptsLeft: Math.max(0, policy.codeAttempts - row.attempts),
        codeExpiresAt: row.codeExpiresAt?.getTime() ?? 0,
        lastSentAt: row.lastSentAt?.getTime() ?? 0,
        otherWays: ways.length > 1,
        trust: await trustOffered(row),
        ...page,
      }
  }
}

async function trustOffered(row: ChallengeRow) {
  const limit = await trustOffer(database(), row, now())
  return limit === undefined ? undefined : { limit, wanted: row.trustWanted }
}

const onlyCodes: WaysNow = { ways: [], masked: { email: '', sms: '' } }
const isCode = (way: Way) => way !== 'account'

async function destinationsOf(row: ChallengeRow): Promise<Destination[]> {
  const sent = await deliveriesOf(database(), row.acsTransID, row.lastSentAt?.getTime() ?? 0)
  const masked = { email: row.destination, sms: row.destinationMobile }
  return (['email', 'sms'] as const).flatMap(channel => {
    const delivery = sent.find(({ kind }) => kind === channel)
    return masked[channel] && delivery ? [{ channel, masked: masked[channel], state: deliveryState(delivery) }] : []
  })
}

/** Proof that a form came from a page of this window. */
export async function formToken(windowKey: string): Promise<string> {
  return (await keys().mac('window', windowKey)).tag.toString('base64url')
}

/** Whether a posted form belongs to the window it names, under any key still held. */
export async function isFormOf(windowKey: string, token: string): Promise<boolean> {
  if (!isWindowKey(windowKey)) return false
  const tags = await keys().macs('window', windowKey)
  return tags.some(({ tag }) => sameBytes(tag, Buffer.from(token.slice(0, 100), 'base64url')))
}

function isWindowKey(value: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(value)
}

/** EMV 3DS table A.3: the final CRes, or after a time-out or a broken CReq the Erro, and the session data as it came. */
function resultPost(row: ChallengeRow): MerchantPost {
  const session = row.sessionData === null ? {} : { threeDSSessionData: row.sessionData }
  const about = { ...idsOf(row), messageType: 'CReq' }
  switch (row.ending) {
    case 'window-timed-out':
    case 'window-not-opened':
      return errorPost(row, erro('402', 'the challenge has timed out', about), session)
    case 'bad-creq':
      return errorPost(row, erro('305', 'the CReq', about), session)
    default: {
      const message = cres(idsOf(row), row.ending ?? 'own-fault')
      return { notificationURL: row.notificationURL, fields: { cres: encodeMessage(message), ...session } }
    }
  }
}

/** An Erro on its way to the merchant; the field's name is the one that clients in the field tell from a CRes. */
export function errorPost(
  row: Pick<ChallengeRow, 'notificationURL'>,
  message: object,
  session: Record<string, string> = {},
): MerchantPost {
  return { notificationURL: row.notificationURL, fields: { erro: encodeMessage(message), ...session } }
}
