import { type ParseArgsConfig, parseArgs } from 'node:util'
import { ConfigError } from './variable.ts'

/** The command line, or a `ConfigError` with what it may be. */
export function readArguments<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch {
    throw new ConfigError(usage)
  }
}
