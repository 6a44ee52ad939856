import { type Queryable, transaction } from '#db/client.ts'
import { type AppChannelRow, findAppChannel, readAppChannel, updateAppChannel } from '#db/queries/app-channels.ts'
import { storedElementsOf } from '#db/queries/authentications.ts'
import { lastFourOf } from '#db/queries/cards.ts'
import { type ChallengeRow, lockChallenge, outcomeOf, toChallenge } from '#db/queries/challenges.ts'
import { ownerOf } from '#db/queries/contacts.ts'
import { proofsOf } from '#db/queries/proofs.ts'
import { isOpen } from '#domain/approval/request.ts'
import { next } from '#domain/challenge/machine.ts'
import { type AppAnswer, readAnswer } from '#domain/emv/app-answer.ts'
import { appCReq } from '#domain/emv/app-creq.ts'
import { finalAppCRes, screenCRes } from '#domain/emv/app-cres.ts'
import { type Screens, screensOf } from '#domain/emv/app-screens.ts'
import { isObject } from '#domain/emv/check.ts'
import { type Erro, type ErrorCode, erro, erroForFaults } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { idHeaders } from '#domain/emv/headers.ts'
import { transStatusForCRes } from '#domain/emv/outcome.ts'
import { receive } from '#domain/emv/receive.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { personalMessageOf } from '../../account/personal-message.ts'
import { requestOfChallenge } from '../../approval/begin-request.ts'
import { applyTransition } from '../../challenge/apply.ts'
import { limitsShown } from '../../challenge/card-limits.ts'
import { endedErro, openIn } from '../../challenge/open.ts'
import { reportResult } from '../../challenge/report-result.ts'
import { idsOf } from '../../challenge/result.ts'
import { chooseIn, lookForAnswerIn, resendIn, submitAnswerIn, submitIn } from '../../challenge/submit.ts'
import { trustOffer } from '../../challenge/trust.ts'
import { offeredMethods } from '../../methods/available.ts'
import { nothingOffered } from '../../methods/offered.ts'
import { now } from '../../platform/clock.ts'
import { keys } from '../../platform/keys.ts'
import { log } from '../../platform/log.ts'
import { outgoing } from '../../platform/outgoing.ts'
import { type Encryption, encryptCRes, openEnvelope, readEnvelope } from './envelope.ts'
import { informationAbout } from './native.ts'
import { screenFor } from './screens.ts'

export type AppReply =
  /** An encrypted CRes, with its HTTP headers. */
  | { readonly kind: 'jwe'; readonly jwe: string; readonly headers: Readonly<Record<string, string>> }
  /** Unencrypted, as the specification requires: the party that made the error may be unable to decrypt. */
  | { readonly kind: 'erro'; readonly erro: Erro }

type CRes = ReturnType<typeof screenCRes> | ReturnType<typeof finalAppCRes>

/** The result of a CReq, and whether it ended the challenge: then the RReq is sent first. */
type Processed = ({ readonly erro: Erro } | { readonly cres: CRes }) & { readonly ended: boolean }

/**
 * Answers a CReq of the app channel, with the same state machine, limits and result as in a window.
 *
 * Anyone who knows a transaction's id can send messages with it, so nothing changes before the envelope has been
 * decrypted: only the SDK has the key. A repeated message changes nothing either. A faulty message from the SDK ends
 * the challenge, as a broken CReq does in a browser.
 */
export async function answerApp(body: Uint8Array): Promise<AppReply> {
  const envelope = readEnvelope(body)
  if (envelope.kind === 'unreadable') return refused(erro('101', 'not a JWE in compact serialization'))
  if (envelope.kind === 'nobody') return refused(erro('301', 'acsTransID'))
  if (envelope.kind === 'undecryptable') return refused(erro('302', 'the JWE header'))
  const { acsTransID, encryption } = envelope
  const channel = await findAppChannel({ acsTransID })
  if (!channel) return refused(erro('301', 'acsTransID'))

  const about = { messageType: 'CReq', acsTransID }
  let secret: Buffer | undefined
  let plaintext: Uint8Array = new Uint8Array()
  if (channel.secret !== null) {
    secret = Buffer.from(await keys().decrypt('app-channel', channel.secret, acsTransID), 'base64')
    const opened = await openEnvelope(envelope.jwe, encryption, secret)
    if (!opened) return refused(erro('302', 'the JWE', about), acsTransID)
    plaintext = opened
  }
  const outcome = await transaction(tx => take(tx, channel.challengeId, plaintext, encryption))
  const instead = outcome.ended ? await reportResult(channel.challengeId) : undefined
  if ('erro' in outcome) return refused(outcome.erro, acsTransID)
  if (instead) return refused(await endWithErro(channel.challengeId, instead), acsTransID)
  if (!secret) throw new Error('a CRes without the key to close it')
  const cres = outcome.ended ? await asReported(outcome.cres, channel.challengeId) : outcome.cres
  const jwe = await encryptCRes(outgoing(cres, { channel: '01' }), acsTransID, encryption, secret)
  return { kind: 'jwe', jwe, headers: idHeaders(cres) }
}

