/** Makes sure that the browser, the Japanese font and the openssl command that `npm test` needs are installed. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { platform } from 'node:os'
import { findChromium } from '../e2e/chromium.ts'

const packages = ['chromium', 'fonts-noto-cjk', 'fontconfig', 'openssl']

/** What is missing, in words; empty if nothing is. */
function missing(): string[] {
  return [
    ...(findChromium() ? [] : ['Chromium']),
    ...(hasJapaneseFont() ? [] : ['a font with Japanese characters']),
    ...(spawnSync('openssl', ['version']).status === 0 ? [] : ['openssl']),
  ]
}

function hasJapaneseFont(): boolean {
  // macOS has Japanese fonts, but no fontconfig.
  if (platform() === 'darwin') return true
  return (spawnSync('fc-list', [':lang=ja'], { encoding: 'utf8' }).stdout ?? '').trim() !== ''
}

/** For Debian and its derivatives, as root. @returns what apt-get printed if it failed, undefined on success */
function install(): string | undefined {
  for (const args of [['update'], ['install', '-y', ...packages]]) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const done = spawnSync('apt-get', args, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] })
    if (done.status !== 0) return `apt-get ${args.join(' ')}\n${done.error?.message ?? `${done.stdout}${done.stderr}`}`
  }
  return undefined
}

function prepare(): void {
  let lacking = missing()
  if (lacking.length > 0 && process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    console.log(`Installing for the tests: ${lacking.join(' and ')} (apt-get)`)
    const trouble = install()
    if (trouble) console.error(trouble)
    lacking = missing()
  }
  if (lacking.length === 0) return
  const advice = `install it (Debian: apt-get install ${packages.join(' ')}), or name a browser in CHROMIUM_PATH`
  console.error(`The tests need ${lacking.join(' and ')}: ${advice}.`)
  process.exitCode = 1
}

try {
  prepare()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
