/**
 * The result of handing a message to a gateway. `why` is for the log: an error code or a status, never the gateway's
 * text, which may contain an address.
 */
export type HandedOver =
  | {
      readonly kind: 'handed-over'
      /** The gateway that took it. */
      readonly gateway: string
      /** The gateway's own id of the message, which its receipts contain. */
      readonly gatewayRef?: string | undefined
    }
  /** The gateway is down, slow, or asks to try later. `silent`: it did not respond at all. */
  | { readonly kind: 'later'; readonly why?: string; readonly silent?: boolean }
  /** The gateway will never take this message. */
  | { readonly kind: 'never'; readonly why?: string }
