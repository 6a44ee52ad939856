import type { Queryable } from '#db/client.ts'
import { insertAppChannel } from '#db/queries/app-channels.ts'
import {
  type Authentication,
  findAuthentication,
  insertAuthentication,
  insertAuthenticationIn,
} from '#db/queries/authentications.ts'
import type { CardFound } from '#db/queries/cards.ts'
import { insertChallenge } from '#db/queries/challenges.ts'
import { saveProof } from '#db/queries/proofs.ts'
import { insertRiskEvents, type RiskEventRow } from '#db/queries/risk-history.ts'
import { areq } from '#domain/emv/areq.ts'
import { otherElements, storableElements } from '#domain/emv/check.ts'
import { type Erro, erro } from '#domain/emv/erro.ts'
import type { DeviceChannel } from '#domain/emv/field.ts'
import type { ARes } from '#domain/emv/messages.ts'
import type { Outcome } from '#domain/emv/outcome.ts'
import { canonicalJson } from '#domain/kernel/canonical-json.ts'
import { resultOfAnswer } from '#domain/risk/history/results.ts'
import { riskRecord } from '#domain/risk/record.ts'
import { audit, auditRow } from '../audit/audit.ts'
import { smsNetworkHmac } from '../messaging/count-sms.ts'
import { orSmsLimited } from '../messaging/message.ts'
import { keys } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import { storedRisk } from '../risk/history/authentication.ts'
import { aresFor } from './ares.ts'
import { type Decided, decideOn } from './decide.ts'
import { decidedEvent } from './decided-event.ts'
import { decoupledTime, permitDecoupled, startDecoupled } from './decoupled.ts'
import { newChallenge, newDecoupled, newSpcChallenge } from './new-challenge.ts'
import { offeredLanguage, type Planned, planOf } from './plan.ts'
import type { Request } from './request.ts'
import { lockSpcChallenge } from './spc-answer.ts'
import { type Deadline, stopIfPassed } from './within-limits.ts'

/** Makes the ARes and saves it, with the challenge that it announces. A repeated AReq gets the ARes of the first. */
export async function answer(decided: Decided, deadline: Deadline): Promise<ARes | Erro> {
  const plan = await planOf(decided)
  if (plan === 'bad-key') return erro('203', 'sdkEphemPubKey', decided.request.message)
  return write({ ...decided, plan }, deadline)
}

async function write(planned: Planned, deadline: Deadline): Promise<ARes | Erro> {
  const { request, decision, card } = planned
  const ares = await aresFor(planned)
  const row = await rowOf(planned, ares)
  const event = decidedEvent(row, decision)
  const remembered = rememberedEvent(planned, row)
  // Computed only if a text message may have to be sent.
  const networkHmac = decision.kind === 'conclude' ? null : await smsNetworkHmac(request.text('browserIP'))
  stopIfPassed(deadline)
  const isAsking = decision.kind !== 'conclude' && card !== undefined
  const written =
    isAsking || planned.spcAnswer
      ? await orSmsLimited<boolean | Outcome | 'over'>(async tx => {
          const endFirst = planned.spcAnswer && (await lockSpcChallenge(tx, planned.spcAnswer, planned.at))
          if (endFirst === 'over') return endFirst
          const result = isAsking
            ? await writeAsking(tx, planned, card, row, networkHmac)
            : await insertAuthenticationIn(tx, row)
          if (result === true) await endFirst?.()
          if (result === true && event) await audit(tx, event)
          if (result === true && remembered) await insertRiskEvents(tx, [remembered])
          stopIfPassed(deadline)
          return result
        })
      : await insertAuthentication({ ...row, audited: event && auditRow(event), remembered })
  if (!written) return repeated(request)
  // Another AReq has brought the same assertion meanwhile, so this one proves nothing.
  if (written === 'over') return answer(await decideOn(planned), deadline)
  if (written !== true) {
    const outcome = typeof written === 'string' ? written : written.kind
    return write({ ...planned, decision: { kind: 'conclude', outcome } }, deadline)
  }
  log.info('areq.answered', { ...logged(request), outcome: row.decision })
  return ares
}

