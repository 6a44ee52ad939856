import { type MethodId, methodIds, methods } from './registry.ts'

/** What a challenge begins with: a code, a passkey, a device, the account, or the choice of a method. */
export const preferences = ['code', 'passkey', 'push', 'account', 'choose'] as const
export type Preference = (typeof preferences)[number]

/** What a cardholder may choose in the account. `automatic`: nothing was chosen, and `automaticPreference` decides. */
export const accountPreferences = ['automatic', ...preferences] as const
export type AccountPreference = (typeof accountPreferences)[number]

/** The methods that are answered out of band; they are preferred by their own name. */
export type OutOfBandMethod = Extract<Preference, 'push' | 'account'>

export function isOutOfBand(id: MethodId): id is OutOfBandMethod {
  return methods[id].answered === 'out-of-band'
}

/** Methods that are asked together: a single one, or several that send a code, any of which may be entered. */
export type Selection = readonly MethodId[]

/** A code to every contact that may receive one: the selection when the cardholder chose no contact. */
export const anyCode: Selection = methodIds.filter(sendsCode)

export function sendsCode(id: MethodId): boolean {
  return methods[id].channel !== undefined
}

/**
 * The selections offered to the cardholder, those that sign first: each method, and all codes together if several
 * contacts may receive one.
 */
export function offersOf(available: readonly MethodId[]): readonly Selection[] {
  const codes = available.filter(sendsCode)
  const others = available.filter(id => !sendsCode(id) && !methods[id].signs)
  const each = (ids: readonly MethodId[]) => ids.map(id => [id])
  const signed = available.filter(id => methods[id].signs)
  return [...each(signed), ...each(codes), ...(codes.length > 1 ? [codes] : []), ...each(others)]
}

/** What an opened window begins with: the choice of a method, or a selection. */
export type Initial = 'choosing' | Selection

/**
 * The preference of a cardholder who has chosen none. A device that shows and signs the purchase comes first; then what
 * last succeeded in this browser (`remembered`); then a passkey, which also signs but may not be at hand; then a code.
 * Never a code to a single contact: another contact would not hear of the purchase.
 */
export function automaticPreference(
  available: readonly MethodId[],
  remembered: MethodId | undefined,
): Exclude<Preference, 'choose'> {
  if (available.includes('push')) return 'push'
  if (remembered === 'account' && available.includes('account')) return 'account'
  if (remembered && sendsCode(remembered)) return 'code'
  return available.includes('passkey') ? 'passkey' : 'code'
}

/** The preference where only a device may confirm the payment: what the cardholder chose, as far as that is one. */
export function devicePreference(
  chosen: AccountPreference,
  available: readonly MethodId[],
): Extract<Preference, 'push' | 'passkey' | 'choose'> {
  if (chosen === 'choose') return 'choose'
  return available.includes('passkey') && (chosen === 'passkey' || !available.includes('push')) ? 'passkey' : 'push'
}

/** Follows the preference if its method is available. If only one method is available, the window skips the choice. */
export function initialMethod(preference: Preference, available: readonly MethodId[]): Initial {
  if (preference === 'choose' && available.length > 1) return 'choosing'
  const preferred = available.find(id => id === preference)
  if (preferred) return [preferred]
  const [only] = available
  return only === undefined || available.some(sendsCode) ? anyCode : [only]
}

/** The offer whose method ids are exactly those chosen; undefined if there is no such offer. */
export function selectMethod(chosen: readonly string[], available: readonly MethodId[]): Selection | undefined {
  const ids = new Set(chosen)
  return offersOf(available).find(offer => offer.length === ids.size && offer.every(id => ids.has(id)))
}

/** The methods that a selection begins: its available ones. If none is and a code was selected, all available codes. */
export function begunBy(selection: Selection, available: readonly MethodId[]): Selection {
  const chosen = selection.filter(id => available.includes(id))
  if (chosen.length > 0 || !selection.some(sendsCode)) return chosen
  return available.filter(sendsCode)
}
