import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // The integration tests share one PostgreSQL with the machine's other work; two at a time keep two cores busy.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // fast-check makes its tables of characters at the first property: seconds on a busy machine.
          testTimeout: 10_000,
          include: [
            'domain/**/*.test.ts',
            'server/platform/**/*.test.ts',
            'messages/**/*.test.ts',
            'app/**/*.test.{ts,tsx}',
            'demo/**/*.test.ts',
            'scripts/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['server/**/*.test.ts', 'db/**/*.test.ts', 'embedded/**/*.test.ts'],
          exclude: [...configDefaults.exclude, 'server/platform/**'],
          globalSetup: 'db/testing/global-setup.ts',
          // The slowest start PostgreSQL, or the product's processes, several times: up to ten seconds on two cores that run
          // the suite on both versions of Node.js, and there may be other work.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
})
