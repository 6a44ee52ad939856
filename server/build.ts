import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { buildEnvironment, loadEnvFile } from './platform/config.ts'
import { ConfigError } from './platform/variable.ts'

// Runs `next build` after checking the environment, and without a development server's leftovers, which break its
// types.
try {
  loadEnvFile()
  const env = buildEnvironment()
  rmSync('.next/dev', { recursive: true, force: true })
  const { status } = spawnSync(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    env,
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
