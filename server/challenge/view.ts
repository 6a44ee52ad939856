import { database } from '#db/client.ts'
import { type ChallengeRow, readWindow, toChallenge } from '#db/queries/challenges.ts'
import { isResultPending } from '#db/queries/outbox.ts'
import { type ProofRow, proofsOf } from '#db/queries/proofs.ts'
import type { Purchase } from '#db/schema.ts'
import { asOf } from '#domain/challenge/machine.ts'
import type { Notice } from '#domain/challenge/states.ts'
import type { Channel } from '#domain/contact/code-recipients.ts'
import type { CodeDelivery } from '#domain/contact/delivery.ts'
import { encodeMessage } from '#domain/emv/codec.ts'
import { erro } from '#domain/emv/erro.ts'
import { cres } from '#domain/emv/messages.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import type { Language } from '#domain/kernel/language.ts'
import { type Selection, sendsCode } from '#domain/methods/selection.ts'
import { personalMessageOf } from '../account/personal-message.ts'
import { requestOfChallenge, type ShownRequest } from '../approval/begin-request.ts'
import { offeredMethods } from '../methods/available.ts'
import { nothingOffered, type Offered } from '../methods/offered.ts'
import { passkeyChallengeOf } from '../methods/passkey.ts'
import { now } from '../platform/clock.ts'
import { sameBytes } from '../platform/crypto.ts'
import { keys } from '../platform/keys.ts'
import { outgoing } from '../platform/outgoing.ts'
import { factsEntry } from '../registration/facts-limits.ts'
import { type RegistrationShown, shownRegistration } from '../registration/show.ts'
import { accountAddress } from './account-address.ts'
import { limitsShown, readLimits } from './card-limits.ts'
import { deliveriesNow } from './deliveries.ts'
import { idsOf } from './result.ts'
import { type TrustOffer, trustOffer } from './trust.ts'
import { typedCodeOf } from './typed-code.ts'

interface Shown {
  readonly language: Language
  readonly purchase: Purchase
  readonly lastFour: string
  /** The phrase that the cardholder chose, by which they recognise the real window. */
  readonly personalMessage: string | undefined
}

/** What the window shows. It contains no secrets and nothing that the cardholder does not already know. */
export type Window =
  | { readonly kind: 'unknown' }
  | (Page & { readonly kind: 'choosing'; readonly offered: Offered })
  /** The page of the first method asks for an answer. */
  | (Page & {
      readonly kind: 'asking'
      readonly asked: Selection
      readonly destinations: readonly Destination[]
      readonly attemptsLeft: number
      readonly codeExpiresAt: number
      readonly lastSentAt: number
      /** What was typed in the field before, to be corrected. */
      readonly typed: string
      /** The amount up to which the merchant could be trusted; undefined where trust is not offered. */
      readonly trust: (TrustOffer & { readonly wanted: boolean }) | undefined
      /** Whether the cardholder may choose another method. */
      readonly otherMethods: boolean
      /** The methods that a button of the page may begin. */
      readonly available: Selection
      /** The WebAuthn challenge (base64url), if the page asks for a passkey. */
      readonly passkeyChallenge: string | undefined
      /** The step of a registration, if the page asks for one. */
      readonly registration: RegistrationShown | undefined
    })
  | (Page & {
      readonly kind: 'awaiting-approval'
      readonly asked: Selection
      /** Address of the account, as text to type. */
      readonly address: string
      /** Whether a code can be sent instead. */
      readonly codes: boolean
      /** Whether the cardholder may choose another method that sends no code. */
      readonly otherMethods: boolean
      /** The newest request on the cardholder's devices, if there was one. */
      readonly request: ShownRequest | undefined
      /** Whether the cardholder can be asked on a device now. */
      readonly devices: boolean
      /** When the limit ends because of which they cannot; undefined if it is another reason. */
      readonly devicesAgainAt: number | undefined
    })
  /**
   * `post` leads back to the merchant once the result has been tried, because the CRes follows the RReq. Until then the
   * window's own form calls `finishChallenge`.
   */
  | (Shown & {
      readonly kind: 'ended'
      readonly outcome: Outcome
      /** The limit because of which the outcome is `locked` or `facts-spent`, and when it ends. */
      readonly limit: LimitShown | undefined
      readonly formToken: string
      readonly post: MerchantPost | undefined
    })

