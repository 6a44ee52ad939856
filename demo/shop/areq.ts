import type { Language } from '../language.ts'
import type { Currency, Message } from './order.ts'

/** EMV 3DS versions that the shop's 3DS Server supports, the preferred one first. */
export const messageVersions = ['2.2.0', '2.3.1', '2.1.0'] as const

export interface Purchase {
  card: string
  cardholderName: string | undefined
  email: string | undefined
  merchantName: string
  /** In the currency's minor unit. */
  amount: number
  currency: Currency
  locale: Language
  challengeInd: string
  messageVersion: string
}

/** What a browser tells the shop: the headers always, the rest only if it runs scripts. */
export interface Browser {
  acceptHeader: string
  userAgent: string
  ip: string
  script: ScriptedBrowser | null
}

export interface ScriptedBrowser {
  javaEnabled: boolean
  colorDepth: string
  screenHeight: string
  screenWidth: string
  /** Minutes, as in `Date.prototype.getTimezoneOffset`. */
  timeZone: string
}

export interface Transaction {
  threeDSServerTransID: string
  orderId: string
  /** The shop's origin for browsers. */
  origin: string
  now: Date
  /** The outcome of the 3DS Method: Y completed, N not completed in time; U, or absent: there was no browser for it. */
  compInd?: 'Y' | 'N' | 'U'
}

/** An ordinary screen in Japan, for callers without one. */
export const ordinaryBrowser: ScriptedBrowser = {
  javaEnabled: false,
  colorDepth: '24',
  screenHeight: '1080',
  screenWidth: '1920',
  timeZone: '-540',
}

/**
 * A payment authentication in the browser channel, as the 3DS Server sends it to the directory server (EMV 3DS, table
 * B.1).
 */
export function buildAReq(purchase: Purchase, browser: Browser, transaction: Transaction): Message {
  const { origin, orderId, now } = transaction
  return {
    messageType: 'AReq',
    messageVersion: purchase.messageVersion,
    deviceChannel: '02',
    messageCategory: '01',
    threeDSServerTransID: transaction.threeDSServerTransID,
    threeDSServerRefNumber: 'DEMO-3DSS-REF-0001',
    threeDSServerOperatorID: 'DEMO-3DSS-OP-0001',
    threeDSServerURL: `${origin}/3ds-server`,
    threeDSRequestorID: 'DEMO-REQUESTOR-0001',
    threeDSRequestorName: 'Kotori Store',
    threeDSRequestorURL: origin,
    threeDSRequestorAuthenticationInd: '01',
    // A list in 2.3.1, of at most two.
    threeDSRequestorChallengeInd: purchase.messageVersion === '2.3.1' ? [purchase.challengeInd] : purchase.challengeInd,
    threeDSCompInd: transaction.compInd ?? 'U',
    acctNumber: purchase.card,
    cardExpiryDate: '3012',
    ...(purchase.cardholderName === undefined ? {} : { cardholderName: purchase.cardholderName }),
    ...(purchase.email === undefined ? {} : { email: purchase.email }),
    acquirerBIN: '90000100001',
    acquirerMerchantID: 'KOTORI000000001',
    ...(purchase.messageVersion === '2.3.1' && { acquirerCountryCode: '392', acquirerCountryCodeSource: '01' }),
    mcc: '5999',
    merchantCountryCode: '392',
    merchantName: purchase.merchantName,
    purchaseAmount: String(purchase.amount),
    purchaseCurrency: purchase.currency.number,
    purchaseExponent: String(purchase.currency.exponent),
    purchaseDate: utcDigits(now),
    transType: '01',
    ...browserFields(purchase, browser),
    notificationURL: `${origin}/orders/${orderId}/return`,
  }
}

function browserFields(
  { messageVersion, locale }: Purchase,
  { acceptHeader, userAgent, ip, script }: Browser,
): Message {
  const always = {
    browserAcceptHeader: acceptHeader.slice(0, 2048),
    browserUserAgent: userAgent.slice(0, 2048),
    browserIP: ip,
    ...(messageVersion === '2.3.1' ? { acceptLanguage: [locale] } : { browserLanguage: locale }),
  }
  const told = messageVersion === '2.3.1' ? { browserLanguage: locale } : {}
  // 2.1.0 cannot state that scripts do not run, and always requires the other fields.
  if (messageVersion === '2.1.0') return { ...always, ...scriptFields(script ?? ordinaryBrowser) }
  if (script === null) return { ...always, browserJavascriptEnabled: false }
  return { ...always, ...told, browserJavascriptEnabled: true, ...scriptFields(script) }
}

function scriptFields(script: ScriptedBrowser): Message {
  return {
    browserJavaEnabled: script.javaEnabled,
    browserColorDepth: script.colorDepth,
    browserScreenHeight: script.screenHeight,
    browserScreenWidth: script.screenWidth,
    browserTZ: script.timeZone,
  }
}

/** Elements that a 3DS Server omits without a browser. */
const ofBrowser = [
  ...['threeDSRequestorAuthenticationInd', 'threeDSRequestorChallengeInd', 'threeDSCompInd', 'notificationURL'],
  ...['transType', 'browserAcceptHeader', 'browserUserAgent', 'browserIP', 'browserLanguage', 'acceptLanguage'],
  ...['browserJavascriptEnabled', 'browserJavaEnabled', 'browserColorDepth', 'browserScreenHeight'],
  ...['browserScreenWidth', 'browserTZ'],
]

/**
 * Changes to an AReq: the shop charges without the cardholder (3RI, 11 other payment), and permits decoupled
 * authentication within an hour.
 */
export const whileAway: Message = {
  ...Object.fromEntries(ofBrowser.map(name => [name, null])),
  deviceChannel: '03',
  threeRIInd: '11',
  threeDSRequestorDecReqInd: 'Y',
  threeDSRequestorDecMaxTime: '00060',
}

/** YYYYMMDDHHMMSS. */
function utcDigits(time: Date): string {
  return time.toISOString().replace(/\D/g, '').slice(0, 14)
}

/** Fields from the API replace those built here; null removes a field. So a test can send anything. */
export function override(message: Message, fields: Message): Message {
  const kept = Object.entries({ ...message, ...fields }).filter(([, value]) => value !== null)
  return Object.fromEntries(kept)
}

/** A shop shows and stores only part of a card number: the first six digits and the last four. */
export function maskCard(number: string): string {
  return number.length < 12
    ? '•'.repeat(number.length)
    : `${number.slice(0, 6)}${'•'.repeat(number.length - 10)}${number.slice(-4)}`
}

export function withMaskedCard(areq: Message): Message {
  return 'acctNumber' in areq ? { ...areq, acctNumber: maskCard(String(areq.acctNumber)) } : areq
}
