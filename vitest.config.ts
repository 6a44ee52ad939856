import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Some wait for deadlines, processes and disks: three at a time keep two cores busy.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'domain',
          // Without state in its modules, no file affects another, and each module is loaded once.
          isolate: false,
          // fast-check makes its tables of characters at the first property: seconds on a busy machine.
          testTimeout: 10_000,
          include: ['domain/**/*.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'unit',
          testTimeout: 10_000,
          include: [
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
          // Loading the product takes as long as most files' tests, so a worker loads it once for all its files. Everything that the
          // product keeps in a process is in places on `globalThis`, which `startDeployment` fills anew.
          isolate: false,
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
