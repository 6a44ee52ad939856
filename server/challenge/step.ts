import { database } from '#db/client.ts'
import { readWindow, toChallenge } from '#db/queries/challenges.ts'
import { isOpen } from '#domain/approval/request.ts'
import { asOf } from '#domain/challenge/machine.ts'
import { requestOfChallenge } from '../approval/begin-request.ts'
import { now } from '../platform/clock.ts'
import { deliveriesNow } from './deliveries.ts'
import { isWindowKey, type Window } from './view.ts'

// What an open page of the window compares itself with: a page that shows another step loads again, and one that says
// how far the code is says it anew.

/** `asked`: a request is open on the cardholder's devices; `not-asked`: it has ended; `over`: so has the challenge. */
export type Step = 'open' | 'asked' | 'not-asked' | 'over'

export function stepOf(window: Window): Step {
  if (window.kind === 'unknown' || window.kind === 'ended') return 'over'
  if (window.kind !== 'awaiting-approval' || window.asked[0] !== 'push') return 'open'
  return window.request && isOpen(window.request.state) ? 'asked' : 'not-asked'
}

/**
 * The same for a window as it is now, with two small queries instead of a page. While the window asks for a code, the
 * delivery state of each message follows, separated by spaces.
 */
export async function currentStep(windowKey: string): Promise<string> {
  const found = isWindowKey(windowKey) ? await readWindow(windowKey) : undefined
  if (!found || asOf(toChallenge(found.challenge), now()).state === 'ended') return 'over'
  const { state, outOfBand, id } = found.challenge
  if (state === 'asking')
    return ['open', ...(await deliveriesNow(found.challenge, now())).map(each => each.state)].join(' ')
  if (state !== 'awaiting-approval' || outOfBand.at(-1) !== 'push') return 'open'
  const request = await requestOfChallenge(database(), id)
  return request && isOpen(request.state) ? 'asked' : 'not-asked'
}
