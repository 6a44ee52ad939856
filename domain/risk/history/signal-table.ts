/** What a policy may read. The documents and the check of policies are made from this table. */
export interface SignalDefinition {
  readonly type: 'number' | 'boolean' | 'text'
  readonly unit?: string
  readonly meaning: string
  readonly from: 'AReq' | 'card' | 'cardholder' | 'merchant' | 'network' | 'device' | 'service'
  /** Which value is the riskier one: a policy may not lower a score for it. Of a boolean, `higher` is true. */
  readonly riskier?: 'higher' | 'lower'
  /** The browser or the merchant may withhold it, so that a policy may not score an unknown one lower than the riskiest. */
  readonly withheld?: true
}

export const signalTable = {
  amount: {
    type: 'number',
    unit: 'units of the issuer’s currency',
    meaning:
      'the amount, converted; 12 million for a payment in a currency that the table of rates does not have; unknown without an amount',
    from: 'AReq',
    riskier: 'higher',
  },
  channel: { type: 'text', meaning: 'deviceChannel: 01 app, 02 browser, 03 requestor initiated', from: 'AReq' },
  category: { type: 'text', meaning: 'mcc, the merchant’s category', from: 'AReq' },
  merchantCountry: { type: 'text', meaning: 'the merchant’s country, ISO 3166-1 number', from: 'AReq' },
  addsCard: {
    type: 'boolean',
    meaning: 'the merchant keeps the card for later payments',
    from: 'AReq',
    riskier: 'higher',
  },
  accountAge: {
    type: 'number',
    unit: '0 guest, 1 made now, 2 under 30 days, 3 to 60 days, 4 older',
    meaning: 'age of the cardholder’s account at the merchant (chAccAgeInd)',
    from: 'AReq',
    riskier: 'lower',
  },
  accountChanged: {
    type: 'boolean',
    meaning: 'data or password of the account at the merchant changed less than 30 days ago',
    from: 'AReq',
    riskier: 'higher',
  },
  newAddress: {
    type: 'boolean',
    meaning: 'the delivery address is used for the first time (shipAddressUsageInd 01)',
    from: 'AReq',
    riskier: 'higher',
  },
  delivery: {
    type: 'text',
    meaning: 'shipIndicator: 01 billing address, 03 another one, 05 digital goods',
    from: 'AReq',
  },
  giftCard: { type: 'boolean', meaning: 'gift or prepaid cards are bought', from: 'AReq', riskier: 'higher' },
  suspiciousAccount: {
    type: 'boolean',
    meaning: 'the merchant saw suspicious activity (suspiciousAccActivity 02)',
    from: 'AReq',
    riskier: 'higher',
  },
  trusted: {
    type: 'boolean',
    meaning: 'the cardholder trusts the merchant',
    from: 'cardholder',
    riskier: 'lower',
  },
  cardPayments: {
    type: 'number',
    unit: 'payments',
    meaning: 'payments of the card that ended well: how much is known of its habits',
    from: 'card',
    riskier: 'lower',
  },
  amountOfUsual: {
    type: 'number',
    unit: 'times',
    meaning: 'the amount, divided by the card’s median; unknown before three payments',
    from: 'card',
    riskier: 'higher',
  },
  amountDeviation: {
    type: 'number',
    unit: 'robust standard deviations',
    meaning: 'how far the logarithm of the amount is above the card’s median; unknown before three payments',
    from: 'card',
    riskier: 'higher',
  },
  merchantPayments: {
    type: 'number',
    unit: 'payments',
    meaning: 'earlier payments of the card at this merchant',
    from: 'card',
    riskier: 'lower',
  },
  categoryShare: {
    type: 'number',
    unit: '0 to 1',
    meaning: 'share of this category in the card’s payments; unknown before the first',
    from: 'card',
    riskier: 'lower',
  },
  countryShare: {
    type: 'number',
    unit: '0 to 1',
    meaning: 'share of the merchant’s country in the card’s payments; unknown before the first',
    from: 'card',
    riskier: 'lower',
  },
  hourShare: {
    type: 'number',
    unit: '0 to 1',
    meaning: 'share of the card’s payments within about four hours of this time of day; unknown before the first',
    from: 'card',
    riskier: 'lower',
  },
  deviceDays: {
    type: 'number',
    unit: 'days',
    meaning: 'since the card was first used with this device; −1 if never; unknown without a reference to the device',
    from: 'card',
    riskier: 'lower',
    withheld: true,
  },
  deviceProved: {
    type: 'boolean',
    meaning: 'a challenge was passed on this device',
    from: 'card',
    riskier: 'lower',
  },
  networkDays: {
    type: 'number',
    unit: 'days',
    meaning:
      'since the card was first used in this network (IPv4 /24, IPv6 /48); −1 if never; unknown without an address',
    from: 'card',
    riskier: 'lower',
  },
  settingsShare: {
    type: 'number',
    unit: '0 to 1',
    meaning: 'share of payments with this language and time zone of the browser; unknown before the first, and in apps',
    from: 'card',
    riskier: 'lower',
  },
  cardCountHour: {
    type: 'number',
    unit: 'payments, half-life one hour',
    meaning: 'earlier payments that were tried with the card',
    from: 'card',
    riskier: 'higher',
  },
  cardCountDay: {
    type: 'number',
    unit: 'payments, half-life one day',
    meaning: 'earlier payments that were tried with the card',
    from: 'card',
    riskier: 'higher',
  },
  cardSumDay: {
    type: 'number',
    unit: 'units of the issuer’s currency, half-life one day',
    meaning: 'what was tried with the card, this payment included',
    from: 'card',
    riskier: 'higher',
  },
  newDevicesDay: {
    type: 'number',
    unit: 'devices, half-life one day',
    meaning: 'new devices with which the card was tried before',
    from: 'card',
    riskier: 'higher',
  },
  failuresDay: {
    type: 'number',
    unit: 'payments, half-life one day',
    meaning: 'challenges that were not passed, and attempts with a card that may not be used',
    from: 'card',
    riskier: 'higher',
  },
  daysSinceReport: {
    type: 'number',
    unit: 'days, 999 at most',
    meaning: 'since the cardholder reported a payment or change; 999 if never',
    from: 'card',
    riskier: 'lower',
  },
  daysSinceContactChange: {
    type: 'number',
    unit: 'days, 999 at most',
    meaning: 'since a contact of the cardholder became effective; 999 if never',
    from: 'cardholder',
    riskier: 'lower',
  },
  merchantBurst: {
    type: 'number',
    unit: 'times',
    meaning: 'payments at the merchant in the last hour, divided by what is usual there, or by three if that is more',
    from: 'merchant',
    riskier: 'higher',
  },
  merchantUnknownHour: {
    type: 'number',
    unit: 'attempts, half-life one hour',
    meaning: 'card numbers that do not exist, tried at the merchant',
    from: 'merchant',
    riskier: 'higher',
  },
  networkCardsDay: {
    type: 'number',
    unit: 'cards, 16 at most',
    meaning: 'cards that were used in this network in the last 24 hours',
    from: 'network',
    riskier: 'higher',
  },
  networkUnknownHour: {
    type: 'number',
    unit: 'attempts, half-life one hour',
    meaning: 'card numbers that do not exist, tried in this network',
    from: 'network',
    riskier: 'higher',
  },
  networkFailuresDay: {
    type: 'number',
    unit: 'payments, half-life one day',
    meaning: 'challenges that were not passed, and cards that may not be used, in this network',
    from: 'network',
    riskier: 'higher',
  },
  deviceCardsDay: {
    type: 'number',
    unit: 'cards, 16 at most',
    meaning: 'cards that were used on this device in the last 24 hours; unknown without a reference to the device',
    from: 'device',
    riskier: 'higher',
  },
  deviceUnknownHour: {
    type: 'number',
    unit: 'attempts, half-life one hour',
    meaning: 'card numbers that do not exist, tried on this device; unknown without a reference to the device',
    from: 'device',
    riskier: 'higher',
  },
  deviceFailuresDay: {
    type: 'number',
    unit: 'payments, half-life one day',
    meaning:
      'challenges that were not passed, and cards that may not be used, on this device; unknown without a reference to it',
    from: 'device',
    riskier: 'higher',
  },
  externalScore: {
    type: 'number',
    unit: '0 to 100',
    meaning: 'the score of the issuer’s own service; unknown if there is none, or it is late',
    from: 'service',
    riskier: 'higher',
  },
} as const satisfies Readonly<Record<string, SignalDefinition>>

export type SignalName = keyof typeof signalTable

interface TypeOf {
  readonly number: number
  readonly boolean: boolean
  readonly text: string
}

/** The signals of one authentication. An unknown one is undefined. */
export type PolicySignals = { readonly [Name in SignalName]: TypeOf[(typeof signalTable)[Name]['type']] | undefined }
