import { database } from '#db/client.ts'
import { insertAppChannel } from '#db/queries/app-channels.ts'
import {
  type Authentication,
  findAuthentication,
  insertAuthentication,
  insertAuthenticationIn,
  removeAuthentication,
} from '#db/queries/authentications.ts'
import { type CardFound, findCard } from '#db/queries/cards.ts'
import { insertChallenge } from '#db/queries/challenges.ts'
import { dropMessagesAbout } from '#db/queries/outbox.ts'
import { preferencesOf } from '#db/queries/preferences.ts'
import type { Language } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import { type First, firstOf, type Preference } from '#domain/challenge/ways.ts'
import { renderingOf, type Screens, shownPreference } from '#domain/emv/app-screens.ts'
import { areq } from '#domain/emv/areq.ts'
import type { AuthenticationOutcome, BoundPurchase } from '#domain/emv/authentication-value.ts'
import { keepable } from '#domain/emv/check.ts'
import { type Parsed, parseMessage } from '#domain/emv/codec.ts'
import { localeOf } from '#domain/emv/device-info.ts'
import { type Erro, erro } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import {
  type ARes,
  type AuthenticationMethod,
  challengeARes,
  decoupledARes,
  settledARes,
} from '#domain/emv/messages.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import { examine } from '#domain/emv/receive.ts'
import { asksAboutTrust, type TrustStatus, trustElements, wishesOf } from '#domain/emv/wishes.ts'
import type { Decision } from '#domain/risk/decide.ts'
import { audit, auditRow, type Recorded } from '../audit/audit.ts'
import { smsNetworkTag } from '../delivery/count-sms.ts'
import { orSmsLimited } from '../delivery/message.ts'
import { sendsSms } from '../delivery/sends-sms.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { newId } from '../platform/crypto.ts'
import { type DirectoryServer, rangeOf } from '../platform/issuer.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { isDemo } from '../platform/stage.ts'
import { languageOf } from '../words.ts'
import { type AppChallenge, appChallenge, challengeURL } from './app/app-challenge.ts'
import { askElsewhere, askedInfo, barredFromAsking, decoupledTime } from './ask-elsewhere.ts'
import { issueAuthenticationValue } from './authentication-value.ts'
import { cardholderInfo } from './cardholder-info.ts'
import { decisionOn, isForTrust } from './decision-on.ts'
import { Lanes } from './lanes.ts'
import { newChallenge, newDecoupled, routedOf } from './new-challenge.ts'
import { appDevice, list, type Request } from './request.ts'
import { keepsTrustList } from './trust.ts'
import { waysNow } from './ways.ts'

/**
 * AReq → ARes or Erro. Never throws: what goes wrong on our side, or takes longer than `areqTime`, is answered U, so that
 * the merchant can go on without us.
 */
export async function authenticate(
  body: Uint8Array,
  directoryServer: DirectoryServer,
  parsed: Parsed = parseMessage(body),
): Promise<ARes | Erro> {
  const received = examine(parsed, { messageType: 'AReq', table: areq, loopbackHttp: isDemo() })
  if (received.kind === 'refused') return received.erro
  const { message, version } = received
  const text = (name: string) => (typeof message[name] === 'string' ? message[name] : undefined)

  if (text('dsReferenceNumber') !== directoryServer.referenceNumber) return erro('303', 'dsReferenceNumber', message)
  const dsURL = text('dsURL')
  if (dsURL && !directoryServer.hosts.includes(new URL(dsURL).host)) return erro('303', 'dsURL', message)
  const range = rangeOf(config().issuer, text('acctNumber') ?? '')
  if (!range || !directoryServer.ranges.includes(range.id)) return erro('305', 'acctNumber', message)

  const request: Request = {
    message,
    version,
    directoryServer,
    range,
    text,
    locale: text('deviceChannel') === '01' ? localeOf(text('deviceInfo') ?? '') : browserLanguage(message),
    body,
    ids: {
      messageVersion: version,
      threeDSServerTransID: text('threeDSServerTransID') ?? '',
      dsTransID: text('dsTransID') ?? '',
      acsTransID: newId(),
    },
    parties: {
      dsReferenceNumber: directoryServer.referenceNumber,
      acsReferenceNumber: directoryServer.acsReferenceNumber,
      ...(directoryServer.acsOperatorID && { acsOperatorID: directoryServer.acsOperatorID }),
      ...wishesOf(message, version),
      ...(asksAboutTrust(message, version) && trustElements(version, keepsTrustList() ? 'U' : 'E')),
    },
  }
  return withinTime(request, patience => settleOrChallenge(request, patience))
}

