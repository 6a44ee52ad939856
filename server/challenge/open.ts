import { type Queryable, transaction } from '#db/client.ts'
import { lockStanding } from '#db/queries/cards.ts'
import {
  type ChallengeChange,
  type ChallengeRow,
  lockChallenge,
  saveWindowKey,
  toChallenge,
  updateChallenge,
  windowKeyOf,
} from '#db/queries/challenges.ts'
import { asOf, next } from '#domain/challenge/machine.ts'
import type { Challenge, Ended, Event } from '#domain/challenge/states.ts'
import type { OpenedAs } from '#domain/code/bound-line.ts'
import { creq } from '#domain/emv/creq.ts'
import { type Erro, erro } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { receiveEncoded } from '#domain/emv/receive.ts'
import type { CodesNow } from '#domain/methods/method.ts'
import { type MethodId, methods } from '#domain/methods/registry.ts'
import { anyCode, initialMethod } from '#domain/methods/selection.ts'
import { invalidity } from '#domain/risk/card-standing.ts'
import { audit } from '../audit/audit.ts'
import { availableMethods } from '../methods/available.ts'
import { now } from '../platform/clock.ts'
import { newToken, sameBytes, sha256 } from '../platform/crypto.ts'
import { log } from '../platform/log.ts'
import { registersContacts } from '../registration/offer.ts'
import { applyTransition } from './apply.ts'
import { limitsOf } from './card-limits.ts'
import { codeRecipientsOf, refusal } from './code-recipients.ts'
import { reportResult } from './report-result.ts'
import { begin } from './start.ts'

export type Opened =
  /** The window is open under this key. */
  | { readonly kind: 'window'; readonly windowKey: string }
  /**
   * Show an error page. `forMerchant` has the Erro for the merchant if the transaction, and so its notification URL, is
   * known.
   */
  | { readonly kind: 'refused'; readonly forMerchant?: { readonly erro: Erro; readonly row: ChallengeRow } }

/**
 * threeDSSessionData, EMV 3DS table A.3: the merchant's own, at most 1024 characters, returned byte for byte and never
 * decoded. U+0000 and lone surrogates could not be.
 */
export function isSessionData(value: string): boolean {
  return /^[^\0\p{Cs}]{0,1024}$/u.test(value)
}

/**
 * Handles a CReq that a merchant's page posts: opens the window and sends the first code, or continues with the open
 * window.
 */
export async function openChallenge(
  encoded: string,
  sessionData: string | undefined,
  openedAs: OpenedAs | null = null,
): Promise<Opened> {
  const received = receiveEncoded(encoded, { messageType: 'CReq', table: creq })
  const ids = transactionIds(received.message)
  if (!ids) return { kind: 'refused' }
  let ended: string | undefined
  const opened = await transaction(async (tx): Promise<Opened> => {
    const row = await lockChallenge(tx, { acsTransID: ids.acsTransID })
    // Ids that do not belong together identify no transaction, and the answer does not reveal which of them exists.
    if (row?.threeDSServerTransID.toLowerCase() !== ids.threeDSServerTransID) return { kind: 'refused' }
    // This challenge has no browser window: it belongs to an app, or is decoupled.
    if (row.notificationURL === '') return { kind: 'refused' }

    const at = now()
    const refuse = async (answer: Erro, event?: Event): Promise<Opened> => {
      const forMerchant = { erro: withIds(answer, row), row }
      const applied = event && (await applyEvent(tx, row, event, at, forMerchant.erro))
      if (applied?.state === 'ended') ended = row.id
      return { kind: 'refused', forMerchant }
    }
    // After the challenge has ended or timed out, that is the answer, whatever else is wrong with the CReq.
    const challenge = asOf(toChallenge(row), at)
    if (challenge.state === 'ended') {
      return refuse(endedErro(challenge, row), row.state === 'ended' ? undefined : { kind: 'tick' })
    }

    // A secure payment confirmation has no window. Anybody can send a CReq, so this one changes nothing.
    if (row.state === 'awaiting-assertion') return refuse(erro('305', 'acsTransID', received.message))
    const bad: Event = { kind: 'bad-creq' }
    if (received.kind === 'refused') return refuse(received.erro, bad)
    if (received.version !== row.messageVersion) return refuse(erro('203', 'messageVersion', received.message), bad)
    if (sessionData !== undefined && !isSessionData(sessionData)) {
      return refuse(erro('203', 'threeDSSessionData', received.message), bad)
    }

    const digest = sha256(JSON.stringify([received.message.challengeWindowSize, sessionData ?? '']))
    if (row.state !== 'awaiting-creq') {
      // The merchant's page was reloaded, so its window continues where it was. A different CReq is an error.
      const same = row.creqDigest !== null && sameBytes(row.creqDigest, digest)
      if (!same) return refuse(erro('305', 'a second, different CReq', received.message), bad)
      const windowKey = await windowKeyOf(tx, row.id)
      return windowKey ? { kind: 'window', windowKey } : { kind: 'refused' }
    }
    const windowKey = newToken()
    await saveWindowKey(tx, row.id, windowKey)
    const opening = { creqDigest: digest, sessionData: sessionData ?? null, openedAs }
    const first = await openIn(tx, { ...row, openedAs }, at, opening)
    if (first.state === 'ended') ended = row.id
    return { kind: 'window', windowKey }
  })
  const fields = { acsTransID: ids.acsTransID }
  if (opened.kind === 'window') log.info('challenge.opened', fields)
  else log.warn('creq.refused', { ...fields, errorCode: opened.forMerchant?.erro.errorCode ?? '301' })
  if (ended) await reportResult(ended)
  return opened
}

