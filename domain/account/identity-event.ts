/** What happened to somebody's sign-in, and is told on every contact with a link for "this was not me". */
export type IdentityEvent = 'new-device' | 'passkey-added' | 'passkey-removed' | 'device-added' | 'device-removed'
