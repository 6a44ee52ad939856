import { database } from '#db/client.ts'
import type { CardFound } from '#db/queries/cards.ts'
import { type First, firstOf, type Preference } from '#domain/challenge/ways.ts'
import { type Screens, shownPreference } from '#domain/emv/app-screens.ts'
import type { AuthenticationMethod } from '#domain/emv/messages.ts'
import { waysNow } from '../acs/ways.ts'
import { routedOf } from './new-challenge.ts'
import type { Request } from './request.ts'

/** By which methods a challenge asks, and with which it begins. */
export interface MethodPlan {
  readonly preference: Preference
  readonly first: First
  /** For the ARes, what comes first first. */
  readonly methods: readonly AuthenticationMethod[]
}

export const codesFirst: MethodPlan = { preference: 'codes', first: 'both', methods: ['05'] }

/**
 * `screens`: those that an app's device can show. Most cardholders prefer a code and have a device that can show it: then the
 * methods that are available now need not be looked up.
 */
export async function planMethods(
  request: Request,
  card: CardFound,
  preferred: Preference,
  screens: Screens | undefined,
  at: number,
): Promise<MethodPlan> {
  if (preferred === 'codes' && (!screens || screens.code)) return codesFirst
  const { ways } = await waysNow(database(), routedOf(request, card), at)
  const shown = screens ? shownPreference(preferred, screens, ways.includes('account')) : preferred
  const preference = shown ?? 'codes'
  const first = firstOf(preference, ways)
  if (first === 'account') return { preference, first, methods: ['08'] }
  return { preference, first, methods: first === 'choosing' && ways.includes('account') ? ['05', '08'] : ['05'] }
}
