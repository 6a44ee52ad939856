import type { AppScreen } from '#domain/emv/app-cres.ts'
import type { MessageVersion } from '#domain/emv/version.ts'
import { sendsCode } from '#domain/methods/selection.ts'
import { paymentsPath } from '../../challenge/account-address.ts'
import { config } from '../../platform/config.ts'
import { approvalPage } from './approval-page.ts'
import { codePage } from './code-page.ts'
import { outOfBandScreen, textScreen } from './native.ts'
import type { ScreenFacts, Shown } from './shown.ts'

/** A code is typed. */
export function codeScreen(shown: Shown, { screens, offered }: ScreenFacts, version: MessageVersion): AppScreen {
  if (screens.code === '05') return { acsUiType: '05', acsHTML: inBase64url(codePage(shown)) }
  const otherMethod = addsButtons(version) && screens.choice !== undefined && offered.methods.length > 1
  return textScreen(shown, version, otherMethod)
}

/** The cardholder answers in the account. */
export function approvalScreen(
  shown: Shown,
  { screens, offered, opensApps }: ScreenFacts,
  version: MessageVersion,
): AppScreen {
  const codes = screens.code !== undefined && offered.methods.some(sendsCode)
  const url = config().publicOrigin + paymentsPath(shown.language)
  const appURL = opensApps && url.length <= longestAppURL ? url : undefined
  if (screens.account !== '06') return outOfBandScreen(shown, appURL, addsButtons(version) && codes)
  return { acsUiType: '06', acsHTML: inBase64url(approvalPage(shown, codes)), ...(appURL && { oobAppURL: appURL }) }
}

/** 2.3.1 alone has a button for another method. */
function addsButtons(version: MessageVersion): boolean {
  return version === '2.3.1'
}

/** Before 2.3.1; longer than any address of ours. */
const longestAppURL = 256

function inBase64url(page: string): string {
  return Buffer.from(page, 'utf8').toString('base64url')
}
