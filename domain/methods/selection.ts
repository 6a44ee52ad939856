import { type MethodId, methodIds, methods } from './registry.ts'

/** How a cardholder wants to be asked: by a code, in the account, or as they say each time. */
export const preferences = ['code', 'account', 'choose'] as const
export type Preference = (typeof preferences)[number]

/** Methods that are asked together: one, or several that send a code, of which any is entered. */
export type Selection = readonly MethodId[]

/** A code to every contact that may have one: what is asked where no contact was chosen. */
export const anyCode: Selection = methodIds.filter(sendsCode)

export function sendsCode(id: MethodId): boolean {
  return methods[id].channel !== undefined
}

/** What the cardholder can choose from: each method, and where several contacts may have a code, all of them together. */
export function offersOf(available: readonly MethodId[]): readonly Selection[] {
  const codes = available.filter(sendsCode)
  const others = available.filter(id => !sendsCode(id))
  const each = (ids: readonly MethodId[]) => ids.map(id => [id])
  return [...each(codes), ...(codes.length > 1 ? [codes] : []), ...each(others)]
}

/** What an opened window begins with: a question which method, or a method. */
export type Initial = 'choosing' | Selection

/** A preference is followed as far as its methods are available; where one method is left, there is no question. */
export function initialMethod(preference: Preference, available: readonly MethodId[]): Initial {
  if (preference === 'account' && available.includes('account')) return ['account']
  if (preference === 'choose' && available.length > 1) return 'choosing'
  const [only] = available
  return only === undefined || available.some(sendsCode) ? anyCode : [only]
}

/** What was chosen, by the ids of methods, if it is on offer. */
export function selectMethod(chosen: readonly string[], available: readonly MethodId[]): Selection | undefined {
  const ids = new Set(chosen)
  return offersOf(available).find(offer => offer.length === ids.size && offer.every(id => ids.has(id)))
}

/** The methods a selection begins: those of it that are available, else, of codes, those that are. */
export function begunBy(selection: Selection, available: readonly MethodId[]): Selection {
  const chosen = selection.filter(id => available.includes(id))
  if (chosen.length > 0 || !selection.some(sendsCode)) return chosen
  return available.filter(sendsCode)
}
