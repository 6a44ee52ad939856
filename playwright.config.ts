import { defineConfig } from '@playwright/test'
import { chromiumArguments, findChromium } from './e2e/chromium.ts'

const executablePath = findChromium()

/** The built product, driven by a browser as by a stranger. `npm test` runs it last. */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/build.ts',
  fullyParallel: true,
  // Each worker has a product and a database of its own; two keep two cores busy.
  workers: 2,
  // Where nobody watches, a machine that stutters gets a second look; the report calls it flaky.
  retries: process.env.CI ? 1 : 0,
  forbidOnly: true,
  reporter: 'list',
  // A test that hangs should still end; a busy machine takes its time.
  timeout: 60_000,
  expect: { timeout: 15_000 },
  use: {
    browserName: 'chromium',
    locale: 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: chromiumArguments,
    },
  },
})
