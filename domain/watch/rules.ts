import { decayed, seenSince } from '#domain/risk/history/counters.ts'
import type { Authentication, Ended } from '#domain/risk/history/event.ts'
import { day, halfLife, hour, keysOf, type Rows } from '#domain/risk/history/rows.ts'
import type { WatchEvent } from './event.ts'
import { watchPolicy } from './policy.ts'

// The rules of the watch. Each looks at one event, and at what is remembered of its card, merchant, network and device.

/** What an alert is about, by our own references. */
export interface Subject {
  readonly kind: 'card' | 'cardholder' | 'merchant' | 'network' | 'device' | 'sms'
  readonly key: string
}

/** An event, with all that the rules need to know. */
export interface Observation {
  readonly event: WatchEvent
  /** Before and after the event. */
  readonly before: Rows
  readonly after: Rows
  /** How often it has happened in this hour, this time included: of what `countedBy` names. */
  readonly counted?: number
  /** How the payment was decided (`authentications.decision`), if it was refused. */
  readonly decision?: string
}

interface Found {
  readonly subject: Subject
  /** What the rule counts, rounded. */
  readonly count: number
}

/** Notices to cardholders. The words are in messages/ under `message.notice`. */
export type WatchNotice = 'payment-refused' | 'unusual-payments' | 'unusual-requests'

interface Rule {
  /** At most one alert about a subject in each hour, or day. */
  readonly per: number
  /** The notice to the cardholder; undefined: only the issuer is alerted. */
  readonly notice?: WatchNotice
  find(observation: Observation): readonly Found[]
}

/** In this order: an event causes one notice at most, that of the first rule. */
export const rules = {
  /** A payment was refused as unusual: the cardholder may say that it was theirs. */
  'refused-payment': {
    per: hour,
    notice: 'payment-refused',
    find({ event, decision }) {
      const payment = paymentOf(event)
      if (!payment?.card || !isRefusedAsUnusual(decision)) return []
      // A thief's refusals, and those that cannot be confirmed, must not use up the alert about the owner's.
      return one('card', [payment.card, decision, keysOf(payment).merchant ?? ''].join(' '), 1)
    },
  },
  /** Requests on approval devices, again and again: a cardholder who is worn down may at last approve. */
  'declined-requests': {
    per: hour,
    notice: 'unusual-requests',
    find: ({ event, counted = 0 }) =>
      event.kind === 'request-declined' && counted >= watchPolicy.declinedRequests
        ? one('cardholder', event.cardholder, counted)
        : [],
  },
  /** Several payments of one card that were refused, or whose challenge was not passed. */
  'card-failures': {
    per: day,
    notice: 'unusual-payments',
    find({ event, after }) {
      const failures = decayed(after.card.failuresDay, halfLife.day, event.at)
      return hasFailed(event) && failures >= watchPolicy.cardFailures
        ? one('card', paymentOf(event)?.card, failures)
        : []
    },
  },
  /** Two payments of one card from places too far apart. */
  travel: {
    per: day,
    notice: 'unusual-payments',
    find({ event, before }) {
      if (event.kind !== 'authentication') return []
      const zones = zonesTooFar(event, before)
      return zones === undefined ? [] : one('card', event.card, zones)
    },
  },
  /** Many payments of one card at once. */
  'card-burst': {
    per: day,
    find({ event, after }) {
      const tried = decayed(after.card.countHour, halfLife.hour, event.at)
      return event.kind === 'authentication' && tried >= watchPolicy.cardBurst ? one('card', event.card, tried) : []
    },
  },
  /** One network tries many cards. Carriers and offices have many customers, but their payments rarely fail. */
  'network-cards': {
    per: hour,
    find({ event, after: { network } }) {
      const cards = seenSince(network.cards, event.at - hour)
      const failures = decayed(network.failuresDay, halfLife.day, event.at)
      const { networkCards: limit } = watchPolicy
      return paymentOf(event) && cards >= limit.cards && failures >= limit.failures
        ? one('network', paymentOf(event)?.network, cards)
        : []
    },
  },
  /** One browser or phone tries many cards. */
  'device-cards': {
    per: day,
    find({ event, after }) {
      const cards = seenSince(after.device.cards, event.at - day)
      return event.kind === 'authentication' && cards >= watchPolicy.deviceCards
        ? one('device', event.device, cards)
        : []
    },
  },
  /** Card numbers that do not exist (N/08): they are being guessed. */
  'unknown-cards': {
    per: hour,
    find({ event, after }) {
      if (event.kind !== 'authentication' || event.card !== undefined) return []
      const keys = keysOf(event)
      return (['network', 'device', 'merchant'] as const).flatMap(kind => {
        const unknown = decayed(after[kind].unknownHour, halfLife.hour, event.at)
        // Carriers and offices have many customers behind an address, a few of whom mistype their numbers.
        const known = kind === 'network' ? seenSince(after.network.cards, event.at - hour) : 0
        return unknown >= watchPolicy.unknownCards[kind] && unknown > known ? one(kind, keys[kind], unknown) : []
      })
    },
  },
  /** Codes of many cards are being guessed from one network. */
  'guessed-codes': {
    per: hour,
    find: ({ event, counted = 0 }) =>
      event.kind === 'codes-wrong' && counted >= watchPolicy.guessedCards ? one('network', event.network, counted) : [],
  },
  /** More text messages than usual: each costs money, of which a fraudster may earn a part. */
  'sms-pumping': {
    per: hour,
    find: ({ event }) =>
      event.kind === 'sms-cap-near' ? one('sms', event.of ? `${event.cap} ${event.of}` : event.cap, event.count) : [],
  },
  /** "This was not me". The report itself notifies the cardholder. */
  report: {
    per: hour,
    find: ({ event }) => (event.kind === 'reported' ? one('cardholder', event.cardholder, 1) : []),
  },
} as const satisfies Readonly<Record<string, Rule>>

