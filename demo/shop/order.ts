import type { Language } from '../language.ts'

/** A 3-D Secure message as it was exchanged: any JSON object. */
export type Message = Readonly<Record<string, unknown>>

const messageNames = ['AReq', 'ARes', 'CReq', 'CRes', 'RReq', 'RRes', 'Erro'] as const
export type MessageName = (typeof messageNames)[number]

export interface Passed {
  /** ISO 8601, by the system's clock. */
  at: string
  message: MessageName
  body: Message
}

/**
 * How the window is shown: as a page, in an iframe, or in an iframe with the sandbox of EMV 3DS 2.3.1 or a stricter
 * one.
 */
export const presentations = ['page', 'iframe', 'sandbox', 'strict'] as const
export type Presentation = (typeof presentations)[number]

/** Where the cardholder is: at the shop's page, or away, for decoupled authentication. */
export const whereabouts = ['here', 'away'] as const

export const windowSizes = ['01', '02', '03', '04', '05'] as const
export type WindowSize = (typeof windowSizes)[number]

export interface Order {
  orderId: string
  createdAt: string
  locale: Language
  /** The name of the product; null for an order over the API. */
  product: string | null
  amount: number
  currency: Currency
  maskedCard: string
  messageVersion: string
  windowSize: WindowSize
  presentation: Presentation
  /** Opaque to the ACS, which must return it unchanged with the CRes. */
  threeDSSessionData: string
  /** Everything that was exchanged, oldest first, repeats included. Card numbers in it are masked. */
  passed: Passed[]
  /** What was wrong with the ACS's answers, in English for engineers; null if nothing was. */
  problem: string | null
}

export interface Currency {
  /** ISO 4217. */
  code: 'JPY' | 'USD'
  number: '392' | '840'
  exponent: 0 | 2
}

export const currencies: readonly Currency[] = [
  { code: 'JPY', number: '392', exponent: 0 },
  { code: 'USD', number: '840', exponent: 2 },
]

/**
 * The state of an order.
 * - `authenticated`, `attempted`, `refused` (N or R), `unavailable` (U), `informed` (I), `decoupled` (D): according to
 *   the ARes or the RReq.
 * - `challenge`: the cardholder is being asked; neither RReq nor CRes has arrived.
 * - `unconfirmed`: the window has closed (CRes), but the result (RReq) has not arrived. A shop trusts only the RReq.
 * - `error`: an Erro or an invalid answer has arrived.
 */
export type Status =
  | 'authenticated'
  | 'attempted'
  | 'refused'
  | 'unavailable'
  | 'informed'
  | 'decoupled'
  | 'challenge'
  | 'unconfirmed'
  | 'error'

const finalStatus: Readonly<Record<string, Status>> = {
  Y: 'authenticated',
  A: 'attempted',
  N: 'refused',
  R: 'refused',
  U: 'unavailable',
}
const firstStatus: Readonly<Record<string, Status>> = {
  ...finalStatus,
  I: 'informed',
  D: 'decoupled',
  C: 'challenge',
}

export function statusOf(order: Order): Status {
  const rreq = latest(order, 'RReq')
  if (rreq) return finalStatus[String(rreq.transStatus)] ?? 'error'
  if (order.problem !== null || latest(order, 'Erro')) return 'error'
  const answered = firstStatus[String(latest(order, 'ARes')?.transStatus)] ?? 'error'
  return answered === 'challenge' && latest(order, 'CRes') ? 'unconfirmed' : answered
}

/** Whether the cardholder cancelled the challenge (challengeCancel 01), and no one else refused the payment. */
export function wasCancelled(order: Order): boolean {
  return latest(order, 'RReq')?.challengeCancel === '01'
}

/** Whether an order was challenged. */
export function isChallenged(order: Order): boolean {
  return order.problem === null && latest(order, 'ARes')?.transStatus === 'C'
}

/** Whether an order gets a result (RReq): after a challenge, or after decoupled authentication. */
export function awaitsResult(order: Order): boolean {
  return isChallenged(order) || (order.problem === null && latest(order, 'ARes')?.transStatus === 'D')
}

export function latest(order: Order, message: MessageName): Message | null {
  return order.passed.findLast(passed => passed.message === message)?.body ?? null
}

export function pass(order: Order, message: MessageName, body: Message): void {
  order.passed.push({ at: new Date().toISOString(), message, body })
}

/** The ids by which the three domains identify the transaction. */
export function transactionOf(order: Order) {
  const areq = latest(order, 'AReq')
  const ares = latest(order, 'ARes')
  return {
    threeDSServerTransID: text(areq?.threeDSServerTransID),
    dsTransID: text(areq?.dsTransID),
    acsTransID: text(ares?.acsTransID),
    messageVersion: text(areq?.messageVersion),
    deviceChannel: text(areq?.deviceChannel),
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