/** EMV 3DS 5.9.11: the directory server has not acknowledged the result, so an Erro ends the SDK's challenge. */
function endWithErro(id: string, code: ErrorCode): Promise<Erro> {
  return transaction(async tx => {
    const row = await lockChallenge(tx, { id })
    const channel = row && (await readAppChannel(tx, id))
    const answer = erro(code, 'the result was not acknowledged')
    if (!row || !channel) return answer
    await updateAppChannel(tx, id, { secret: null })
    return withIds(answer, row, channel)
  })
}

/** The final CRes with the status that the result has now: it may have become U while it was reported. */
async function asReported(cres: CRes, id: string): Promise<CRes> {
  if (!('transStatus' in cres)) return cres
  const outcome = await outcomeOf(id)
  return outcome ? { ...cres, transStatus: transStatusForCRes(outcome) } : cres
}

async function take(tx: Queryable, id: string, plaintext: Uint8Array, encryption: Encryption): Promise<Processed> {
  const row = await lockChallenge(tx, { id })
  const channel = row && (await readAppChannel(tx, id))
  if (!row || !channel) return { erro: erro('301', 'acsTransID'), ended: false }
  const at = now()
  const refuse = (answer: Erro, ended = false): Processed => ({ erro: withIds(answer, row, channel), ended })

  // A time-out takes precedence over everything in the message.
  const challenge = await applyTransition(tx, row, next(toChallenge(row), { kind: 'tick' }, at), at)
  const overdue = challenge.state === 'ended' && row.state !== 'ended'
  // Without the key the sender has proved nothing, so the answer reveals nothing else.
  if (overdue || channel.secret === null) {
    return refuse(challenge.state === 'ended' ? endedErro(challenge, row) : erro('302', 'the JWE'), overdue)
  }

  const received = receive(plaintext, { messageType: 'CReq', table: appCReq })
  const ahead = Number(received.message.sdkCounterStoA) - channel.sdkCounter
  // A repeated message, possibly sent by another party, so it does not affect the challenge.
  if (ahead < 0) return refuse(erro('302', 'sdkCounterStoA', received.message))
  const bad = async (answer: Erro) => {
    const step = next(challenge, { kind: 'bad-creq' }, at)
    const ended = await applyTransition(tx, row, step, at, { erro: withIds(answer, row, channel) })
    return refuse(answer, ended.state === 'ended' && row.state !== 'ended')
  }
  const sdk = await storedElementsOf(tx, id)
  // EMV 3DS 2.3.1.1, 5.9.5: a Split-SDK may use one of the two encryptions only.
  if (sdk.sdkType === '02' && encryption !== 'A128GCM') return bad(erro('310', 'A128GCM', received.message))
  if (received.kind === 'refused') return bad(received.erro)
  const { message, version } = received
  if (version !== row.messageVersion) return bad(erro('203', 'messageVersion', message))
  const foreign = foreignIds(message, row, channel)
  if (foreign.length > 0) return bad(erro('301', foreign.join(','), message))
  if (ahead > 0) return bad(erro('302', 'sdkCounterStoA', message))

  const open = row.state !== 'awaiting-creq' && row.state !== 'ended'
  const answer = open ? readAnswer(message, channel.shown ?? channel.rendering.acsUiTemplate, version) : undefined
  if (answer?.kind === 'faulty') return bad(erroForFaults(answer.faults, message) ?? erro('203', '', message))
  const device = deviceOf(sdk, row)
  if (answer) await step(tx, row, answer, device)
  else if (!open && row.state !== 'ended') await begin(tx, row, message, device, at)
  return reply(tx, row, channel, device, opensOtherApps(message, version))
}

/**
 * Whether the device opens an address outside the merchant's app. 2.3.1 says so itself: 02 and 03 name who does not
 * support it.
 */
function opensOtherApps({ oobAppURLInd }: JsonObject, version: MessageVersion): boolean {
  return version !== '2.3.1' || oobAppURLInd === '01'
}

/** What the SDK can show, according to the AReq. */
interface Device {
  readonly screens: Screens
  /** Whether it shows information: the reason for a refusal. */
  readonly showsInformation: boolean
}

function deviceOf({ deviceRenderOptions }: JsonObject, row: ChallengeRow): Device {
  const options = isObject(deviceRenderOptions) ? deviceRenderOptions : {}
  const draws = options.sdkInterface !== '02' && Array.isArray(options.sdkUiType) && options.sdkUiType.includes('07')
  return { screens: screensOf(options, row.messageVersion), showsInformation: draws && row.messageVersion === '2.3.1' }
}

/** Handles the first CReq: asks the cardholder, or cancels. */
async function begin(tx: Queryable, row: ChallengeRow, message: JsonObject, { screens }: Device, at: number) {
  const left = message.challengeCancel !== undefined && readAnswer(message, '01', row.messageVersion)
  if (left && left.kind === 'cancel') return applyTransition(tx, row, next(toChallenge(row), left, at), at)
  return openIn(tx, row, at, undefined, screens.code !== undefined)
}

