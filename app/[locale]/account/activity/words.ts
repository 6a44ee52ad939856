import { getTranslations } from 'next-intl/server'
import { shownMerchantName } from '#domain/challenge/merchant-name.ts'
import type { Language } from '#domain/kernel/language.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatTime } from '#domain/kernel/time.ts'
import type { ActivityEntry } from '#server/account/activity.ts'
import { config } from '#server/platform/config.ts'
import type { MarkName } from './mark.tsx'

/**
 * What happened, to what, with which result, and whether the cardholder reported it: the same on the page and in the
 * CSV file.
 */
export async function wordsOf(locale: Language, entry: ActivityEntry) {
  const { what, detail, result } = await entryOf(locale, entry)
  const said = entry.kind === 'change' ? entry.state : entry.kind === 'payment' ? entry.outcome : undefined
  if (!entry.reported || said === 'reported') return { what, detail, result }
  const say = await getTranslations({ locale, namespace: 'account.activity.report' })
  return { what, detail, result: `${result} ${say('reported')}` }
}

async function entryOf(locale: Language, entry: ActivityEntry) {
  const say = await getTranslations({ locale, namespace: 'account.activity' })
  switch (entry.kind) {
    case 'sign-in':
      return {
        what: say('sign-in'),
        detail: entry.device || say('unknownDevice'),
        result: say(`methods.${entry.method}`, { issuer: config().issuer.brand.issuer[locale] }),
      }
    case 'change': {
      const states = await getTranslations({ locale, namespace: 'account.contact.states' })
      return {
        what: say(`change.${entry.contact}`),
        detail: entry.masked,
        result: states(stateOf(entry.state)),
      }
    }
    case 'stop':
      return {
        what: say('stop'),
        detail: entry.masked,
        result: say('stopped', { until: formatTime(entry.until, locale) }),
      }
    case 'trust':
      return {
        what: say('trust'),
        detail: shownMerchantName(entry.merchantName),
        result: entry.removed ? say('trustRemoved') : '',
      }
    case 'payment': {
      const { merchantName, amount, currency, exponent } = entry.purchase
      const price = amount && currency && exponent ? formatAmount(amount, currency, exponent, locale) : ''
      return {
        what: say('payment', { lastFour: entry.lastFour }),
        detail: [shownMerchantName(merchantName), price].filter(Boolean).join(' '),
        result: say(`results.${resultOf(entry.outcome)}`),
      }
    }
  }
}

const states = ['asking', 'cancelled', 'superseded', 'attempts-spent', 'timed-out', 'reported'] as const

function stateOf(state: string) {
  return states.find(known => known === state) ?? 'confirmed'
}

function resultOf(outcome: Extract<ActivityEntry, { kind: 'payment' }>['outcome']) {
  switch (outcome) {
    case undefined:
      return 'open'
    case 'approved':
      return 'authenticated'
    case 'authenticated':
    case 'cancelled':
    case 'declined':
    case 'attempts-spent':
    case 'reported':
      return outcome
    case 'window-timed-out':
    case 'window-not-opened':
    case 'not-answered':
      return 'timed-out'
    default:
      return 'failed'
  }
}

/** The mark of an entry: whether it went through, is still open, or did not. */
export function markOf(entry: ActivityEntry): MarkName {
  if (entry.reported) return 'stopped'
  switch (entry.kind) {
    case 'sign-in':
    case 'stop':
      return 'done'
    case 'trust':
      return entry.removed ? 'stopped' : 'done'
    case 'change': {
      const state = stateOf(entry.state)
      if (state === 'asking') return 'open'
      return state === 'confirmed' ? 'done' : 'stopped'
    }
    case 'payment': {
      const result = resultOf(entry.outcome)
      if (result === 'open') return 'open'
      return result === 'authenticated' ? 'done' : 'stopped'
    }
  }
}
