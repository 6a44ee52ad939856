import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { type Faults, slowness } from '../faults.ts'
import { override } from './areq.ts'
import { parseObject } from './base64url.ts'
import { awaitsResult, latest, type Message, type Order, pass, transactionOf } from './order.ts'
import type { Orders } from './orders.ts'

/** How long the directory server waits for an ARes, in milliseconds. */
const patience = 10_000

const required = ['messageVersion', 'messageCategory', 'threeDSServerTransID', 'acsTransID', 'dsTransID', 'transStatus']

/** The directory server between 3DS Server and ACS: forwards the AReq, and receives the result of a challenge. */
export class DirectoryServer {
  readonly #dsServer: string
  readonly #dsURL: string
  readonly #faults: Faults
  readonly #orders: Orders

  constructor(options: { dsServer: string; origin: string; faults: Faults; orders: Orders }) {
    this.#dsServer = options.dsServer.replace(/\/$/, '')
    this.#dsURL = `${reachableByServers(options.origin)}/ds/rreq`
    this.#faults = options.faults
    this.#orders = options.orders
  }

  /** Adds the elements of a directory server. The caller's own fields override all of them. */
  prepare(areq: Message, fields: Message): Message {
    const added = { dsTransID: randomUUID(), dsReferenceNumber: 'DEMO-DS-REF-0001', dsURL: this.#dsURL }
    return override({ ...areq, ...added }, fields)
  }

  /** The ACS's answer, ARes or Erro; without an answer, the Erro that a directory server sends instead. */
  async forward(areq: Message): Promise<Message> {
    try {
      const response = await fetch(`${this.#dsServer}/acs/areq`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          ...(areq.messageVersion === '2.3.1' && { 'x-request-id': String(areq.dsTransID) }),
        },
        body: JSON.stringify(areq),
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      })
      const answer = parseObject(await response.text())
      if (response.ok && answer) return answer
      return erro(areq, '101', `The ACS answered ${response.status} without a message.`)
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError'
      return timedOut
        ? erro(areq, '402', 'The ACS did not answer in time.')
        : erro(areq, '405', 'The ACS could not be reached.')
    }
  }

  /** `POST /ds/rreq`: an RReq, answered with an RRes or an Erro; or an Erro, which gets no answer. */
  open(app: FastifyInstance): void {
    app.register(async scope => {
      // As text, because a body that is not JSON gets an Erro.
      scope.removeContentTypeParser('application/json')
      scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
        done(null, body)
      })
      scope.post('/ds/rreq', async (request, reply) => {
        const condition = this.#faults.of('ds')
        if (condition === 'down') return reply.status(503).send({ error: 'The directory server is down.' })
        if (condition === 'slow') await wait(slowness, undefined, { ref: false })
        const answer = this.#receive(typeof request.body === 'string' ? request.body : '')
        reply.type('application/json; charset=utf-8')
        return answer ? JSON.stringify(answer) : reply.status(204).send()
      })
    })
  }

  #receive(body: string): Message | undefined {
    const message = parseObject(body)
    if (!message) return erro({}, '101', 'The body is not a JSON object.')
    if (message.messageType === 'Erro') return this.#receiveErro(message)
    if (message.messageType !== 'RReq') return erro(message, '101', 'Only RReq and Erro are accepted here.')
    const missing = required.filter(
      name => message[name] === undefined || message[name] === '' || message[name] === null,
    )
    if (missing.length > 0) return erro(message, '201', missing.join(','))
    const order = this.#orders.findByDsTransID(message.dsTransID)
    const unknown = order ? foreignIDs(order, message) : ['dsTransID']
    if (!order || unknown.length > 0) return erro(message, '301', unknown.join(','))
    if (message.messageVersion !== transactionOf(order).messageVersion) return erro(message, '203', 'messageVersion')
    if (!awaitsResult(order)) return erro(message, '305', 'This transaction was not challenged.')
    return this.#takeResult(order, message)
  }

  #takeResult(order: Order, rreq: Message): Message {
    const before = latest(order, 'RReq')
    if (before && canonical(before) !== canonical(rreq))
      return erro(rreq, '305', 'Another result of this transaction was received before.')
    // The ACS may repeat an RReq if our answer was lost: a repeat changes nothing and gets the same answer.
    const rres = (before && latest(order, 'RRes')) ?? {
      messageType: 'RRes',
      messageVersion: rreq.messageVersion,
      threeDSServerTransID: rreq.threeDSServerTransID,
      acsTransID: rreq.acsTransID,
      dsTransID: rreq.dsTransID,
      ...(rreq.sdkTransID !== undefined && { sdkTransID: rreq.sdkTransID }),
      resultsStatus: '01',
    }
    pass(order, 'RReq', rreq)
    pass(order, 'RRes', rres)
    this.#orders.save(order)
    return rres
  }

  #receiveErro(message: Message): undefined {
    const order = this.#orders.findByDsTransID(message.dsTransID)
    if (!order) return
    pass(order, 'Erro', message)
    this.#orders.save(order)
  }
}

/** Browsers resolve `*.localhost` by themselves; a server's resolver may not. */
function reachableByServers(origin: string): string {
  const url = new URL(origin)
  if (url.hostname.endsWith('.localhost')) url.hostname = 'localhost'
  return url.origin
}

function foreignIDs(order: Order, message: Message): string[] {
  const known = transactionOf(order)
  return (['threeDSServerTransID', 'acsTransID', 'dsTransID'] as const).filter(name => message[name] !== known[name])
}

/** The same text for the same message, whatever the order of its fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

const descriptions: Readonly<Record<string, string>> = {
  '101': 'Message is not AReq, ARes, CReq, CRes, PReq, PRes, RReq, or RRes',
  '201': 'A message element required as defined in the specification is missing from the message',
  '203': 'Data element not in the required format or value is invalid',
  '301': 'Transaction ID received is not valid for the receiving component',
  '305': 'Transaction data not valid',
  '402': 'Transaction timed out',
  '405': 'System connection failure',
}

/** An Error Message of the directory server (EMV 3DS, table B.12) about `about`. */
function erro(about: Message, errorCode: string, errorDetail: string): Message {
  const ids = ['threeDSServerTransID', 'dsTransID', 'acsTransID'].filter(name => typeof about[name] === 'string')
  return {
    messageType: 'Erro',
    messageVersion: typeof about.messageVersion === 'string' ? about.messageVersion : '2.2.0',
    errorCode,
    errorComponent: 'D',
    errorDescription: descriptions[errorCode] ?? '',
    errorDetail,
    ...(typeof about.messageType === 'string' ? { errorMessageType: about.messageType } : {}),
    ...Object.fromEntries(ids.map(name => [name, about[name]])),
  }
}
