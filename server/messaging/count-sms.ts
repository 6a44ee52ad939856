import type { Queryable } from '#db/client.ts'
import { addToTallies, noteOnce, readTallies, type TallyKey } from '#db/queries/tallies.ts'
import type { MerchantIdentity, Purchase } from '#db/schema.ts'
import { windowOf } from '#domain/account/policy.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import { judgeSms, type SmsCap, smsPrefix } from '#domain/contact/sms-caps.ts'
import { networkOf } from '../platform/address-range.ts'
import { config } from '../platform/config.ts'
import { subjectHmac, tallyKey } from '../platform/limits.ts'
import { log } from '../platform/log.ts'

// Caps on text messages. The rule: domain/contact/sms-caps.ts. Counted when a message is queued, in the transaction that
// queues it, so that a rollback takes the count back. Without a text message nothing is counted.

/** The purchase, as far as its text messages are counted by it. */
export interface SmsOrigin {
  readonly requestorID: string
  readonly merchant: MerchantIdentity
  /** Of browserIP, as `smsNetworkTag` has it; null in an app. */
  readonly networkHmac: Buffer | null
}

interface OfPurchase {
  readonly requestorID: string
  readonly networkHmac: Buffer | null
  readonly directoryServer: string
  readonly purchase: Purchase
}

export function smsOriginOf({ requestorID, networkHmac, directoryServer, purchase }: OfPurchase): SmsOrigin {
  const { acquirerBIN = '', merchantID } = purchase
  return { requestorID, networkHmac, merchant: { directoryServer, acquirerBIN, acquirerMerchantID: merchantID } }
}

/** The network of a purchase's browser: kept is its tag alone. */
export async function smsNetworkHmac(browserIP: string | undefined): Promise<Buffer | null> {
  return browserIP === undefined ? null : subjectHmac('sms.network', networkOf(browserIP))
}

export interface Sms {
  readonly to: string
  readonly smsOrigin: SmsOrigin | undefined
  /** Sent and counted even beyond a cap. */
  readonly always: boolean
}

/** Counts a text message, in one statement. False: it would exceed a cap, and is counted nowhere. */
export async function countSms(tx: Queryable, { to, smsOrigin, always }: Sms, at: number): Promise<boolean> {
  const counted = await countedFor(to, smsOrigin, at)
  const counts = await addToTallies(
    tx,
    counted.map(([, key]) => key),
    1,
  )
  const caps = config().issuer.smsCaps
  const { exceeded, alarms } = judgeSms(
    counted.map(([cap], index) => ({ cap, count: counts[index] ?? 0 })),
    caps,
  )
  for (const [cap, key] of counted.filter(([cap]) => alarms.includes(cap))) {
    const first = await noteOnce(tx, { ...key, name: `sms-alarm.${cap}` })
    if (first) log.warn('sms.cap-near', { kind: cap, count: caps[cap] })
  }
  if (exceeded.length === 0 || always) return true
  await uncount(tx, counted)
  log.warn('sms.refused', { kind: exceeded.join(' ') })
  return false
}

/** A text message that was counted is not sent after all. */
export async function uncountSms(tx: Queryable, { to, smsOrigin }: Sms, at: number): Promise<void> {
  await uncount(tx, await countedFor(to, smsOrigin, at))
}

async function uncount(tx: Queryable, counted: readonly (readonly [SmsCap, TallyKey])[]) {
  await addToTallies(
    tx,
    counted.map(([, key]) => key),
    -1,
  )
}

/**
 * The deployment's own rows come first: the transaction that holds them makes all others wait, so that no two deadlock. They are held
 * until the transaction ends, a few milliseconds. What else a transaction locks for long it locks before: wrong codes of an account.
 */
async function countedFor(
  to: string,
  origin: SmsOrigin | undefined,
  at: number,
): Promise<(readonly [SmsCap, TallyKey])[]> {
  const key = async (cap: SmsCap, subject: string) =>
    [cap, await tallyKey(`sms.${cap}`, subject, contactPolicy.smsCaps[cap].window, at)] as const
  const everywhere = [key('day', ''), key('hour', ''), key('prefix', smsPrefix(to))]
  if (!origin) return Promise.all(everywhere)
  const { requestorID, merchant, networkHmac } = origin
  const { directoryServer, acquirerBIN, acquirerMerchantID } = merchant
  const { beginsAt } = windowOf(contactPolicy.smsCaps.network.window, at)
  return Promise.all([
    ...everywhere,
    key('requestor', requestorID),
    ...(acquirerMerchantID ? [key('merchant', `${directoryServer}\0${acquirerBIN}\0${acquirerMerchantID}`)] : []),
    ...(networkHmac
      ? [Promise.resolve(['network', { name: 'sms.network', subject: networkHmac, beginsAt }] as const)]
      : []),
  ])
}

/** Whether text messages of the whole deployment are spent for the hour or the day. */
export async function isSmsSpent(at: number): Promise<boolean> {
  const caps = config().issuer.smsCaps
  const [day, hour] = await countedFor('', undefined, at)
  if (!day || !hour) return false
  const [inDay = 0, inHour = 0] = await readTallies([day[1], hour[1]])
  return inDay >= caps.day || inHour >= caps.hour
}
