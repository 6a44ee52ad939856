import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { type Faults, slowness } from '../faults.ts'
import { type Listener, listenOnLoopback } from '../loopback.ts'
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
  readonly #rreqPort: number
  readonly #dsURL: string
  readonly #faults: Faults
  readonly #orders: Orders

  constructor(options: { dsServer: string; rreqPort: number; faults: Faults; orders: Orders }) {
    this.#dsServer = options.dsServer.replace(/\/$/, '')
    this.#rreqPort = options.rreqPort
    this.#dsURL = `http://localhost:${options.rreqPort}/ds/rreq`
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
        if (this.#faults.of('ds') === 'slow') await wait(slowness, undefined, { ref: false })
        const answer = this.#receive(typeof request.body === 'string' ? request.body : '')
        reply.type('application/json; charset=utf-8')
        return answer ? JSON.stringify(answer) : reply.status(204).send()
      })
    })
  }

  /**
   * Takes results at a port of its own, which the `ds` fault closes: a directory server that is down cannot be connected.
   * Connections go to the shop's server.
   */
  async listen(server: Server): Promise<{ close(): Promise<void> }> {
    let listener: Listener | undefined
    let changing = Promise.resolve()
    const follow = () => {
      changing = changing.then(async () => {
        if (this.#faults.of('ds') !== 'down')
          listener ??= await listenOnLoopback(this.#rreqPort, socket => server.emit('connection', socket))
        else {
          await listener?.close()
          listener = undefined
        }
      })
      return changing
    }
    const stopFollowing = this.#faults.onChange(follow)
    await follow()
    return {
      close: async () => {
        stopFollowing()
        await changing
        await listener?.close()
      },
    }
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
    if (latest(order, 'RReq')) return erro(rreq, '312', 'A result of this transaction was received before.')
    const rres = {
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

function foreignIDs(order: Order, message: Message): string[] {
  const known = transactionOf(order)
  return (['threeDSServerTransID', 'acsTransID', 'dsTransID'] as const).filter(name => message[name] !== known[name])
}

const descriptions: Readonly<Record<string, string>> = {
  '101': 'Message is not AReq, ARes, CReq, CRes, PReq, PRes, RReq, or RRes',
  '201': 'A message element required as defined in the specification is missing from the message',
  '203': 'Data element not in the required format or value is invalid',
  '301': 'Transaction ID received is not valid for the receiving component',
  '305': 'Transaction data not valid',
  '312': 'Duplicate message',
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
