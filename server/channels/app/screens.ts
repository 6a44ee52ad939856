import type { ChallengeRow } from '#db/queries/challenges.ts'
import type { AppScreen } from '#domain/emv/app-cres.ts'
import { serverMethods } from '../../methods/registry.ts'
import { selectScreen } from './native.ts'
import { type ScreenFacts, toShown } from './shown.ts'

/** The screen for the state of a challenge: text that the SDK lays out, or a page of ours. */
export function screenFor(row: ChallengeRow, facts: ScreenFacts): AppScreen {
  const shown = toShown(row, facts)
  const [asked] = row.state === 'awaiting-approval' ? row.outOfBand.slice(-1) : row.selected
  if (row.state === 'choosing' || !asked) return selectScreen(shown, facts.screens.choice ?? '02', facts.offered)
  const { screen } = serverMethods[asked]
  if (!screen) throw new Error(`${asked} has no screen, so it is not available in an app`)
  return screen(shown, facts, row.messageVersion)
}
