import type { AppScreen } from '#domain/emv/app-cres.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { sendsCode } from '#domain/methods/selection.ts'
import { config } from '../../platform/config.ts'
import { approvalPage } from './approval-page.ts'
import { codePage } from './code-page.ts'
import { outOfBandScreen, textScreen } from './native.ts'
import { inAccount, type OutOfBand, onDevice } from './out-of-band.ts'
import type { ScreenFacts, Shown } from './shown.ts'

/** The screen on which the cardholder enters a code. */
export function codeScreen(shown: Shown, { screens, offered }: ScreenFacts, version: MessageVersion): AppScreen {
  if (screens.code === '05') return { acsUiType: '05', acsHTML: inBase64url(codePage(shown)) }
  const otherMethod = addsButtons(version) && screens.choice !== undefined && offered.methods.length > 1
  return textScreen(shown, version, otherMethod)
}

/** The screen that asks the cardholder to answer in the account. */
export function approvalScreen(shown: Shown, facts: ScreenFacts, version: MessageVersion): AppScreen {
  return outOfBand(shown, facts, version, inAccount(shown))
}

/** The screen that shows the number to type on a device. */
export function deviceScreen(shown: Shown, facts: ScreenFacts, version: MessageVersion): AppScreen {
  return outOfBand(shown, facts, version, onDevice(shown, facts.request))
}

function outOfBand(
  shown: Shown,
  { screens, offered, opensApps }: ScreenFacts,
  version: MessageVersion,
  place: OutOfBand,
): AppScreen {
  const codes = screens.code !== undefined && offered.methods.some(sendsCode)
  const url = config().publicOrigin + place.path
  const appURL = opensApps && url.length <= longestAppURL ? url : undefined
  if (screens.outOfBand !== '06') return outOfBandScreen(shown, place, appURL, addsButtons(version) && codes)
  const acsHTML = inBase64url(approvalPage(shown, place, codes))
  return { acsUiType: '06', acsHTML, ...(appURL && { oobAppURL: appURL }) }
}

/** Only 2.3.1 has a button for another method. */
function addsButtons(version: MessageVersion): boolean {
  return version === '2.3.1'
}

/** The limit before 2.3.1, in characters; no address of ours is as long. */
const longestAppURL = 256

function inBase64url(page: string): string {
  return Buffer.from(page, 'utf8').toString('base64url')
}
