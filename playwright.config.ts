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
  forbidOnly: true,
  reporter: 'list',
  // After an outage the worker waits for up to five seconds before it sends again.
  expect: { timeout: 10_000 },
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