/** What every page of an open window has. */
interface Page extends Shown {
  readonly notice: Notice | undefined
  readonly deadlineAt: number
  readonly now: number
  readonly formToken: string
  /** When the limit that a notice is about ends; undefined without one. */
  readonly codesAgainAt: number | undefined
  /** The browser opened the window as a page of its own. */
  readonly isTopLevel: boolean
  /** Whether an out-of-band answer may arrive, so that the page checks for it. */
  readonly isAwaited: boolean
}

/** A contact to which the window's code was sent. */
interface Destination {
  readonly channel: Channel
  readonly masked: string
  readonly state: CodeDelivery
}

/** The form that leads back to the merchant. */
export interface MerchantPost {
  readonly notificationURL: string
  readonly fields: Readonly<Record<string, string>>
}

/**
 * Reads a window as it is at this moment, and neither writes nor sends anything. A window whose time is over is shown
 * as ended, although the worker or the form on its page has yet to save that.
 */
export async function showWindow(windowKey: string): Promise<Window> {
  const found = isWindowKey(windowKey) ? await readWindow(windowKey) : undefined
  if (!found) return { kind: 'unknown' }
  const { challenge: row, lastFour, cardholderId, isEnrolled } = found
  const at = now()
  const challenge = asOf(toChallenge(row), at)
  const personalMessage = await personalMessageOf(database(), cardholderId)
  const shown: Shown = { language: row.language, purchase: row.purchase, lastFour, personalMessage }
  const token = await formToken(windowKey)
  if (challenge.state === 'ended') {
    const isFixed = row.state === 'ended' && !(await isResultPending(row.id, at))
    const post = isFixed ? resultPost(row) : undefined
    const limit = await limitOn(challenge.outcome, row, cardholderId, at)
    return { kind: 'ended', outcome: challenge.outcome, limit, formToken: token, post, ...shown }
  }
  // Most cardholders prefer a code, have no account and enter the code right, which needs no further query.
  const isCodeOnly = row.preference === 'code' && row.state === 'asking' && !isEnrolled
  const limits = await limitsShown(database(), row, at, !isCodeOnly)
  const { attemptsLeft, codesAgainAt } = limits
  const page: Page = {
    notice: row.notice ?? undefined,
    deadlineAt: challenge.deadlineAt,
    now: at,
    formToken: token,
    codesAgainAt,
    isTopLevel: row.openedAs === 'page',
    isAwaited: row.outOfBand.length > 0,
    ...shown,
  }
  const offered = isCodeOnly ? nothingOffered : await offeredMethods(database(), row, at, limits)
  switch (row.state) {
    case 'choosing':
      return { kind: 'choosing', offered, ...page }
    case 'awaiting-approval': {
      const codes = offered.methods.some(sendsCode)
      const asked = row.outOfBand.slice(-1)
      const request = asked[0] === 'push' ? await requestOfChallenge(database(), row.id) : undefined
      const devices = offered.methods.includes('push')
      const otherMethods = offered.methods.some(id => !sendsCode(id) && !asked.includes(id))
      const { pushesAgainAt: devicesAgainAt } = limits
      const address = accountAddress(row.language)
      return {
        ...{ kind: 'awaiting-approval', asked, address, codes, otherMethods, request, devices, devicesAgainAt },
        ...page,
      }
    }
    default: {
      const proofs = await proofsOf(database(), row.id)
      const destinations = await destinationsOf(row, proofs, at)
      const isHeldUp = destinations.some(({ state }) => state === 'delayed' || state === 'failed')
      const others = isCodeOnly && isHeldUp ? await offeredMethods(database(), row, at, limits) : offered
      const hasChoice = row.preference !== 'code' || isHeldUp || others.methods.some(id => !sendsCode(id))
      return {
        kind: 'asking',
        asked: row.selected,
        destinations,
        typed: await typedCodeOf(proofs),
        attemptsLeft,
        codeExpiresAt: row.codeExpiresAt ?? 0,
        lastSentAt: row.lastSentAt ?? 0,
        otherMethods: hasChoice && others.methods.length > 1,
        available: offered.methods,
        passkeyChallenge: passkeyChallengeOf(row, proofs),
        registration: row.selected.includes('registration')
          ? await shownRegistration(row, cardholderId, at)
          : undefined,
        trust: await trustOffered(row, proofs, at),
        ...page,
      }
    }
  }
}