/**
 * Opens a challenge on its first valid CReq and asks the cardholder, unless the card has been barred in the meantime or
 * no contact may receive a code any more. `opening` has the columns to store from a browser's CReq; `showsCodes` is false for
 * an app whose device cannot show the code's screen.
 */
export async function openIn(
  tx: Queryable,
  row: ChallengeRow,
  at: number,
  opening: ChallengeChange | undefined,
  showsCodes = true,
): Promise<Challenge> {
  const { challenge, available } = await askCardholder(tx, row, at, showsCodes)
  if (opening) await updateChallenge(tx, row.id, opening)
  const channel = row.notificationURL === '' ? 'app' : 'browser'
  await audit(tx, { type: 'challenge-begun', channel, methods: [...available], cardId: row.cardId, ref: row.id })
  return challenge
}

interface Asked {
  readonly challenge: Challenge
  /** The methods that the cardholder may use, for the evidence of a dispute. */
  readonly available: readonly MethodId[]
}

async function askCardholder(tx: Queryable, row: ChallengeRow, at: number, showsCodes: boolean): Promise<Asked> {
  const standing = await lockStanding(tx, row.cardId)
  const limits = await limitsOf(tx, row, standing.codesUnlockedAt, at)
  const isFlooded = limits.codes.kind === 'permitted' && limits.sending.kind === 'flooded'
  const codes: CodesNow = isFlooded ? 'flooded' : limits.codes.kind
  const recipients = { ...(await codeRecipientsOf(tx, row, at)), codes, pushes: limits.pushes.kind }
  const barred = invalidity(standing, at) ?? refusal(recipients.recipients)
  if (barred) return { challenge: await applyEvent(tx, row, { kind: 'opened', barred }, at), available: [] }
  const available = await availableMethods(tx, row, at, recipients)
  if (row.onDevice && available.length === 0)
    return { challenge: await applyEvent(tx, row, { kind: 'opened', barred: 'device-needed' }, at), available }
  // Where no code may be sent, a window offers the account; an app whose cardholder prefers a code may not be able to
  // show that.
  const isWindow = row.notificationURL !== ''
  const registers = recipients.recipients.kind === 'no-contact'
  if (registers && available.length === 0 && registersContacts())
    return { challenge: await applyEvent(tx, row, { kind: 'opened', barred: 'no-contact' }, at), available }
  const initial =
    row.preference === 'code' && !registers && (codes === 'permitted' || !isWindow)
      ? anyCode
      : initialMethod(row.preference, available)
  const isShown = showsCodes || (initial !== 'choosing' && initial.every(id => methods[id].answered === 'out-of-band'))
  if (!isShown) return { challenge: await applyEvent(tx, row, { kind: 'nothing-to-show' }, at), available }
  if (initial === 'choosing')
    return { challenge: await applyEvent(tx, row, { kind: 'opened', start: initial }, at), available }
  const notice = codes === 'permitted' || row.onDevice ? undefined : noticeFor[codes]
  const wanted = { selected: initial, recipients, limits, ...(notice && { notice }) }
  return { challenge: await begin(tx, row, wanted, at, start => ({ kind: 'opened', start })), available }
}

const noticeFor = { flooded: 'codes-spent', limited: 'codes-limited', stopped: 'codes-stopped' } as const

async function applyEvent(tx: Queryable, row: ChallengeRow, event: Event, at: number, erro?: Erro) {
  return applyTransition(tx, row, next(toChallenge(row), event, at), at, { erro })
}

function transactionIds({ acsTransID, threeDSServerTransID }: JsonObject) {
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
  if (typeof acsTransID !== 'string' || typeof threeDSServerTransID !== 'string') return undefined
  if (!uuid.test(acsTransID) || !uuid.test(threeDSServerTransID)) return undefined
  return { acsTransID: acsTransID.toLowerCase(), threeDSServerTransID: threeDSServerTransID.toLowerCase() }
}

/** EMV 3DS error codes: 402 after a time-out; after any other end 305, or in 2.3.1 its own code 315. */
export function endedErro({ outcome }: Ended, { messageVersion }: Pick<ChallengeRow, 'messageVersion'>): Erro {
  const timedOut = outcome === 'window-not-opened' || outcome === 'window-timed-out'
  if (timedOut) return erro('402', 'the challenge has timed out')
  return erro(messageVersion === '2.3.1' ? '315' : '305', 'the challenge has ended')
}

function withIds(answer: Erro, row: ChallengeRow): Erro {
  const { messageVersion, threeDSServerTransID, acsTransID } = row
  return { ...answer, messageVersion, errorMessageType: 'CReq', threeDSServerTransID, acsTransID }
}
