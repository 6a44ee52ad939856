import { database } from '#db/client.ts'
import { preferencesForPayment } from '#db/queries/preferences.ts'
import { renderingOf } from '#domain/emv/app-screens.ts'
import { valueOutcomeOf } from '#domain/emv/authentication-value.ts'
import type { Language } from '#domain/kernel/language.ts'
import { type AppChallenge, appChallenge } from '../channels/app/app-challenge.ts'
import type { Decided } from './decide.ts'
import { codesFirst, type MethodPlan, planMethods } from './method-plan.ts'

/** How the cardholder is asked, and in which language. */
interface Plan {
  /** For a challenge. */
  readonly methodPlan: MethodPlan
  /** For a challenge in an app. */
  readonly app: AppChallenge | undefined
  /** The language for messages that the cardholder chose. */
  readonly language: Language | undefined
}

/** A decided request with its plan. */
export interface Planned extends Decided {
  readonly plan: Plan
}

const nothing: Plan = { methodPlan: codesFirst, app: undefined, language: undefined }

/**
 * Reads the cardholder's preferences and prepares a challenge. `bad-key`: the SDK's key is not a point on the curve.
 */
export async function planOf({ request, card, device, decision, at }: Decided): Promise<Plan | 'bad-key'> {
  // Most purchases pass without a message to the cardholder, so their preferences are not read.
  if (!card || (decision.kind === 'conclude' && valueOutcomeOf(decision.outcome))) return nothing
  const { id: cardId, cardholderId, browser } = card
  const deviceDigest = browser?.deviceDigest ?? null
  const chosen = await preferencesForPayment(database(), { cardId, cardholderId, deviceDigest })
  const language = chosen?.language ?? undefined
  if (decision.kind !== 'challenge') return { ...nothing, language }
  const methodPlan = await planMethods(request, card, chosen, device?.screens, at)
  if (!device) return { methodPlan, app: undefined, language }
  const app = await appChallenge(
    request,
    device.signing,
    renderingOf(methodPlan.first, device.screens, request.version),
  )
  return app === 'bad-key' ? app : { methodPlan, app, language }
}
