import { database } from '#db/client.ts'
import type { CardFound } from '#db/queries/cards.ts'
import { type Screens, shownPreference } from '#domain/emv/app-screens.ts'
import type { AuthenticationElements } from '#domain/emv/authentication-method.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { methods } from '#domain/methods/registry.ts'
import {
  anyCode,
  type Initial,
  initialMethod,
  type Preference,
  type Selection,
  sendsCode,
} from '#domain/methods/selection.ts'
import { availableMethods } from '../methods/available.ts'
import { codeRequestOf } from './new-challenge.ts'
import type { Request } from './request.ts'

/** By which methods a challenge asks, and with which it begins. */
export interface MethodPlan {
  readonly preference: Preference
  readonly first: Initial
  /** Those that the ARes names, the first one first. */
  readonly named: Selection
}

/** Of several codes an ARes names the one that proves less, which comes first in the registry. */
const namedOf = (selection: Selection) => selection.slice(0, 1)

export const codesFirst: MethodPlan = { preference: 'code', first: anyCode, named: namedOf(anyCode) }

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
  if (preferred === 'code' && (!screens || screens.code)) return codesFirst
  const available = await availableMethods(database(), codeRequestOf(request, card), at)
  const shown = screens ? shownPreference(preferred, screens, available.includes('account')) : preferred
  const preference = shown ?? 'code'
  const first = initialMethod(preference, available)
  if (first !== 'choosing') return { preference, first, named: namedOf(first) }
  return { preference, first, named: [...namedOf(anyCode), ...available.filter(id => !sendsCode(id))] }
}

/** What the ARes says of the methods. */
export function elementsOf({ named }: MethodPlan, version: MessageVersion): readonly AuthenticationElements[] {
  return named.map(id => methods[id].emv(version))
}