async function rowOf(
  { request, decision, judgement, card, history, at }: Planned,
  ares: ARes,
): Promise<Authentication> {
  const { kept, others } = partsOf(request)
  return {
    id: request.id,
    acsTransID: request.ids.acsTransID,
    directoryServer: request.directoryServer.id,
    dsTransID: request.ids.dsTransID,
    areqHmac: (await keys().mac('areq', others)).hmac,
    cardId: card?.id ?? null,
    decision: decision.kind === 'conclude' ? decision.outcome : `${decision.kind}-${decision.rule}`,
    areq: kept,
    ares: { ...ares },
    createdAt: at,
    risk: history ? riskRecord(storedRisk(history.event), judgement) : null,
  }
}

/** The event of the history. The second AReq of a secure payment confirmation belongs to the payment of the first. */
function rememberedEvent(
  { request, decision, history, card, spcAnswer, at }: Planned,
  { id }: Authentication,
): RiskEventRow | undefined {
  if (!history || spcAnswer?.challengeId !== undefined) return undefined
  const isFinal = card && decision.kind === 'conclude'
  const result = isFinal ? resultOfAnswer(decision.outcome, request.text('deviceChannel') as DeviceChannel) : undefined
  return { id, cardId: card?.id ?? null, event: { ...history.event, result }, createdAt: at }
}

/** An AReq as it is kept: elements that may be stored, and the others in canonical JSON, for their HMAC. */
function partsOf({ message, whole, version }: Request) {
  const kept = storableElements(areq, message, version)
  return { kept, others: canonicalJson(otherElements(whole, kept)) }
}

/**
 * Saves an authentication with its challenge. Returns false if it was saved before, or the outcome if the cardholder
 * must not be asked.
 */
async function writeAsking(
  tx: Queryable,
  { request, decision, at, plan }: Planned,
  card: CardFound,
  row: Authentication,
  networkHmac: Awaited<ReturnType<typeof smsNetworkHmac>>,
): Promise<boolean | Outcome> {
  const isDecoupled = decision.kind === 'decoupled'
  const time = isDecoupled ? decoupledTime(request.message) : 0
  const decoupled = isDecoupled
    ? { ...newDecoupled(request, card, plan.language ?? card.language, time, at), networkHmac }
    : undefined
  const permitted = decoupled && (await permitDecoupled(tx, decoupled, at))
  if (permitted?.barred) return permitted.barred
  if (!(await insertAuthenticationIn(tx, row))) return false
  if (decoupled && permitted) {
    await startDecoupled(tx, decoupled, permitted.limits, at)
  } else {
    const language = plan.language ?? offeredLanguage(request, card)
    const onDevice = decision.kind === 'challenge' && decision.onDevice === true
    const challenge = (plan.spc ? newSpcChallenge : newChallenge)(request, card, language, at, onDevice)
    await insertChallenge(tx, { ...challenge, networkHmac, preference: plan.methodPlan.preference })
  }
  const pending = { challengeId: request.id, method: 'passkey', state: 'pending', begunAt: at } as const
  if (plan.spc) await saveProof(tx, { ...pending, ...plan.spc.signed })
  if (plan.app) await insertAppChannel(tx, plan.app.row)
  return true
}

/** Answers a dsTransID that was used before: the same AReq gets the same answer, a different one an Erro. */
async function repeated(request: Request): Promise<ARes | Erro> {
  const earlier = await findAuthentication(request.directoryServer.id, request.ids.dsTransID)
  const { kept, others } = partsOf(request)
  const hmacs = await keys().macs('areq', others)
  const isSame =
    earlier !== undefined &&
    hmacs.some(({ hmac }) => earlier.areqHmac.equals(hmac)) &&
    canonicalJson(earlier.areq) === canonicalJson(kept)
  if (!isSame) return erro('305', 'dsTransID', request.message)
  log.info('areq.repeated', logged(request))
  return earlier.ares as unknown as ARes
}

function logged({ id, ids, directoryServer }: Request) {
  return { authenticationId: id, acsTransID: ids.acsTransID, directoryServer: directoryServer.id }
}
