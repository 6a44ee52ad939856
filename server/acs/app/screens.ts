import type { ChallengeRow } from '#db/queries/challenges.ts'
import type { AppScreen } from '#domain/emv/app-cres.ts'
import type { Screens } from '#domain/emv/app-screens.ts'
import { config } from '../../platform/config.ts'
import { paymentsPath } from '../account-address.ts'
import type { WaysNow } from '../ways.ts'
import { approvalPage } from './approval-page.ts'
import { codePage } from './code-page.ts'
import { outOfBandScreen, selectScreen, textScreen } from './native.ts'
import { toShown } from './shown.ts'

/** What decides over the next screen, besides the challenge. */
export interface Asked {
  readonly lastFour: string
  readonly greeting: string | undefined
  /** Up to which amount the shop could be trusted; undefined: not offered. */
  readonly trustLimit: bigint | undefined
  readonly screens: Screens
  /** Of use where something is offered. */
  readonly offered: WaysNow
  /** The device can open an address that is not its app's own. */
  readonly opensApps: boolean
}

/** The screen for where a challenge stands: text that the SDK lays out, or a page of ours. */
export function screenFor(row: ChallengeRow, asked: Asked): AppScreen {
  const { screens, offered, opensApps } = asked
  const shown = toShown(row, asked)
  // What 2.3.1 has alone: a button for another way.
  const addsButtons = row.messageVersion === '2.3.1'
  if (row.state === 'choosing') return selectScreen(shown, screens.choice ?? '02', offered)
  if (row.state === 'awaiting-approval') {
    const codes = screens.code !== undefined && offered.ways.some(way => way !== 'account')
    const url = config().publicOrigin + paymentsPath(row.language)
    const appURL = opensApps && url.length <= longestAppURL ? url : undefined
    if (screens.account !== '06') return outOfBandScreen(shown, appURL, addsButtons && codes)
    return { acsUiType: '06', acsHTML: inBase64url(approvalPage(shown, codes)), ...(appURL && { oobAppURL: appURL }) }
  }
  if (screens.code === '05') return { acsUiType: '05', acsHTML: inBase64url(codePage(shown)) }
  const otherWay = addsButtons && screens.choice !== undefined && offered.ways.length > 1
  return textScreen(shown, row.messageVersion, otherWay)
}

/** Before 2.3.1; longer than any address of ours. */
const longestAppURL = 256

function inBase64url(page: string): string {
  return Buffer.from(page, 'utf8').toString('base64url')
}
