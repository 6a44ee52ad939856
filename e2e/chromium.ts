import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type BrowserContext, chromium } from '@playwright/test'

/**
 * The browser for the tests: the one in CHROMIUM_PATH, otherwise an installed one, otherwise the one that Playwright
 * has downloaded. Undefined if there is none.
 *
 * @throws Error if CHROMIUM_PATH is not a program that runs: a person who sets it does not want another browser.
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

// Only the last --disable-features has effect, so Playwright's own list is repeated.
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
  // The browser's own pages, loaded behind its address bar for each tab: more work than most of our pages.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
]

/** Arguments for starting the tests' browser. */
export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  `--disable-features=${switchedOff.join(',')}`,
]

/** Runs `use` with a browser that is set to block all cookies, and with them all storage. */
export async function withoutStorage(
  javaScriptEnabled: boolean,
  use: (context: BrowserContext) => Promise<void>,
): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'safekey-no-cookies-'))
  mkdirSync(join(profile, 'Default'))
  const preferences = { profile: { default_content_setting_values: { cookies: 2 } } }
  writeFileSync(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences))
  const executablePath = findChromium()
  const context = await chromium.launchPersistentContext(profile, {
    javaScriptEnabled,
    args: chromiumArguments,
    ...(executablePath && { executablePath }),
  })
  await use(context)
  await context.close()
  rmSync(profile, { recursive: true, force: true })
}

/**
 * Whether a program runs: Ubuntu's chromium-browser, for example, may be a script that only tells how to install the
 * real one.
 */
function runs(path: string): boolean {
  return spawnSync(path, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0
}
