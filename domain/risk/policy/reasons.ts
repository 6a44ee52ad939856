/** Why a payment was weighed as it was, for the cardholder. The sentences belong to messages/. */
export const reasonKeys = [
  'nothing-unusual',
  'amount-unusual',
  'merchant-new',
  'merchant-trusted',
  'place-unusual',
  'time-unusual',
  'device-new',
  'device-known',
  'account-changed',
  'delivery-unusual',
  'many-payments',
  'contact-changed',
  'earlier-attempts',
  'merchant-attacked',
  'network-suspicious',
  'issuer-service',
] as const

export type ReasonKey = (typeof reasonKeys)[number]