/** Whether the answer was given without waiting any longer. An AbortController would say so too, and cost as much as an HMAC. */
interface Patience {
  over: boolean
}

type Work = (patience: Patience) => Promise<ARes | Erro>

const lanes = new Lanes()

/** Whatever is the matter on our side, the answer is U: A would let a flood shift liability. */
async function withinTime(request: Request, start: Work): Promise<ARes | Erro> {
  const { acsTransID } = request.ids
  const { id, mostAtOnce } = request.directoryServer
  let timer: ReturnType<typeof setTimeout> | number | undefined
  const tooLate = new Promise<undefined>(resolve => {
    timer = setTimeout(resolve, config().areqTime)
  })
  const patience: Patience = { over: false }
  const work = lanes.enter(id, mostAtOnce, () => start(patience))
  try {
    const answer = work && (await Promise.race([work, tooLate]))
    if (answer) return answer
    if (work) {
      patience.over = true
      log.error('areq.too-slow', { acsTransID })
      // What fails was not written.
      work.then(
        () => takeBack(acsTransID),
        () => {},
      )
    } else if (lanes.tells(id, now())) {
      log.error('areq.too-many', { directoryServer: id, count: mostAtOnce })
    }
  } catch (error) {
    log.error('areq.failed', { acsTransID, error })
  } finally {
    clearTimeout(timer)
  }
  const info = { ...cardholderInfo('own-fault', languageOf(request.locale)), ...sdkTransID(request) }
  return settledARes(request.ids, request.parties, 'own-fault', info)
}

/** It was written in the very moment in which it was given up: a challenge would send a result that nobody expects. */
async function takeBack(acsTransID: string): Promise<void> {
  try {
    if (!(await removeAuthentication(acsTransID))) return
    await dropMessagesAbout(database(), acsTransID, now())
    await audit(database(), { type: 'payment-taken-back', ref: acsTransID })
    log.warn('areq.taken-back', { acsTransID })
  } catch (error) {
    log.error('areq.not-taken-back', { acsTransID, error })
  }
}

function stillWanted({ over }: Patience): void {
  if (over) throw new Error('answered U meanwhile')
}

/** Once given up, nothing is written: the answer was U. */
async function settleOrChallenge(request: Request, patience: Patience): Promise<ARes | Erro> {
  const { message, text } = request
  const at = now()
  const [tag, earlierTag = tag] = await keys().macs('card-lookup', text('acctNumber') ?? '')
  if (!tag || !earlierTag) throw new Error('no key for card-lookup')
  const card = await findCard({
    tag: tag.tag,
    earlierTag: earlierTag.tag,
    sms: sendsSms(),
    now: at,
    // 2.3.1 may point to the 3DS Method of an earlier purchase in the same visit.
    method: (request.version === '2.3.1' && text('threeDSMethodId')) || request.ids.threeDSServerTransID,
    seenAfter: at - policy.methodCountsFor,
    knownAfter: at - policy.deviceKnownFor,
  })

  const device = appDevice(request)
  const { decision, trust } = await decisionOn(request, card, device, at)
  // Most purchases pass: what their holder chose for being asked and written to is not looked for.
  const chosen = card && !passes(decision) ? await preferencesOf(database(), card.cardholderId) : undefined
  const asked =
    decision.kind === 'challenge' && card
      ? await planOf(request, card, chosen?.asked ?? 'codes', device?.screens, at)
      : codesFirst
  const app =
    decision.kind === 'challenge' && device
      ? await appChallenge(request, device.signing, renderingOf(asked.first, device.screens, request.version))
      : undefined
  if (app === 'bad-key') return erro('203', 'sdkEphemPubKey', message)
  const spoken = chosen?.language ?? undefined
  return answer({ request, decision, card, at, asked, spoken, app, trust, patience })
}

