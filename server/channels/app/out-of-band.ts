import { isOpen } from '#domain/approval/request.ts'
import { formatClock } from '#domain/kernel/time.ts'
import type { ShownRequest } from '../../approval/begin-request.ts'
import { approvePath } from '../../approval/push-payload.ts'
import { accountAddress, paymentsPath } from '../../challenge/account-address.ts'
import { config } from '../../platform/config.ts'
import { words } from '../../platform/words.ts'
import type { Shown } from './shown.ts'

/** Where the cardholder answers while an out-of-band screen waits, and what that screen says of it. */
export interface OutOfBand {
  readonly heading: string
  readonly ask: string
  readonly helpLabel: string
  readonly help: string
  readonly why: string
  /** Path of our page there, and the label of the button that opens it. */
  readonly path: string
  readonly openLabel: string
}

export function inAccount({ language, waitsUntil }: Shown): OutOfBand {
  const say = words(language)
  const issuer = config().issuer.brand.issuer[language]
  return {
    heading: say('challenge.approval.heading'),
    ask: say('app.approve', { address: accountAddress(language), time: waitsUntil }),
    helpLabel: say('challenge.approval.helpSummary'),
    help: say('app.helpApproval'),
    why: say('app.whyApproval', { issuer }),
    path: paymentsPath(language),
    openLabel: say('app.openAccount'),
  }
}

/** `request`: the newest one; without one that is open, the screen says why. */
export function onDevice({ language }: Shown, request: ShownRequest | undefined): OutOfBand {
  const say = words(language)
  const { issuer, service } = config().issuer.brand
  const ask = () => {
    if (!request) return say('challenge.device.none')
    const { state, number, expiresAt } = request
    if (isOpen(state)) {
      return say('app.approveOnDevice', { service, number, time: formatClock(expiresAt, language) })
    }
    return say(state === 'wrong-number' ? 'challenge.device.wrong-number' : 'challenge.device.expired')
  }
  return {
    heading: say('challenge.device.heading'),
    ask: ask(),
    helpLabel: say('challenge.device.helpSummary'),
    help: say('app.helpDevice'),
    why: say('app.whyDevice', { issuer: issuer[language] }),
    path: approvePath(language),
    openLabel: say('app.openDevice'),
  }
}
