import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { chromium } from '@playwright/test'

/**
 * The browser for the tests: the one CHROMIUM_PATH names, else an installed one, else what Playwright has downloaded.
 * Undefined if there is none.
 *
 * @throws Error if CHROMIUM_PATH names something that does not run: the person who set it wants no other browser.
 */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH
  if (named) {
    if (runs(named)) return named
    throw new Error(`CHROMIUM_PATH is ${named}, which does not run.`)
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(folder => folder !== '')
  const installed = ['chromium', 'chromium-browser', 'google-chrome'].flatMap(name =>
    folders.map(folder => join(folder, name)),
  )
  return [...installed, chromium.executablePath()].find(path => existsSync(path) && runs(path))
}

// The last --disable-features counts, so what Playwright switches off is repeated.
const switchedOff = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
  // Pages of the browser's own, loaded behind its address bar for each tab: more work than most of our pages.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
]

/** How the browser for the tests is started. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  `--disable-features=${switchedOff.join(',')}`,
]

/** Ubuntu's chromium-browser, for one, may be a script that only says how to install the real one. */
function runs(path: string): boolean {
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0
}
