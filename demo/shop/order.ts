import type { Language } from '../language.ts'

/** A 3-D Secure message as it passed: whatever JSON object was sent. */
export type Message = Readonly<Record<string, unknown>>

const messageNames = ['AReq', 'ARes', 'CReq', 'CRes', 'RReq', 'RRes', 'Erro'] as const
export type MessageName = (typeof messageNames)[number]

export interface Passed {
  /** ISO 8601, by the system's clock. */
  at: string
  message: MessageName
  body: Message
}

/** How the window is shown: a page of its own, an iframe, or an iframe with the sandbox of EMV 3DS 2.3.1 or a stricter one. */
export const presentations = ['page', 'iframe', 'sandbox', 'strict'] as const
export type Presentation = (typeof presentations)[number]

/** Where the cardholder is: at the shop's page, or away, so that the issuer asks them by message. */
export const whereabouts = ['here', 'away'] as const

export const windowSizes = ['01', '02', '03', '04', '05'] as const
export type WindowSize = (typeof windowSizes)[number]

export interface Order {
  orderId: string
  createdAt: string
  locale: Language
  /** The name of what is bought; null for an order that came over the API. */
  product: string | null
  amount: number
  currency: Currency
  maskedCard: string
  messageVersion: string
  windowSize: WindowSize
  presentation: Presentation
  /** Opaque to the ACS, which must hand it back unchanged with the CRes. */
  threeDSSessionData: string
  /** Everything that passed, oldest first, repeats included. The card number in it is masked. */
  passed: Passed[]
  /** What was wrong with the ACS's answers, in English for the engineer; null when nothing was. */
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
 * What an order has come to.
 * - `authenticated`, `attempted`, `refused` (N or R), `unavailable` (U), `informed` (I), `decoupled` (D): the ARes said so, or the RReq.
 * - `challenge`: the cardholder is asked; neither RReq nor CRes has come.
 * - `unconfirmed`: the window has closed (CRes), but the result (RReq) has not come. A shop trusts the RReq alone.
 * - `error`: an Erro came, or an invalid answer.
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

/** An order that the cardholder may still be asked about. */
export function isChallenged(order: Order): boolean {
  return order.problem === null && latest(order, 'ARes')?.transStatus === 'C'
}

/** An order whose result comes by itself: after a window, or after the issuer has asked elsewhere. */
export function awaitsResult(order: Order): boolean {
  return isChallenged(order) || (order.problem === null && latest(order, 'ARes')?.transStatus === 'D')
}

export function latest(order: Order, message: MessageName): Message | null {
  return order.passed.findLast(passed => passed.message === message)?.body ?? null
}

export function pass(order: Order, message: MessageName, body: Message): void {
  order.passed.push({ at: new Date().toISOString(), message, body })
}

/** The ids by which the three domains know the transaction. */
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
