import type { Refusal } from '#domain/contact/code-recipients.ts'
import type { Decoupled, LazySignals, ReachSignals } from './signals.ts'

/** How a cardholder can be reached, or why not. */
export type Reach =
  | { readonly kind: 'challenge-window' | 'app-screens' | 'decoupled' }
  | { readonly kind: 'unreachable'; readonly why: Unreachable }

export type Unreachable =
  /** No contact is effective, or no effective one may receive a code for this purchase. */
  | 'no-contact'
  /** The same; one could be registered in the window, but for the amount or the limits. */
  | 'no-registration'
  | Refusal
  /** The app's device cannot show any of the screens needed. */
  | 'no-screen'
  /** Only a device may confirm the payment, and there is none. */
  | 'no-device'
  /** The cardholder is absent, and decoupled authentication … is not permitted by the requestor. */
  | 'not-permitted'
  /** … is not offered by the issuer. */
  | 'not-offered'
  /** … would take longer than the requestor waits. */
  | 'too-little-time'
  /** … needs an account that this cardholder does not have. */
  | 'not-enrolled'

type Lazy = Pick<LazySignals, 'canApproveInAccount' | 'canConfirmOnDevice' | 'registration'>

/** 02: no challenge requested; 05: the same, because the requestor has assessed the risk itself. */
const wantsNoChallenge = new Set(['02', '05'])

/**
 * Decides how the cardholder can be reached for a purchase that needs them. `onDevice`: only a device of theirs may
 * confirm it.
 */
export function reachCardholder(signals: ReachSignals, lazy: Lazy, onDevice: boolean): Promise<Reach> {
  // Two questions below depend on it, and it costs a query.
  let approves: Promise<boolean> | undefined
  return (onDevice ? reachOnDevice : reach)(signals, {
    canApproveInAccount: () => {
      approves ??= lazy.canApproveInAccount()
      return approves
    },
    canConfirmOnDevice: () => lazy.canConfirmOnDevice(),
    registration: () => lazy.registration(),
  })
}

/**
 * A device is needed beside all that any challenge needs. Decoupled authentication is not a device: in the account
 * a code by text message may confirm a sign-in.
 */
async function reachOnDevice(signals: ReachSignals, lazy: Lazy): Promise<Reach> {
  const reached = await reach({ ...signals, decoupled: undefined }, lazy)
  if (reached.kind === 'unreachable') return reached
  // In an app, a device is asked while its out-of-band screen waits.
  const isShown = reached.kind !== 'app-screens' || signals.app?.account === true
  return signals.hasContact && isShown && (await lazy.canConfirmOnDevice()) ? reached : unreachable('no-device')
}

async function reach(signals: ReachSignals, lazy: Lazy): Promise<Reach> {
  if (signals.channel === '03') return reachAbsent(signals, lazy)
  const { hasContact, codeRefused } = signals
  if (!hasContact) return codeRefused ? unreachable(codeRefused) : reachUnknown(signals, lazy)
  if (prefersDecoupled(signals) && (await canDecouple(signals.decoupled, lazy))) return { kind: 'decoupled' }
  if (codeRefused) return unreachable(codeRefused)
  if (signals.channel === '02') return { kind: 'challenge-window' }
  return (await canShowScreen(signals, lazy)) ? { kind: 'app-screens' } : unreachable('no-screen')
}

/** 3RI: the cardholder is not present, so only decoupled authentication is possible. */
async function reachAbsent({ decoupled, hasContact }: ReachSignals, lazy: Lazy): Promise<Reach> {
  if (!decoupled) return unreachable('not-permitted')
  if (decoupled.offered === 'never') return unreachable('not-offered')
  if (!decoupled.enoughTime) return unreachable('too-little-time')
  return hasContact && (await lazy.canApproveInAccount()) ? { kind: 'decoupled' } : unreachable('not-enrolled')
}

/**
 * The cardholder has no contact: the window of a browser may let them register one, unless the browser is not the one
 * that the AReq describes.
 */
async function reachUnknown({ channel, device }: ReachSignals, lazy: Lazy): Promise<Reach> {
  if (channel !== '02') return unreachable('no-contact')
  switch (await lazy.registration()) {
    case 'offered':
      return device === 'differs' ? unreachable('no-registration') : { kind: 'challenge-window' }
    case 'refused':
      return unreachable('no-registration')
    case 'not-offered':
      return unreachable('no-contact')
  }
}

/** No code may be sent, the device can show no screen, the issuer prefers it, or the requestor wants no challenge. */
function prefersDecoupled({ channel, app, codeRefused, decoupled, challengeInds }: ReachSignals): boolean {
  const noScreen = channel === '01' && !app?.code && !app?.account
  return (
    codeRefused !== undefined ||
    noScreen ||
    decoupled?.offered === 'preferred' ||
    challengeInds.some(each => wantsNoChallenge.has(each))
  )
}

async function canDecouple(decoupled: Decoupled | undefined, lazy: Lazy): Promise<boolean> {
  if (!decoupled || decoupled.offered === 'never' || !decoupled.enoughTime) return false
  return lazy.canApproveInAccount()
}

/** Under a restriction a challenge never leads to the account, because an intruder may be signed in there. */
async function canShowScreen({ app, restricted }: ReachSignals, lazy: Lazy): Promise<boolean> {
  if (app?.code) return true
  return app?.account === true && !restricted && (await lazy.canApproveInAccount())
}

function unreachable(why: Unreachable): Reach {
  return { kind: 'unreachable', why }
}
