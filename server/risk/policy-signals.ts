import { restrictionOn } from '#domain/contact/code-recipients.ts'
import { makeMemory } from '#domain/risk/history/memory.ts'
import type { StoredKind } from '#domain/risk/history/rows.ts'
import { keysOf } from '#domain/risk/history/rows.ts'
import type { PolicySignals } from '#domain/risk/history/signal-table.ts'
import { signalsOf } from '#domain/risk/history/signals-of.ts'
import type { Identified } from '../authentication/identify.ts'
import { restrictionFacts } from '../challenge/code-recipients.ts'
import { keepsTrustList } from '../challenge/trust.ts'
import { config } from '../platform/config.ts'

/**
 * What a risk policy may read of an AReq, without the score of the issuer's service. Undefined if a policy does not decide
 * about it: without `risk` in the issuer's file, for a card that is not ours, and in 3RI.
 */
export function policySignalsOf({ history, card, at }: Identified): PolicySignals | undefined {
  const { risk } = config().issuer
  if (!risk || !history || !card || history.event.areq.deviceChannel === '03') return undefined
  const { event, rows, events } = history
  const memory = makeMemory()
  const keys = keysOf(event)
  for (const [kind, row] of Object.entries(rows)) {
    const key = keys[kind as StoredKind]
    if (row && key !== undefined) memory.put(kind as StoredKind, key, row)
  }
  const contactChanged = latest(card.contacts.map(({ changedAt }) => changedAt))
  memory.put('cardholder', card.cardholderId, { contactChanged })
  for (const earlier of events) {
    try {
      memory.fold(earlier, risk.rates)
    } catch {
      // Of another release, or damaged: the worker drops and logs it. It must not stop the card's payments.
    }
  }
  // While payments are restricted, no trust is valid (server/challenge/trust.ts).
  const isRestricted = restrictionOn(card.contacts, restrictionFacts(card), at) !== undefined
  const trusted = event.trusted && keepsTrustList() && !isRestricted
  return signalsOf({ ...event, trusted }, memory.load(event), risk.rates, at)
}

function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter(time => time !== undefined)
  return known.length === 0 ? undefined : Math.max(...known)
}
