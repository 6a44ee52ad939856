/** What a gateway did with a message. */
export type HandedOver =
  | {
      readonly kind: 'handed-over'
      /** Which gateway took it. */
      readonly gateway: string
      /** What the gateway calls it; its receipts name that. */
      readonly gatewayRef?: string | undefined
    }
  /** The gateway is down, slow, or says "later". */
  | { readonly kind: 'later' }
  /** The gateway will never take this message. */
  | { readonly kind: 'never' }