/** Passes the message to the state machine as an event. An ended challenge does not change. */
async function step(
  tx: Queryable,
  row: ChallengeRow,
  answer: Exclude<AppAnswer, { kind: 'faulty' }>,
  { screens }: Device,
): Promise<void> {
  const key = { id: row.id }
  switch (answer.kind) {
    case 'typed':
      await submitAnswerIn(tx, key, answer.text, answer.trust)
      break
    case 'selected':
      await chooseIn(tx, key, answer.chosen)
      break
    case 'resend':
      await resendIn(tx, key)
      break
    case 'other-method':
      if (row.state !== 'awaiting-approval') await submitIn(tx, key, answer)
      else if (screens.code && !row.onDevice) await chooseIn(tx, key, 'code')
      break
    case 'continued': {
      if (answer.byItself || row.state !== 'awaiting-approval') break
      const isAsked = await isAskedOnDevice(tx, row)
      if (row.onDevice) {
        // There is no other method: the cardholder is asked again.
        await (isAsked ? lookForAnswerIn(tx, key) : chooseIn(tx, key, ['push']))
        break
      }
      // Before 2.3.1 no button leads to another method, so a cardholder who continues without having answered chooses
      // one, unless a request on a device still waits.
      const asksMethod = row.messageVersion !== '2.3.1' && screens.choice === '02' && !isAsked
      await (asksMethod ? submitIn(tx, key, { kind: 'other-method' }) : lookForAnswerIn(tx, key))
      break
    }
    case 'language':
    case 'cancel':
      await submitIn(tx, key, answer)
      break
  }
}

async function isAskedOnDevice(tx: Queryable, row: ChallengeRow): Promise<boolean> {
  const request = row.outOfBand.at(-1) === 'push' ? await requestOfChallenge(tx, row.id) : undefined
  return request !== undefined && isOpen(request.state)
}

/** The next CRes, from the challenge's current state. The last one deletes the key. */
async function reply(
  tx: Queryable,
  before: ChallengeRow,
  channel: AppChannelRow,
  device: Device,
  opensApps: boolean,
): Promise<Processed> {
  const row = (await lockChallenge(tx, { id: before.id })) ?? before
  const ids = { ...idsOf(row), sdkTransID: channel.sdkTransID }
  const over = row.state === 'ended'
  log.info('challenge.answered', { acsTransID: row.acsTransID, outcome: row.outcome ?? row.notice ?? '' })
  // Shown once, in answer to the message that ended the challenge; later messages get the final CRes.
  const told =
    row.outcome && before.state !== 'ended' && device.showsInformation
      ? informationAbout(row.outcome, row.language)
      : undefined
  const screen = over ? told : await nextScreen(tx, row, device, opensApps)
  await updateAppChannel(tx, row.id, {
    sdkCounter: channel.sdkCounter + 1,
    acsCounter: channel.acsCounter + 1,
    ...(screen && { shown: screen.acsUiType }),
    ...(over && !told && { secret: null }),
  })
  const cres = screen
    ? screenCRes(ids, channel.acsCounter, screen)
    : finalAppCRes(ids, channel.acsCounter, row.outcome ?? 'internal-error')
  return { cres, ended: over }
}

async function nextScreen(tx: Queryable, row: ChallengeRow, { screens }: Device, opensApps: boolean) {
  // Most cardholders are asked for a code and offered no other method.
  const offers = row.preference !== 'code' || row.state !== 'asking'
  const limits = await limitsShown(tx, row, now(), offers)
  const offered = offers ? await offeredMethods(tx, row, now(), limits) : nothingOffered
  const proofs = await proofsOf(tx, row.id)
  const personalMessage = await personalMessageOf(tx, (await ownerOf(tx, row.cardId)).cardholderId)
  const trust = row.state === 'asking' ? await trustOffer(tx, row, now(), proofs) : undefined
  const lastFour = await lastFourOf(tx, row.cardId)
  const request = row.outOfBand.includes('push') ? await requestOfChallenge(tx, row.id) : undefined
  return screenFor(row, { lastFour, personalMessage, trust, screens, offered, opensApps, proofs, request, limits })
}

function foreignIds(message: JsonObject, row: ChallengeRow, { sdkTransID }: AppChannelRow): string[] {
  const { threeDSServerTransID, acsTransID } = row
  const own: Record<string, string> = { threeDSServerTransID, acsTransID, sdkTransID }
  return Object.keys(own).filter(name => String(message[name]).toLowerCase() !== own[name]?.toLowerCase())
}

function withIds(answer: Erro, row: ChallengeRow, { sdkTransID }: AppChannelRow): Erro {
  const { messageVersion, threeDSServerTransID, acsTransID } = row
  return { ...answer, messageVersion, errorMessageType: 'CReq', threeDSServerTransID, acsTransID, sdkTransID }
}

function refused(answer: Erro, acsTransID?: string): AppReply {
  log.warn('creq.refused', { ...(acsTransID && { acsTransID }), errorCode: answer.errorCode })
  return { kind: 'erro', erro: outgoing(answer) }
}
