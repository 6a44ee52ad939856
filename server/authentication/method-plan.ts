import { database } from '#db/client.ts'
import type { CardFound } from '#db/queries/cards.ts'
import { type Screens, shownPreference } from '#domain/emv/app-screens.ts'
import type { AuthenticationElements } from '#domain/emv/authentication-method.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { type MethodId, methods } from '#domain/methods/registry.ts'
import {
  type AccountPreference,
  anyCode,
  automaticPreference,
  devicePreference,
  type Initial,
  initialMethod,
  isOutOfBand,
  type Preference,
  type Selection,
  sendsCode,
} from '#domain/methods/selection.ts'
import { availableMethods } from '../methods/available.ts'
import { codeRequestOf } from './new-challenge.ts'
import type { Request } from './request.ts'

/** Which methods a challenge uses, and which of them it begins with. */
export interface MethodPlan {
  readonly preference: Preference
  readonly first: Initial
  /** The methods that the ARes states, the initial one first. */
  readonly named: Selection
}

/** Of several codes, the ARes states the one that proves less, which comes first in the registry. */
const namedOf = (selection: Selection) => selection.slice(0, 1)

export const codesFirst: MethodPlan = { preference: 'code', first: anyCode, named: namedOf(anyCode) }

interface Preferring {
  /** What the cardholder chose in the account; null if nothing. */
  readonly preferredMethod: AccountPreference | null
  readonly remembered: MethodId | null
  readonly isEnrolled: boolean
}

/** Plans the methods of a challenge that only a device may answer; `available` has them. */
export function planDevice(
  available: readonly MethodId[],
  preferring: Preferring | undefined,
  isApp: boolean,
): MethodPlan {
  // In an app only a registered device can be asked.
  const preference = isApp ? 'push' : devicePreference(preferring?.preferredMethod ?? 'automatic', available)
  const first = initialMethod(preference, available)
  return { preference, first, named: first === 'choosing' ? available : namedOf(first) }
}

/**
 * Plans a challenge's methods. `screens` has the screens that an app's device can show. Most cardholders have no account,
 * or prefer a code, and have a device that can show its screen; then the available methods need not be looked up.
 */
export async function planMethods(
  request: Request,
  card: CardFound,
  preferring: Preferring | undefined,
  screens: Screens | undefined,
  at: number,
): Promise<MethodPlan> {
  const chosen = preferring?.preferredMethod ?? (preferring?.isEnrolled ? 'automatic' : 'code')
  const hasContact = card.contacts.length > 0
  if (hasContact && chosen === 'code' && (!screens || screens.code)) return codesFirst
  const asked = { ...codeRequestOf(request, card, false), deviceDigest: card.browser?.deviceDigest ?? null }
  const available = await availableMethods(database(), asked, at)
  const preferred =
    chosen === 'automatic' ? automaticPreference(available, preferring?.remembered ?? undefined) : chosen
  const shown = screens ? shownPreference(preferred, screens, available.filter(isOutOfBand)) : preferred
  const preference = shown ?? 'code'
  const first = initialMethod(preference, available)
  // A cardholder without a contact registers one; then nothing is left to choose.
  if (first !== 'choosing') return { preference, first, named: namedOf(first) }
  return { preference, first, named: [...namedOf(anyCode), ...available.filter(id => !sendsCode(id))] }
}

/** The elements of the ARes that state the methods. */
export function elementsOf({ named }: MethodPlan, version: MessageVersion): readonly AuthenticationElements[] {
  return named.map(id => methods[id].emv(version))
}
