import type { Queryable } from '#db/client.ts'
import { readAppChannel, updateAppChannel } from '#db/queries/app-channels.ts'
import { clearWrongCodes, countWrongCode, lockCard, numberTagOf } from '#db/queries/cards.ts'
import {
  type ChallengeChange,
  type ChallengeRow,
  fromChallenge,
  toChallenge,
  updateChallenge,
} from '#db/queries/challenges.ts'
import { sdkTransIDOf } from '#db/queries/decoupled.ts'
import { forgetDevices, rememberDevice } from '#db/queries/devices.ts'
import { type Delivery, deliveriesOf, dropMessages, dropMessagesAbout, enqueue } from '#db/queries/outbox.ts'
import { type Challenge, type Ended, next, type Step } from '#domain/challenge/machine.ts'
import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import type { Erro } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { type AuthenticationMethod, rreq, type TransactionIds } from '#domain/emv/messages.ts'
import type { Ending } from '#domain/emv/outcome.ts'
import { audit } from '../audit/audit.ts'
import { issueAuthenticationValue } from '../authorisation/authentication-value.ts'
import { newId } from '../platform/crypto.ts'
import { leadToAccount } from './ask-elsewhere.ts'
import { sendCode } from './send-code.ts'
import { settleTrust } from './trust.ts'

/**
 * Writes what a step did: the new state, and whatever must leave as outbox rows, all in the transaction that holds the
 * challenge's row. Answers the challenge as it stands then. `erro`: the Erro that ended it, ours or the SDK's.
 */
export async function saveStep(
  tx: Queryable,
  row: ChallengeRow,
  step: Step,
  now: number,
  erro?: Erro | JsonObject,
): Promise<Challenge> {
  const { challenge } = step
  // Over is over: whoever comes later changes nothing.
  if (row.state === 'ended') return challenge
  let sent: ChallengeChange = {}
  for (const effect of step.effects) {
    switch (effect) {
      case 'send-code': {
        if (challenge.state !== 'asking') break
        const code = await sendCode(tx, row, challenge, now)
        if (code.kind === 'sms-limited') return saveStep(tx, row, next(toChallenge(row), code, now), now)
        // The last contact in force has gone since the ARes: nobody can be asked.
        if (code.kind === 'no-contact') {
          const nowhere = next({ ...challenge, way: 'both' }, { kind: 'delivery-failing', final: true }, now)
          return saveStep(tx, row, nowhere, now)
        }
        sent = code.columns
        break
      }
      case 'ask-in-account':
        if (challenge.state !== 'ended') await leadToAccount(tx, row, challenge.deadlineAt, now)
        break
      case 'report-result':
        if (challenge.state === 'ended') sent = await fixResult(tx, row, challenge, now, erro)
        break
      case 'count-wrong-code':
        await countAgainstCard(tx, row.cardId, now)
        break
      case 'clear-wrong-codes':
        await clearWrongCodes(tx, row.cardId)
        if (row.deviceTag) await rememberDevice(tx, row.cardId, row.deviceTag, now)
        break
    }
  }
  await updateChallenge(tx, row.acsTransID, { ...fromChallenge(challenge, now), ...sent })
  return challenge
}

/** Each time the wrong codes in a row have come to a full count, the card is locked: an hour first, then a day each. */
async function countAgainstCard(tx: Queryable, cardId: string, now: number): Promise<void> {
  const wrongCodes = await countWrongCode(tx, cardId)
  if (wrongCodes % policy.wrongCodesToLock !== 0) return
  // Whoever tries codes may have succeeded once before.
  await forgetDevices(tx, cardId)
  await audit(tx, { type: 'card-locked', wrongCodes, cardId })
  await lockCard(tx, cardId, now + pauseAfter(policy.lockTimes, wrongCodes / policy.wrongCodesToLock))
}

/** Endings after which an SDK gets no CRes any more, only an Erro. */
const closing: ReadonlySet<Ending> = new Set([
  'window-not-opened',
  'window-timed-out',
  'bad-creq',
  'sdk-failed',
  'sdk-erro',
])

/** The RReq is fixed here, with the state that causes it, and never changes: every try sends these bytes. */
async function fixResult(
  tx: Queryable,
  row: ChallengeRow,
  challenge: Ended,
  now: number,
  erro: Erro | JsonObject | undefined,
): Promise<ChallengeChange> {
  const answered = challenge.ending === 'approved' || challenge.ending === 'declined'
  const inAccount = row.state === 'awaiting-approval' || (answered && row.askedInAccount)
  const method = inAccount ? '08' : methodOf(await deliveriesOf(tx, row.acsTransID, row.lastSentAt?.getTime() ?? 0))
  await dropMessages(tx, row.acsTransID, now)
  await dropMessagesAbout(tx, row.acsTransID, now)
  const decoupled =
    row.state === 'awaiting-cardholder' ? { sdkTransID: await sdkTransIDOf(tx, row.acsTransID) } : undefined
  const app = await readAppChannel(tx, row.acsTransID)
  // A device that is timed out or in error is answered in the clear from now on.
  if (app && closing.has(challenge.ending)) await updateAppChannel(tx, row.acsTransID, { secret: null })
  const proven = ['authenticated', 'approved'].includes(challenge.ending) && row.messageCategory === '01'
  const trust = await settleTrust(tx, row, challenge.ending, now)
  const message = rreq(idsOf(row), {
    ending: challenge.ending,
    messageCategory: row.messageCategory,
    interactions: challenge.interactions,
    erro: challenge.ending === 'bad-creq' || challenge.ending === 'sdk-erro' ? erro : undefined,
    ...(method && { method }),
    trust,
    ...(decoupled && { decoupled }),
    ...(app && { app: { sdkTransID: app.sdkTransID, acsRenderingType: app.rendering } }),
    ...(proven && {
      authenticationValue: await issueAuthenticationValue(
        row.range,
        await numberTagOf(tx, row.cardId),
        'challenge',
        now,
        {
          amount: row.purchase.amount ?? '',
          currency: row.purchase.currency ?? '',
          merchantID: row.purchase.merchantID,
        },
      ),
    }),
  })
  await enqueue(tx, {
    id: newId(),
    kind: 'rreq',
    host: URL.canParse(row.dsURL) ? new URL(row.dsURL).host : '',
    acsTransID: row.acsTransID,
    body: JSON.stringify(message),
    nextAt: new Date(now + policy.resultHeadStart),
    createdAt: new Date(now),
  })
  const { ending: outcome, attempts } = challenge
  await audit(tx, {
    type: 'challenge-ended',
    outcome,
    attempts,
    ...(method && { method }),
    cardId: row.cardId,
    ref: row.acsTransID,
  })
  return method ? { method } : {}
}

/**
 * How the last code went: 02 when the mobile number alone had it. A code that an e-mail carried as well may have been read
 * there, so it is 05, never the stronger of the two.
 */
function methodOf(deliveries: readonly Delivery[]): AuthenticationMethod | undefined {
  if (deliveries.length === 0) return undefined
  const live = deliveries.filter(({ failedAt }) => !failedAt)
  return (live.length > 0 ? live : deliveries).some(({ kind }) => kind === 'email') ? '05' : '02'
}

export function idsOf(row: ChallengeRow): TransactionIds {
  const { messageVersion, threeDSServerTransID, dsTransID, acsTransID } = row
  return { messageVersion, threeDSServerTransID, dsTransID, acsTransID }
}
