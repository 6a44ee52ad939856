import { readFileSync } from 'node:fs'

// A setting: its name, what it must be, and how it is parsed.

/** Its message is one line for the operator who starts the product: which variable, what it must be, an example. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

export type Env = Readonly<Record<string, string | undefined>>

export interface Variable<T> {
  readonly name: string
  readonly must: string
  readonly example: string
  readonly fallback?: string
  /** The value, or undefined if it is not what it must be. */
  read(value: string): T | undefined
}

export function read<T>(env: Env, variable: Variable<T>): T {
  const value = env[variable.name] || variable.fallback
  if (value === undefined) throw wrong(variable)
  const result = variable.read(value)
  if (result === undefined) throw wrong(variable)
  return result
}

/** The message does not repeat the value, which may be a secret. */
export function wrong({ name, must, example }: Variable<unknown>): ConfigError {
  return new ConfigError(`${name} must ${must}, for example ${name}=${example}`)
}

export function word(name: string, must: string, example: string, fallback: string): Variable<string> {
  return { name, must, example, fallback, read: value => value.trim() || undefined }
}

export function secret(name: string, must: string, least: number): Variable<string> {
  return { name, must, example: '<secret>', read: value => (value.length >= least ? value : undefined) }
}

export function list(name: string, must: string, example: string): Variable<string[]> {
  return { name, must, example, fallback: '', read: value => value.split(',').flatMap(item => item.trim() || []) }
}

export function wholeNumber(name: string, must: string, fallback: number, from: number, to: number): Variable<number> {
  return {
    name,
    must: `${must}, from ${from} to ${to}`,
    example: String(fallback),
    fallback: String(fallback),
    read: value => (/^\d+$/.test(value) && Number(value) >= from && Number(value) <= to ? Number(value) : undefined),
  }
}

/** A PEM file. Its content is read when it is used, and again on SIGHUP. */
export function pem(name: string, must: string, example: string): Variable<string> {
  return { name, must, example, read: value => (readText(value)?.includes('-----BEGIN ') ? value : undefined) }
}

export function optionally(variable: Variable<string>): Variable<string> {
  return { ...variable, fallback: '', read: value => (value === '' ? '' : variable.read(value)) }
}

export function originOf(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined
  const { origin, protocol, pathname, search, username } = new URL(value)
  const plain = pathname === '/' && search === '' && username === ''
  return plain && (protocol === 'https:' || protocol === 'http:') ? origin : undefined
}

export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
