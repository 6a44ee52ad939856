import { contactPolicy } from './policy.ts'

/** A cap by which text messages are counted. */
export type SmsCap = keyof typeof contactPolicy.smsCaps

/** How many text messages each cap allows in its window; an issuer may set its own numbers. */
export type SmsCaps = Readonly<Record<SmsCap, number>>

export interface SmsCounted {
  readonly cap: SmsCap
  /** Text messages in the window, including this one. */
  readonly count: number
}

export interface SmsVerdict {
  /** The caps that this message would exceed; if empty, it may be sent. */
  readonly exceeded: readonly SmsCap[]
  /** The caps for which this message reaches the share at which an operator is alerted. */
  readonly alarms: readonly SmsCap[]
}

/** Whether a text message may be sent. A message that is refused is not counted. */
export function judgeSms(counted: readonly SmsCounted[], caps: SmsCaps): SmsVerdict {
  const exceeded = counted.filter(({ cap, count }) => count > caps[cap]).map(({ cap }) => cap)
  if (exceeded.length > 0) return { exceeded, alarms: [] }
  return { exceeded, alarms: counted.filter(({ cap, count }) => count === alarmAt(caps[cap])).map(({ cap }) => cap) }
}

function alarmAt(most: number): number {
  return Math.ceil(most * contactPolicy.smsAlarmAt)
}

/** The country code and leading digits of an E.164 number. */
export function smsPrefix(number: string): string {
  return number.replace(/\D/g, '').slice(0, contactPolicy.smsPrefixDigits)
}
