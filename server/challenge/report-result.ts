import { setTimeout as pause } from 'node:timers/promises'
import { resultAddress } from '#db/queries/challenges.ts'
import { isFirstTry, leaseResult } from '#db/queries/outbox.ts'
import { pauseAfter, policy } from '#domain/challenge/policy.ts'
import { parseMessage } from '#domain/emv/codec.ts'
import { type Erro, erro } from '#domain/emv/erro.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { examine } from '#domain/emv/receive.ts'
import { rres } from '#domain/emv/rres.ts'
import type { Attempt, Handler, Item } from '../outbox/handler.ts'
import { Hosts } from '../outbox/hosts.ts'
import { leaseOf, tryRow } from '../outbox/settle.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { logErro } from '../platform/erro-log.ts'
import { log } from '../platform/log.ts'
import { gotNoAnswer, type OutboundAnswer, type OutboundRequest, post } from '../platform/outbound.ts'
import { tlsFor } from '../platform/tls.ts'

/** How often to check whether another process's first try has finished, milliseconds. */
const pollInterval = 100

/**
 * Makes sure that the result of an ended challenge has been tried once: sends it, or waits for the process that is
 * sending it, so that the CRes follows the RReq however often it is requested. Never throws, and takes no longer than
 * one try may take.
 */
export async function reportResult(challengeId: string): Promise<void> {
  try {
    const row = await leaseResult(challengeId, now(), leaseOf(resultHandler))
    if (row) {
      await tryRow(resultHandler, row, new Hosts())
      return
    }
    for (
      let waited = 0;
      waited < policy.resultTimeout && (await isFirstTry(challengeId, now()));
      waited += pollInterval
    ) {
      await pause(pollInterval)
    }
  } catch (error) {
    log.error('rreq.failed', { authenticationId: challengeId, error })
  }
}

/**
 * Sends RReqs. Each host of a directory server has its own queue; the last queue is for hosts that are no longer
 * configured.
 */
export const resultHandler: Handler = {
  queues() {
    const hosts = [...new Set(config().issuer.directoryServers.flatMap(server => server.hosts))]
    return [...hosts, { noneOf: hosts }]
  },
  slots: policy.slotsPerHost.rreq,
  longestTry: () => policy.resultTimeout,
  attempt,
}

/**
 * Tries once to deliver an RReq. A valid RRes or an Erro ends the tries; after anything else it is tried again, without
 * a limit.
 */
async function attempt({ challengeId, body: text, tries, createdAt }: Item): Promise<Attempt> {
  const body = text ?? ''
  const sent = JSON.parse(body) as JsonObject
  const acsTransID = String(sent.acsTransID)
  const { directoryServer, ...call } = await callSettings(challengeId ?? '', sent)
  const answer = await post({ ...call, body })
  const outcome = readAnswer(answer, sent)
  if (outcome.kind !== 'none') {
    return {
      kind: 'handed-over',
      answered: true,
      afterwards() {
        if (outcome.kind === 'erro') logErro('received', directoryServer, outcome.erro, acsTransID)
        else log.info('rreq.delivered', { acsTransID, tries })
      },
    }
  }
  const at = now()
  return {
    kind: 'later',
    nextAt: at + pauseAfter(policy.resultRetries, tries),
    answered: !gotNoAnswer(answer),
    async afterwards() {
      const fields = { acsTransID, tries, outcome: outcome.why }
      if (at - createdAt >= policy.resultAlertAfter) log.error('rreq.undelivered-for-a-day', fields)
      else log.warn('rreq.not-delivered', fields)
      // Only after the first try: later ones would repeat the same Erro.
      if (outcome.tell && tries === 1) {
        logErro('sent', directoryServer, outcome.tell, acsTransID)
        await post({ ...call, body: JSON.stringify(outcome.tell) })
      }
    },
  }
}

/** The directory server's address for results, and the settings for calling it. */
async function callSettings(
  challengeId: string,
  { messageVersion, acsTransID }: JsonObject,
): Promise<Omit<OutboundRequest, 'body'> & { readonly directoryServer: string }> {
  const address = await resultAddress(challengeId)
  const directoryServer = config().issuer.directoryServers.find(({ id }) => id === address?.directoryServer)
  const tls = directoryServer && tlsFor(directoryServer.id)
  return {
    directoryServer: address?.directoryServer ?? '',
    url: address?.dsURL ?? '',
    hosts: directoryServer?.hosts ?? [],
    allowPrivate: directoryServer?.privateAddresses ?? false,
    contentType: 'application/json; charset=utf-8',
    timeout: policy.resultTimeout,
    ...(messageVersion === '2.3.1' && { headers: { 'x-request-id': String(acsTransID) } }),
    ...(tls && { tls }),
  }
}

type DeliveryOutcome =
  | { readonly kind: 'receipt' }
  /**
   * The directory server has received the RReq and answered with an error. A repeat would get the same answer, or 312.
   */
  | { readonly kind: 'erro'; readonly erro: JsonObject }
  /** `why` is safe to log; `tell` is the Erro to send to the directory server (EMV 3DS 5.9). */
  | { readonly kind: 'none'; readonly why: string; readonly tell?: Erro }

/** A receipt is an RRes to exactly this RReq: well formed, in the same version, with the same ids. */
function readAnswer(answer: OutboundAnswer, sent: JsonObject): DeliveryOutcome {
  if (answer.kind === 'failed') {
    const { why } = answer
    return { kind: 'none', why, ...(why === 'timeout' && { tell: erro('402', 'no RRes in time', sent) }) }
  }
  if (answer.status !== 200) return { kind: 'none', why: 'no-valid-rres' }
  const parsed = parseMessage(answer.body)
  // A malformed Erro is accepted as well: an Erro is never answered with an Erro.
  if (parsed.kind === 'message' && parsed.message.messageType === 'Erro') return { kind: 'erro', erro: parsed.message }
  const received = examine(parsed, { messageType: 'RRes', table: rres })
  if (received.kind === 'refused') return { kind: 'none', why: 'no-valid-rres', tell: withIds(received.erro, sent) }
  const other = (names: readonly string[]) =>
    names.filter(name => String(received.message[name]).toLowerCase() !== String(sent[name]).toLowerCase())
  const [version, ids] = [other(['messageVersion']), other(['threeDSServerTransID', 'dsTransID', 'acsTransID'])]
  if (version.length > 0) return { kind: 'none', why: 'no-valid-rres', tell: answerTo(sent, '203', version) }
  if (ids.length > 0) return { kind: 'none', why: 'no-valid-rres', tell: answerTo(sent, '301', ids) }
  return { kind: 'receipt' }
}

function answerTo(sent: JsonObject, code: '203' | '301', names: readonly string[]): Erro {
  return { ...erro(code, names.join(','), sent), errorMessageType: 'RRes' }
}

/** Adds the ids of the RReq: those of the RRes could not be read or trusted. */
function withIds(answer: Erro, sent: JsonObject): Erro {
  const { messageVersion, threeDSServerTransID, dsTransID, acsTransID } = erro('101', '', sent)
  return {
    ...answer,
    messageVersion,
    errorMessageType: 'RRes',
    ...(threeDSServerTransID && { threeDSServerTransID }),
    ...(dsTransID && { dsTransID }),
    ...(acsTransID && { acsTransID }),
  }
}
