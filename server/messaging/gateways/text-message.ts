/** A text message in the form that every gateway takes. */
export interface Sms {
  /** The same for every attempt, so that a gateway can recognise a message that it already has. */
  readonly id: string
  /** E.164. */
  readonly to: string
  readonly text: string
}
