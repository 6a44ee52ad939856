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
import { recordForWatch } from '../watch/record.ts'

// Caps on text messages. The rule is in domain/contact/sms-caps.ts. A text message is counted when it is queued, in the
// same transaction, so that a rollback takes the count back.

/** The attributes of a purchase by which its text messages are counted. */
export interface SmsOrigin {
  readonly requestorID: string
  readonly merchant: MerchantIdentity
  /** The HMAC of browserIP's network, as `smsNetworkHmac` makes it; null in an app. */
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

/** The HMAC of the network of a purchase's browser. Only the HMAC is stored. */
export async function smsNetworkHmac(browserIP: string | undefined): Promise<Buffer | null> {
  return browserIP === undefined ? null : subjectHmac('sms.network', networkOf(browserIP))
}

export interface Sms {
  readonly to: string
  readonly smsOrigin: SmsOrigin | undefined
  /** Sent and counted even beyond a cap. */
  readonly always: boolean
}

/** Counts a text message, in one statement. Returns false if it would exceed a cap; it is then not counted. */
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
    if (!first) continue
    log.warn('sms.cap-near', { kind: cap, count: caps[cap] })
    const of = cap === 'day' || cap === 'hour' ? '' : key.subject.toString('base64url')
    await recordForWatch(tx, { kind: 'sms-cap-near', at, cap, of, count: caps[cap] })
  }
  if (exceeded.length === 0 || always) return true
  await uncount(tx, counted)
  log.warn('sms.refused', { kind: exceeded.join(' ') })
  return false
}

/** Takes back the count of a text message that is not sent after all. */
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
 * The keys of a message's counters, the deployment's own first. The transaction that holds those rows makes all others
 * wait, so that no two deadlock. It holds them until it ends, a few milliseconds. Rows that it may have to wait longer
 * for, such as the wrong codes of an account, it locks before.
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

/** Whether the whole deployment's text messages for the hour or the day are used up. */
export async function isSmsSpent(at: number): Promise<boolean> {
  const caps = config().issuer.smsCaps
  const [day, hour] = await countedFor('', undefined, at)
  if (!day || !hour) return false
  const [inDay = 0, inHour = 0] = await readTallies([day[1], hour[1]])
  return inDay >= caps.day || inHour >= caps.hour
}
