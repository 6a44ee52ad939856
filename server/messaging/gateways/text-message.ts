/** A text message as every gateway takes it. */
export interface Sms {
  /** The same at each try, so that a gateway can tell one message sent twice. */
  readonly id: string
  /** E.164. */
  readonly to: string
  readonly text: string
}
