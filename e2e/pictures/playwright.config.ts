import { defineConfig } from '@playwright/test'
import tests from '../../playwright.config.ts'

/** Takes the pictures of README.md from the running demo: `npm run pictures`. Needs ffmpeg. */
export default defineConfig({
  ...tests,
  testDir: '.',
  testMatch: 'readme.ts',
  globalSetup: '../build.ts',
  workers: 1,
  use: { ...tests.use, deviceScaleFactor: 2 },
})
