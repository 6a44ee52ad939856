import { setTimeout as pause } from 'node:timers/promises'
import type { Queryable } from '#db/client.ts'
import { lockChallenge, updateChallenge } from '#db/queries/challenges.ts'
import { enqueue, isFirstTry, isResultUnacknowledged, leaseResult } from '#db/queries/outbox.ts'
import { policy } from '#domain/challenge/policy.ts'
import {
  type Consequence,
  consequenceOf,
  erroForSdk,
  type Reaction,
  undeliveredRReq,
} from '#domain/challenge/result-delivery.ts'
import type { Erro, ErrorCode } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { transStatusForCRes } from '#domain/emv/outcome.ts'
import type { Outgoing } from '#domain/emv/outgoing.ts'
import { audit } from '../audit/audit.ts'
import type { Attempt, Handler, Item } from '../outbox/handler.ts'
import { leaseOf, saveAttempt } from '../outbox/settle.ts'
import { now } from '../platform/clock.ts'
import { newId } from '../platform/crypto.ts'
import { logErro } from '../platform/erro-log.ts'
import { log } from '../platform/log.ts'
import type { OutboundAnswer } from '../platform/outbound.ts'
import { outgoing } from '../platform/outgoing.ts'
import {
  callDirectoryServer,
  type Destination,
  destinationOf,
  directoryServerQueues,
  longestCall,
} from './call-directory-server.ts'

/** How often to check whether another process's first try has finished, milliseconds. */
const pollInterval = 100

/**
 * Makes sure that the result of an ended challenge has been tried once: sends it, or waits for the process that is
 * sending it, so that the CRes follows the RReq however often it is requested. Returns the code of the Erro that an SDK
 * gets in place of its final CRes; undefined if it gets the CRes. Never throws, and takes no longer than one try may
 * take.
 */
export async function reportResult(challengeId: string): Promise<ErrorCode | undefined> {
  try {
    const row = await leaseResult(challengeId, now(), leaseOf(resultHandler))
    if (row) {
      const { attempt, consequence } = await tryOnce(row)
      await saveAttempt(row, attempt)
      return erroForSdk(consequence)
    }
    for (let waited = 0; waited < longestCall && (await isFirstTry(challengeId, now())); waited += pollInterval) {
      await pause(pollInterval)
    }
    return (await isResultUnacknowledged(challengeId)) ? '403' : undefined
  } catch (error) {
    log.error('rreq.failed', { authenticationId: challengeId, error })
    return undefined
  }
}

/** Sends RReqs: each until the directory server can be reached, and then no more, whatever it answers. */
export const resultHandler: Handler = {
  queues: directoryServerQueues,
  slots: policy.slotsPerHost.rreq,
  longestTry: () => longestCall,
  attempt: async item => (await tryOnce(item)).attempt,
}

interface Try {
  readonly attempt: Attempt
  readonly consequence: Consequence
}

async function tryOnce(item: Item): Promise<Try> {
  const { tries } = item
  const body = item.body ?? ''
  const sent = JSON.parse(body) as JsonObject
  const acsTransID = String(sent.acsTransID)
  const destination = await destinationOf(item.challengeId ?? '')
  const headers: Record<string, string> = sent.messageVersion === '2.3.1' ? { 'x-request-id': acsTransID } : {}
  const call = async () => reactionTo(await callDirectoryServer(destination, body, headers))
  const first = await call()
  // EMV 3DS, Req 240: the first failure to connect is retried at once.
  const reaction = first.kind === 'unreached' && tries === 1 ? await call() : first
  const consequence = consequenceOf(reaction, sent)
  const directoryServer = destination.directoryServer?.id ?? ''
  const answered = reaction.kind === 'answered'
  const fields = { acsTransID, tries }
  switch (consequence.kind) {
    case 'again':
      return { consequence, attempt: again(item, sent, destination) }
    case 'delivered':
      return {
        consequence,
        attempt: { kind: 'handed-over', answered, afterwards: () => log.info('rreq.delivered', fields) },
      }
    case 'refused':
      return {
        consequence,
        attempt: {
          kind: 'given-up',
          answered,
          afterwards() {
            logErro('received', directoryServer, consequence.erro, acsTransID)
            log.warn('rreq.refused', fields)
          },
        },
      }
    case 'unacknowledged':
      return {
        consequence,
        attempt: {
          kind: 'given-up',
          answered,
          async together(tx, save) {
            if (await save()) await queueErro(tx, item, consequence.erro)
          },
          afterwards: () => log.error('rreq.unacknowledged', { ...fields, errorCode: consequence.erro.errorCode }),
        },
      }
  }
}

function reactionTo(answer: OutboundAnswer): Reaction {
  if (answer.kind === 'answered') return answer
  switch (answer.why) {
    case 'not-allowed':
    case 'no-connection':
      return { kind: 'unreached' }
    case 'connection-lost':
    case 'timeout':
      return { kind: 'silent' }
    case 'too-large':
      return { kind: 'answered', status: 200, body: '' }
  }
}

/** The directory server could not be reached: the RReq is tried again later, in 2.3.1 as U. */
function again(item: Item, sent: JsonObject, { directoryServer }: Destination): Attempt {
  const { tries, createdAt } = item
  const id = item.challengeId ?? ''
  const acsTransID = String(sent.acsTransID)
  const at = now()
  const next = directoryServer?.keepsUndeliveredResult ? sent : undeliveredRReq(sent)
  const isChanged = next !== sent
  return {
    kind: 'later',
    nextAt: at + policy.resultRetryPause,
    ...(isChanged && { body: JSON.stringify(outgoing(next, outgoingFacts(next))) }),
    answered: false,
    ...(isChanged && {
      async together(tx, save) {
        const row = await lockChallenge(tx, { id })
        if (!(await save()) || !row?.outcome) return
        // Anyone who reads the outcome learns that no merchant may rely on a success; the reason of a failure stays.
        if (transStatusForCRes(row.outcome) === 'N') return
        await updateChallenge(tx, id, { outcome: 'result-undelivered' })
        await audit(tx, { type: 'result-undelivered', cardId: row.cardId, ref: id })
      },
    }),
    afterwards() {
      const fields = { acsTransID, tries }
      if (at - createdAt >= policy.resultAlertAfter) log.error('rreq.undelivered-for-a-day', fields)
      else log.warn('rreq.not-delivered', fields)
    },
  }
}

/** The channel and kind of an RReq, by its elements. */
function outgoingFacts(rreq: JsonObject): Outgoing {
  return {
    channel: rreq.sdkTransID === undefined ? '02' : '01',
    category: rreq.messageCategory === '02' ? '02' : '01',
    decoupled: rreq.interactionCounter === undefined,
  }
}

function queueErro(tx: Queryable, { host, challengeId }: Item, erro: Erro): Promise<void> {
  const at = now()
  return enqueue(tx, {
    id: newId(at),
    kind: 'erro',
    host,
    challengeId,
    body: JSON.stringify(outgoing(erro)),
    nextAt: at,
    createdAt: at,
  })
}
