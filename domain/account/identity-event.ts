/** What happened to a cardholder's sign-in, or to what it may do, and is told on every contact with a link for "this was not me". */
export type IdentityEvent =
  | 'new-device'
  | 'passkey-added'
  | 'passkey-removed'
  | 'device-added'
  | 'device-removed'
  | 'merchant-trusted'
  | 'asked-changed'
  | 'mobile-stopped'
