import { type ParseArgsConfig, parseArgs } from 'node:util'
import { ConfigError } from './variable.ts'

/**
 * Parses the command line. Throws a `ConfigError` with the usage if it is wrong; `--help` prints the usage and ends the
 * process.
 */
export function readArguments<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  if (process.argv.slice(2).some(word => word === '--help' || word === '-h')) {
    console.log(usage)
    process.exit(0)
  }
  try {
    return parseArgs(config)
  } catch {
    throw new ConfigError(usage)
  }
}
