import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // The integration tests share one PostgreSQL with the machine's other work; two at a time keep two cores busy.
    maxWorkers: 2,
    // A PostgreSQL that starts, or a property tried a thousand times, takes seconds on a busy machine; a test that hangs
    // should still end.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'domain/**/*.test.ts',
            'server/platform/**/*.test.ts',
            'messages/**/*.test.ts',
            'app/**/*.test.{ts,tsx}',
            'demo/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
          // Properties run hundreds of times; on a busy machine that takes longer than five seconds.
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['server/**/*.test.ts', 'db/**/*.test.ts', 'embedded/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'server/platform/**'],
          globalSetup: 'db/testing/global-setup.ts',
          // Where nobody watches, a machine that stutters gets a second look.
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
})