/** Settled for the merchant: no challenge, and nothing to tell the cardholder. */
function passes(decision: Decision): boolean {
  return decision.kind === 'settle' && proofs[decision.ending] !== undefined
}

interface Decided {
  readonly request: Request
  readonly decision: Decision
  readonly card: CardFound | undefined
  readonly at: number
  readonly asked: Plan
  /** What the cardholder chose to be written to in. */
  readonly spoken: Language | undefined
  readonly app: AppChallenge | undefined
  readonly trust: TrustStatus | undefined
  readonly patience: Patience
}

async function answer(decided: Decided): Promise<ARes | Erro> {
  const { request, decision, card, at, asked, spoken, app, patience } = decided
  const ares = await aresFor(decided)
  const row: Authentication = {
    acsTransID: request.ids.acsTransID,
    directoryServer: request.directoryServer.id,
    dsTransID: request.ids.dsTransID,
    areqTag: (await keys().mac('areq', request.body)).tag,
    cardId: card?.id ?? null,
    decision: decision.kind === 'settle' ? decision.ending : `${decision.kind}-${decision.reason}`,
    areq: keepable(areq, request.message, request.version),
    ares: { ...ares },
    createdAt: new Date(at),
  }
  // Only what may have to send a text message pays for this.
  const networkTag = decision.kind === 'settle' ? null : await smsNetworkTag(request.text('browserIP'))
  stillWanted(patience)
  const written =
    decision.kind !== 'settle' && card
      ? await orSmsLimited<boolean | Ending>(async tx => {
          const barred = decision.kind === 'decoupled' ? await barredFromAsking(tx, card.id, at) : undefined
          if (barred) return barred
          const first = await insertAuthenticationIn(tx, row)
          const decided = first && decidedEvent(row, decision)
          if (decided) await audit(tx, decided)
          if (first && decision.kind === 'decoupled') {
            const language = spoken ?? card.language
            const asking = newDecoupled(request, card, language, decoupledTime(request.message), at)
            await askElsewhere(tx, { ...asking, networkTag }, at)
          }
          if (first && decision.kind === 'challenge') {
            const challenge = newChallenge(request, card, spoken ?? offeredLanguage(request, card), at)
            await insertChallenge(tx, { ...challenge, networkTag, preference: asked.preference })
          }
          if (first && app) await insertAppChannel(tx, app.row)
          stillWanted(patience)
          return first
        })
      : await insertAuthentication({ ...row, audited: auditedRow(row, decision) })
  if (!written) return repeated(request)
  if (written !== true) {
    const ending = typeof written === 'string' ? written : written.kind
    return answer({ ...decided, decision: { kind: 'settle', ending } })
  }
  log.info('areq.answered', { ...logged(request), outcome: row.decision })
  return ares
}

/** What the audit log says of an AReq that is not answered frictionless; of the others the authentication says it all. */
function decidedEvent({ acsTransID, cardId }: Authentication, decision: Decision): Recorded | undefined {
  const answer = decision.kind === 'settle' ? decision.ending : decision.kind
  if (answer === 'frictionless') return undefined
  const { reason } = decision
  return { type: 'payment-decided', answer, ...(reason && { reason }), cardId, ref: acsTransID }
}

function auditedRow(row: Authentication, decision: Decision) {
  const event = decidedEvent(row, decision)
  return event && auditRow(event)
}

/** How the cardholder is to be asked, and what comes first. */
interface Plan {
  readonly preference: Preference
  readonly first: First
  readonly methods: readonly AuthenticationMethod[]
}

const codesFirst: Plan = { preference: 'codes', first: 'both', methods: ['05'] }

