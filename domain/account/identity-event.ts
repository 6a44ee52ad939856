import type { WatchNotice } from '#domain/watch/rules.ts'

/**
 * An event that affects how a cardholder signs in, or what the account may do, or that the watch has found. The cardholder is notified on every
 * contact, with a link for "this was not me".
 */
export type IdentityEvent =
  | 'new-device'
  | 'passkey-added'
  | 'passkey-removed'
  | 'device-added'
  | 'device-removed'
  | 'merchant-trusted'
  | 'preferred-method-changed'
  | 'mobile-stopped'
  | WatchNotice
