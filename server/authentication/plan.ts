import { database } from '#db/client.ts'
import type { CardFound } from '#db/queries/cards.ts'
import { preferencesForPayment } from '#db/queries/preferences.ts'
import { renderingOf } from '#domain/emv/app-screens.ts'
import { valueOutcomeOf } from '#domain/emv/authentication-value.ts'
import type { Language } from '#domain/kernel/language.ts'
import { type AppChallenge, appChallenge } from '../channels/app/app-challenge.ts'
import { languageOf } from '../platform/words.ts'
import type { Decided } from './decide.ts'
import { codesFirst, type MethodPlan, planDevice, planMethods } from './method-plan.ts'
import type { Request } from './request.ts'
import { planSpc, type SpcPlan } from './spc.ts'

/** How the cardholder is asked, and in which language. */
interface Plan {
  /** For a challenge. */
  readonly methodPlan: MethodPlan
  /** For a challenge in an app. */
  readonly app: AppChallenge | undefined
  /** For a challenge that the merchant's page can have the browser answer. */
  readonly spc: SpcPlan | undefined
  /** The language for messages that the cardholder chose. */
  readonly language: Language | undefined
}

/** A decided request with its plan. */
export interface Planned extends Decided {
  readonly plan: Plan
}

const nothing: Plan = { methodPlan: codesFirst, app: undefined, spc: undefined, language: undefined }

/**
 * Reads the cardholder's preferences and prepares a challenge. `bad-key`: the SDK's key is not a point on the curve.
 */
export async function planOf(decided: Decided): Promise<Plan | 'bad-key'> {
  const { request, card, device, decision, devices, spcAnswer, at } = decided
  // Most purchases pass without a message to the cardholder, so their preferences are not read.
  if (!card || (decision.kind === 'conclude' && valueOutcomeOf(decision.outcome))) return nothing
  const { id: cardId, cardholderId, browser } = card
  const deviceDigest = browser?.deviceDigest ?? null
  const chosen = await preferencesForPayment(database(), { cardId, cardholderId, deviceDigest })
  const language = chosen?.language ?? undefined
  if (decision.kind !== 'challenge') return { ...nothing, language }
  // A passkey that could not be used in the merchant's page is not asked for again at once.
  const preferring = spcAnswer && chosen ? { ...chosen, preferredMethod: 'code' as const } : chosen
  const onDevice = decision.onDevice === true
  const methodPlan = onDevice
    ? planDevice(devices, chosen, device !== undefined)
    : await planMethods(request, card, preferring, device?.screens, at)
  if (!device) {
    const byPasskey = methodPlan.preference === 'passkey' && methodPlan.first.includes('passkey')
    const shown = language ?? offeredLanguage(request, card)
    const spc = byPasskey ? await planSpc(decided, card, shown, onDevice) : undefined
    return { methodPlan, app: undefined, spc, language }
  }
  const app = await appChallenge(
    request,
    device.signing,
    renderingOf(methodPlan.first, device.screens, request.version),
  )
  return app === 'bad-key' ? app : { ...nothing, methodPlan, app, language }
}

/**
 * The language for a cardholder who has not chosen one: that of the browser or device, otherwise that of the issuer's
 * list.
 */
export function offeredLanguage({ locale }: Request, card: CardFound): Language {
  return locale === undefined ? card.language : languageOf(locale)
}