/** What the page of a locked card says: which limit was reached, and when it ends. */
type LimitShown =
  | { readonly kind: 'flooded' | 'limited'; readonly until: number }
  | { readonly kind: 'stopped' }
  /** It has ended since. */
  | { readonly kind: 'over' }
  /** The same for the facts of a registration. */
  | { readonly kind: 'facts-limited'; readonly until: number }
  | { readonly kind: 'facts-stopped' | 'facts-over' }

async function limitOn(
  outcome: Outcome,
  row: ChallengeRow,
  cardholderId: string,
  at: number,
): Promise<LimitShown | undefined> {
  if (outcome === 'facts-spent') {
    const entry = await factsEntry(database(), cardholderId, row, at)
    if (entry.kind === 'limited') return { kind: 'facts-limited', until: entry.until }
    return { kind: entry.kind === 'stopped' ? 'facts-stopped' : 'facts-over' }
  }
  if (outcome !== 'locked') return undefined
  const { codes, sending } = await readLimits(database(), row, at)
  if (codes.kind !== 'permitted') return codes
  return sending.kind === 'permitted' ? { kind: 'over' } : sending
}

async function trustOffered(row: ChallengeRow, proofs: readonly ProofRow[], at: number) {
  const offer = await trustOffer(database(), row, at, proofs)
  return offer && { ...offer, wanted: row.trustWanted }
}

async function destinationsOf(row: ChallengeRow, proofs: readonly ProofRow[], at: number): Promise<Destination[]> {
  const deliveries = await deliveriesNow(row, at)
  return deliveries.flatMap(({ method, channel, state }) => {
    const masked = proofs.find(proof => proof.method === method)?.destination
    return masked ? [{ channel, masked, state }] : []
  })
}

/** A token that proves that a form came from a page of this window. */
export async function formToken(windowKey: string): Promise<string> {
  return (await keys().mac('window', windowKey)).hmac.toString('base64url')
}

/** Whether a posted form belongs to the window that it names, under any key still held. */
export async function isFormOf(windowKey: string, token: string): Promise<boolean> {
  if (!isWindowKey(windowKey)) return false
  const hmacs = await keys().macs('window', windowKey)
  return hmacs.some(({ hmac }) => sameBytes(hmac, Buffer.from(token.slice(0, 100), 'base64url')))
}

export function isWindowKey(value: string): boolean {
  return /^[A-Za-z0-9_-]{43}$/.test(value)
}

/**
 * EMV 3DS table A.3: the final CRes, or the Erro after a time-out or a broken CReq, with the session data unchanged.
 */
function resultPost(row: ChallengeRow): MerchantPost {
  const session = row.sessionData === null ? {} : { threeDSSessionData: row.sessionData }
  const about = { ...idsOf(row), messageType: 'CReq' }
  switch (row.outcome) {
    case 'window-timed-out':
    case 'window-not-opened':
      return errorPost(row, erro('402', 'the challenge has timed out', about), session)
    case 'bad-creq':
      return errorPost(row, erro('305', 'the CReq', about), session)
    default: {
      const message = cres(idsOf(row), row.outcome ?? 'internal-error')
      return {
        notificationURL: row.notificationURL,
        fields: { cres: encodeMessage(outgoing(message, { channel: '02' })), ...session },
      }
    }
  }
}

/** The form that posts an Erro to the merchant. Existing clients use this field name to tell it from a CRes. */
export function errorPost(
  row: Pick<ChallengeRow, 'notificationURL'>,
  message: object,
  session: Record<string, string> = {},
): MerchantPost {
  return { notificationURL: row.notificationURL, fields: { erro: encodeMessage(outgoing(message)), ...session } }
}
