/** To which contact a code goes: to one of them, or the same code to all that the rules allow (decision 8). */
export type CodeWay = 'email' | 'sms' | 'both'

/** How a cardholder can be asked: by a code, or in the account, apart from the window (out of band). */
export type Way = CodeWay | 'account'

/** How a cardholder wants to be asked: by a code, in the account, or as they say each time. */
export const preferences = ['codes', 'account', 'ask'] as const
export type Preference = (typeof preferences)[number]

/** The ways that may be offered, in the order in which they are. `channels`: where a code may go; `account`: whether the account may be asked. */
export function waysOf(channels: readonly ('email' | 'sms')[], account: boolean): readonly Way[] {
  const codes: readonly CodeWay[] = channels.length > 1 ? ['email', 'sms', 'both'] : channels
  return account ? [...codes, 'account'] : codes
}

/** What an opened window begins with: a question which way, or a way. */
export type First = 'choosing' | Way

/** A preference counts as far as its ways are there; where one way is left, there is no question. */
export function firstOf(preference: Preference, ways: readonly Way[]): First {
  const [only, another] = ways
  if (preference === 'account' && ways.includes('account')) return 'account'
  if (preference === 'ask' && another) return 'choosing'
  return only === 'account' ? 'account' : 'both'
}

/** What was chosen, if it is on offer; several contacts together are both. */
export function chosenOf(chosen: readonly string[], ways: readonly Way[]): Way | undefined {
  const named = new Set(chosen)
  const way = named.has('email') && named.has('sms') && named.size === 2 ? 'both' : named.size === 1 && chosen[0]
  return ways.find(each => each === way)
}