export type RuleId = keyof typeof rules

/**
 * The rules that find an attack from a network, for which it causes no text messages for a while. Many cards in one
 * network are no proof of one: carriers have thousands of customers behind an address.
 */
export const attackRules: readonly RuleId[] = ['unknown-cards', 'guessed-codes']

/** Whether a decision (`authentications.decision`) refuses a payment because it is unusual. */
function isRefusedAsUnusual(decision: string | undefined): boolean {
  return decision === 'suspected' || decision === 'device-needed'
}

export interface Hit extends Found {
  readonly rule: RuleId
  readonly per: number
  /** The notice that the cardholder gets because of it. */
  readonly notice: WatchNotice | undefined
}

/** What the rules find in an event. At most one of the hits has a notice. */
export function hitsOf(observation: Observation): readonly Hit[] {
  const notifies = mayNotify(observation.event)
  const hits = (Object.entries(rules) as [RuleId, Rule][]).flatMap(([rule, { per, notice, find }]) =>
    find(observation).map(found => ({ ...found, rule, per, notice: notifies ? notice : undefined })),
  )
  const first = hits.findIndex(({ notice }) => notice !== undefined)
  return hits.map((hit, index) => (index === first ? hit : { ...hit, notice: undefined }))
}

/**
 * Whether an event may cause a notice. A payment that passed without a question never does (EMV 3DS Req 318, 319), nor
 * one that is being asked about.
 */
function mayNotify(event: WatchEvent): boolean {
  return hasFailed(event) || event.kind === 'request-declined'
}

function hasFailed(event: WatchEvent): boolean {
  return (
    (event.kind === 'authentication' || event.kind === 'ended') &&
    (event.result === 'refused' || event.result === 'failed')
  )
}

/** The payment that an event is about. */
export function paymentOf(event: WatchEvent): Authentication | undefined {
  if (event.kind === 'authentication') return event
  return event.kind === 'ended' ? (event as Ended).authentication : undefined
}

/** What is counted by the hour, because no row of the history has it; and the e-mails about alerts. */
export type Counted = 'watch.declined' | 'watch.guessed' | 'watch.emails'

/**
 * Which count an event adds to, for whom, and once for what: the codes of one card are guessed once, however often.
 * Undefined: none.
 */
export function countedBy(
  event: WatchEvent,
): { readonly name: Exclude<Counted, 'watch.emails'>; readonly subject: string; readonly once?: string } | undefined {
  if (event.kind === 'request-declined') return { name: 'watch.declined', subject: event.cardholder }
  if (event.kind === 'codes-wrong' && event.network !== undefined)
    return { name: 'watch.guessed', subject: event.network, once: event.card }
  return undefined
}

/**
 * How many time zones a payment is from an earlier one that ended well, if no one can have travelled that far in
 * between; otherwise undefined. The merchant's country says where the merchant is, not the cardholder, and an address
 * says little with a VPN; browsers of thieves often show where they are by their clock. A network or device that the
 * card has been used with is the cardholder's, wherever its clock believes to be.
 */
function zonesTooFar({ at, areq, network, device }: Authentication, { card }: Rows): number | undefined {
  const here = hoursOf(areq.browserTZ)
  const isKnown = (list: Rows['card']['networks'], key: string | undefined) => list.some(each => each.key === key)
  if (here === undefined || isKnown(card.networks, network) || isKnown(card.devices, device)) return undefined
  const zones = card.settings.flatMap(({ key, last }) => {
    const there = hoursOf(key.split(' ').at(-1))
    if (there === undefined) return []
    const around = Math.abs(here - there) % 24
    const apart = Math.min(around, 24 - around)
    const isTooFar = apart >= watchPolicy.zonesApart && at - last < apart * watchPolicy.timePerZone
    return isTooFar ? [apart] : []
  })
  return zones.length > 0 ? Math.max(...zones) : undefined
}

/** Hours from UTC of browserTZ, which is in minutes. */
function hoursOf(minutes: string | undefined): number | undefined {
  return minutes === undefined || !/^[+-]?\d+$/.test(minutes) ? undefined : Number(minutes) / 60
}

function one(kind: Subject['kind'], key: string | undefined, count: number): readonly Found[] {
  return key === undefined ? [] : [{ subject: { kind, key }, count: Math.round(count) }]
}
