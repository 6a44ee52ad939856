import { getTranslations } from 'next-intl/server'
import type { Language } from '#domain/challenge/machine.ts'
import { plainName } from '#domain/challenge/merchant-name.ts'
import { formatAmount, formatTime } from '#domain/challenge/purchase.ts'
import type { Happening } from '#server/account/activity.ts'

/** What happened, to what, how it ended, and whether its owner said that it was not them: the same on the page and in the table. */
export async function wordsOf(locale: Language, happening: Happening) {
  const { what, detail, result } = await entryOf(locale, happening)
  const said =
    happening.kind === 'change' ? happening.state : happening.kind === 'payment' ? happening.ending : undefined
  if (!happening.reported || said === 'reported') return { what, detail, result }
  const say = await getTranslations({ locale, namespace: 'account.activity.report' })
  return { what, detail, result: `${result} ${say('reported')}` }
}

async function entryOf(locale: Language, happening: Happening) {
  const say = await getTranslations({ locale, namespace: 'account.activity' })
  switch (happening.kind) {
    case 'sign-in':
      return {
        what: say('sign-in'),
        detail: happening.device || say('unknownDevice'),
        result: say(`methods.${happening.method}`),
      }
    case 'change': {
      const states = await getTranslations({ locale, namespace: 'account.contact.states' })
      return {
        what: say(`change.${happening.contact}`),
        detail: happening.masked,
        result: states(stateOf(happening.state)),
      }
    }
    case 'stop':
      return {
        what: say('stop'),
        detail: happening.masked,
        result: say('stopped', { until: formatTime(happening.until, locale) }),
      }
    case 'trust':
      return {
        what: say('trust'),
        detail: plainName(happening.merchantName),
        result: happening.removed ? say('trustRemoved') : '',
      }
    case 'payment': {
      const { merchantName, amount, currency, exponent } = happening.purchase
      const price = amount && currency && exponent ? formatAmount(amount, currency, exponent, locale) : ''
      return {
        what: say('payment', { lastFour: happening.lastFour }),
        detail: [plainName(merchantName), price].filter(Boolean).join(' '),
        result: say(`results.${resultOf(happening.ending)}`),
      }
    }
  }
}

const states = ['asking', 'cancelled', 'superseded', 'tries-spent', 'timed-out', 'reported'] as const

function stateOf(state: string) {
  return states.find(known => known === state) ?? 'confirmed'
}

function resultOf(ending: Extract<Happening, { kind: 'payment' }>['ending']) {
  switch (ending) {
    case undefined:
      return 'open'
    case 'approved':
      return 'authenticated'
    case 'authenticated':
    case 'cancelled':
    case 'declined':
    case 'tries-spent':
    case 'reported':
      return ending
    case 'window-timed-out':
    case 'window-not-opened':
    case 'not-answered':
      return 'timed-out'
    default:
      return 'failed'
  }
}
