import { contactPolicy } from './policy.ts'

/** What text messages are counted by. */
export type SmsCap = keyof typeof contactPolicy.smsCaps

/** How many text messages each cap allows in its window; the issuer may have numbers of its own. */
export type SmsCaps = Readonly<Record<SmsCap, number>>

export interface SmsCounted {
  readonly cap: SmsCap
  /** Text messages in the window, this one among them. */
  readonly count: number
}

export interface SmsVerdict {
  /** The caps that this message would exceed; empty: it may be sent. */
  readonly exceeded: readonly SmsCap[]
  /** The caps of which so much is spent with this message that an operator is alarmed. */
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

/** Country and leading digits of a number in E.164. */
export function smsPrefix(number: string): string {
  return number.replace(/\D/g, '').slice(0, contactPolicy.smsPrefixDigits)
}