/** `screens`: those that an app's device can show. Most want a code, and have a device that can show it. */
async function planOf(
  request: Request,
  card: CardFound,
  chosen: Preference,
  screens: Screens | undefined,
  at: number,
): Promise<Plan> {
  if (chosen === 'codes' && (!screens || screens.code)) return codesFirst
  const { ways } = await waysNow(database(), routedOf(request, card), at)
  const shown = screens ? shownPreference(chosen, screens, ways.includes('account')) : chosen
  const preference = shown ?? 'codes'
  const first = firstOf(preference, ways)
  if (first === 'account') return { preference, first, methods: ['08'] }
  return { preference, first, methods: first === 'choosing' && ways.includes('account') ? ['05', '08'] : ['05'] }
}

/** For a cardholder who chose none: what their browser or device is set to, else what the issuer's list says. */
function offeredLanguage({ locale }: Request, card: CardFound): Language {
  return locale === undefined ? card.language : languageOf(locale)
}

/** What an ending without a challenge proves to authorisation (EMV 3DS: a value goes with Y and A). */
const proofs: { readonly [ending in Ending]?: AuthenticationOutcome } = {
  frictionless: 'frictionless',
  attempted: 'attempt',
}

async function aresFor({ request, decision, card, at, asked, spoken, app, trust }: Decided): Promise<ARes> {
  const { ids, range, text, version } = request
  // Said where it was asked for, and where it is why nothing else was.
  const told = trust && (asksAboutTrust(request.message, version) || isForTrust(decision))
  const parties = { ...request.parties, ...(told && trustElements(version, trust)) }
  if (decision.kind === 'challenge') {
    const way = app ? app.way : { acsURL: challengeURL() }
    return challengeARes(ids, parties, { ...way, acsChallengeMandated: decision.mandated ? 'Y' : 'N' }, asked.methods)
  }
  const language = spoken ?? card?.language ?? languageOf(request.locale)
  if (decision.kind === 'decoupled') {
    const until = at + decoupledTime(request.message)
    return decoupledARes(ids, parties, { cardholderInfo: askedInfo(language, until), ...sdkTransID(request) })
  }
  const { ending } = decision
  const proof = proofs[ending]
  if (proof && card && text('messageCategory') === '01') {
    const purchase = boundPurchase(text)
    const authenticationValue = await issueAuthenticationValue(range.id, card.numberTag, proof, at, purchase)
    return settledARes(ids, parties, ending, { authenticationValue, ...sdkTransID(request) })
  }
  return settledARes(ids, parties, ending, { ...cardholderInfo(ending, language), ...sdkTransID(request) })
}

/** The app channel's messages name the SDK's transaction as well. */
function sdkTransID({ text }: Request): { sdkTransID?: string } {
  const id = text('deviceChannel') === '01' ? text('sdkTransID') : undefined
  return id === undefined ? {} : { sdkTransID: id }
}

/** The browser's language; a 2.3.1 browser without JavaScript has only its header. */
function browserLanguage({ browserLanguage, acceptLanguage }: JsonObject): string | undefined {
  return list(browserLanguage)[0] ?? list(acceptLanguage)[0]
}

function boundPurchase(text: Request['text']): BoundPurchase {
  return {
    amount: text('purchaseAmount') ?? '',
    currency: text('purchaseCurrency') ?? '',
    merchantID: text('acquirerMerchantID') ?? '',
  }
}

/** A dsTransID that was used before: the same AReq gets the same answer, another one none. */
async function repeated(request: Request): Promise<ARes | Erro> {
  const earlier = await findAuthentication(request.directoryServer.id, request.ids.dsTransID)
  const tags = await keys().macs('areq', request.body)
  if (!tags.some(({ tag }) => earlier?.areqTag.equals(tag))) return erro('305', 'dsTransID', request.message)
  log.info('areq.repeated', logged(request))
  return earlier?.ares as unknown as ARes
}

function logged({ ids, directoryServer }: Request) {
  return { acsTransID: ids.acsTransID, directoryServer: directoryServer.id }
}
