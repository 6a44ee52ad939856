/**
 * What a gateway did with a message. `why` is for the log: an error's code or a status, never a text of theirs, which may
 * repeat an address.
 */
export type HandedOver =
  | {
      readonly kind: 'handed-over'
      /** Which gateway took it. */
      readonly gateway: string
      /** What the gateway calls it; its receipts name that. */
      readonly gatewayRef?: string | undefined
    }
  /** The gateway is down, slow, or says "later"; `silent`: it did not answer at all. */
  | { readonly kind: 'later'; readonly why?: string; readonly silent?: boolean }
  /** The gateway will never take this message. */
  | { readonly kind: 'never'; readonly why?: string }
