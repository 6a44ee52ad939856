import { randomBytes, randomUUID } from 'node:crypto'
import { Refused } from '../http-server.ts'
import { type Browser, buildAReq, maskCard, type Transaction, withMaskedCard } from './areq.ts'
import { decode, encode } from './base64url.ts'
import type { DirectoryServer } from './directory-server.ts'
import { isChallenged, latest, type Message, type Order, pass, transactionOf } from './order.ts'
import type { OrderRequest } from './order-request.ts'
import type { Orders } from './orders.ts'

/** Builds the AReq, checks the ARes, makes the CReq and receives the CRes, for one merchant. */
export class ThreeDSServer {
  readonly #origin: string
  readonly #orders: Orders
  readonly #directoryServer: DirectoryServer
  readonly #now: () => Date

  /** `now`: the clock of the demo, which shop and product share. */
  constructor(options: { origin: string; orders: Orders; directoryServer: DirectoryServer; now: () => Date }) {
    this.#origin = options.origin
    this.#orders = options.orders
    this.#directoryServer = options.directoryServer
    this.#now = options.now
  }

  /** `method`: the outcome of the 3DS Method, and its id; absent if there was no browser for it. */
  async authenticate(
    request: OrderRequest,
    browser: Browser,
    method: Pick<Transaction, 'threeDSServerTransID' | 'compInd'> = {
      threeDSServerTransID: randomUUID(),
      compInd: 'U',
    },
  ): Promise<Order> {
    const orderId = randomUUID()
    const now = this.#now()
    const order: Order = {
      orderId,
      createdAt: now.toISOString(),
      locale: request.locale,
      product: request.product,
      amount: request.amount,
      currency: request.currency,
      maskedCard: maskCard(request.card),
      messageVersion: request.messageVersion,
      windowSize: request.windowSize,
      presentation: request.presentation,
      threeDSSessionData: randomBytes(24).toString('base64url'),
      passed: [],
      problem: null,
    }
    const transaction = { ...method, orderId, origin: this.#origin, now }
    const areq = this.#directoryServer.prepare(buildAReq(request, browser, transaction), request.areq)
    pass(order, 'AReq', withMaskedCard(areq))
    const answer = await this.#directoryServer.forward(areq)
    pass(order, answer.messageType === 'Erro' ? 'Erro' : 'ARes', answer)
    order.problem = problemOf(answer, areq)
    this.#orders.save(order)
    return order
  }

  /** What the shop's page posts to the ACS, in the fields `creq` and `threeDSSessionData`. */
  challenge(order: Order): { acsURL: string; creq: string } {
    const acsURL = String(latest(order, 'ARes')?.acsURL)
    const { messageVersion, threeDSServerTransID, acsTransID } = transactionOf(order)
    const creq = {
      messageType: 'CReq',
      messageVersion,
      threeDSServerTransID,
      acsTransID,
      challengeWindowSize: order.windowSize,
    }
    // Browsers post it to the ACS themselves; a page that is opened again makes the same one.
    if (!latest(order, 'CReq')) {
      pass(order, 'CReq', creq)
      this.#orders.save(order)
    }
    return { acsURL, creq: encode(creq) }
  }

  /**
   * Receives the form that the ACS lets the browser post to the notificationURL. Repeats of the same message change
   * nothing.
   */
  receive(order: Order, fields: Readonly<Record<string, unknown>>): void {
    if (!isChallenged(order)) throw new Refused(400, 'This order was not challenged.')
    if (fields.threeDSSessionData !== order.threeDSSessionData)
      throw new Refused(400, 'threeDSSessionData is not what was sent with the CReq.', 'threeDSSessionData')
    const name = 'cres' in fields ? 'cres' : 'erro'
    const message = decode(String(fields[name] ?? ''))
    if (!message) throw new Refused(400, 'The form has neither a cres nor an erro that can be read.', name)
    const kind = name === 'cres' ? 'CRes' : 'Erro'
    const wrong = wrongFields(message, order, kind)
    if (wrong.length > 0) throw new Refused(400, `The ${kind} does not fit the order: ${wrong.join(', ')}.`, name)
    const before = latest(order, kind)
    if (before && JSON.stringify(before) !== JSON.stringify(message))
      throw new Refused(409, `Another ${kind} of this order was received before.`, name)
    if (before) return
    pass(order, kind, message)
    this.#orders.save(order)
  }
}

function problemOf(answer: Message, areq: Message): string | null {
  if (answer.messageType === 'Erro') return null
  if (answer.messageType !== 'ARes') return 'The answer is neither an ARes nor an Erro.'
  for (const name of ['messageVersion', 'threeDSServerTransID', 'dsTransID'])
    if (answer[name] !== areq[name]) return `${name} of the ARes is not that of the AReq.`
  if (!/^[YNUARCDI]$/.test(String(answer.transStatus))) return 'The transStatus of the ARes is unknown.'
  if (typeof answer.acsTransID !== 'string') return 'The ARes has no acsTransID.'
  if (answer.transStatus !== 'C') return null
  // In the app channel the signed content has the address, and the SDK verifies who signed it.
  if (areq.deviceChannel === '01')
    return typeof answer.acsSignedContent === 'string' ? null : 'The ARes has no acsSignedContent.'
  if (!isWebAddress(answer.acsURL)) return 'The acsURL of the ARes is no http(s) address.'
  return null
}

function isWebAddress(value: unknown): boolean {
  return typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
}

function wrongFields(message: Message, order: Order, kind: 'CRes' | 'Erro'): string[] {
  const { messageVersion, threeDSServerTransID, acsTransID } = transactionOf(order)
  const wrong: string[] = []
  if (message.messageType !== kind) wrong.push('messageType')
  const ids = { messageVersion, threeDSServerTransID, acsTransID }
  for (const [name, value] of Object.entries(ids)) {
    // An Erro has only the ids that its sender knows.
    const leftOut = kind === 'Erro' && (message[name] === undefined || name === 'messageVersion')
    if (!leftOut && message[name] !== value) wrong.push(name)
  }
  if (kind === 'CRes' && message.transStatus !== 'Y' && message.transStatus !== 'N') wrong.push('transStatus')
  return wrong
}
