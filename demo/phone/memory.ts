import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Passkey } from './authenticator.ts'
import type { Cookie } from './cookies.ts'
import type { SubscriptionKeys } from './encryption.ts'

/** A subscription that the phone's browser holds. */
interface Subscription {
  readonly id: string
  /** The key of the only sender that may use it, base64url. */
  readonly applicationServerKey: string
  readonly keys: SubscriptionKeys
}

/** A notification on the lock screen. */
export interface Notification {
  readonly id: string
  readonly title: string
  readonly body: string
  readonly language: string | undefined
  /** Where a tap leads: an address of the product, or the path of the issuer's app on the phone. */
  readonly navigate: string
  /** A newer notification replaces an older one with the same tag. */
  readonly tag: string | undefined
  /** ISO 8601, by the product's clock. */
  readonly arrivedAt: string
}

/** What the phone keeps when it is switched off. */
export interface Contents {
  cookies: Cookie[]
  passkeys: Passkey[]
  subscription: Subscription | undefined
  /** Ids of subscriptions that were given up. */
  ended: string[]
  notifications: Notification[]
  /** The issuer's app: the id that pairing gave to this device, and its key (PKCS #8, base64). */
  app: { readonly id: string; readonly privateKey: string } | undefined
}

/** The phone's memory: a file that survives a restart of the demo, as the product's database does. */
export class Memory {
  readonly #file: string
  readonly contents: Contents

  constructor(file: string) {
    this.#file = file
    mkdirSync(dirname(file), { recursive: true })
    const empty = { cookies: [], passkeys: [], subscription: undefined, ended: [], notifications: [], app: undefined }
    this.contents = { ...empty, ...read(file) }
  }

  save(): void {
    const next = `${this.#file}.new`
    writeFileSync(next, JSON.stringify(this.contents), { mode: 0o600 })
    renameSync(next, this.#file)
  }
}

function read(file: string): Partial<Contents> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return {} // a new phone
  }
}
