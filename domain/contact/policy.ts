const minute = 60 * 1000
const hour = 60 * minute

/** Every number of the cardholder's contacts, once. Times in milliseconds. Pages, messages and checks all read it here. */
export const contactPolicy = {
  /** A change that is not confirmed by then is over. */
  confirmWithin: 30 * minute,
  /** A mobile number takes effect on this business day after its confirmation, at midnight in Tokyo. */
  businessDays: 3,
  /** Changes begun by one cardholder in a day: each is a message to a person who may not have asked for it. */
  changesPerDay: 10,
  /** Test codes in a day. */
  testsPerDay: 5,
  day: 24 * hour,
  /** So long after an e-mail address was changed, codes go to the mobile number alone where there is one. */
  newEmailRestricted: 24 * hour,
  /** So long after a mobile number was stopped, e-mail alone passes no larger purchase. */
  stoppedNumberRestricted: 24 * hour,
  /**
   * A report puts in dispute what was asked for so long before it: longer than the slowest change takes to become effective
   * and to be reported (business days over the longest holidays, and the `report` code's lifetime).
   */
  reportLookBack: 30 * 24 * hour,
  /**
   * Text messages that may be sent: each costs money, which a caller that causes them may earn (SMS pumping). An issuer sets
   * numbers of its own in its file (`smsCaps`); these fit about a million cards (docs/limits.md).
   */
  smsCaps: {
    /** For purchases of one threeDSRequestorID … */
    requestor: { most: 3000, window: 1 * hour },
    /** … of one merchant of one acquirer … */
    merchant: { most: 2000, window: 1 * hour },
    /** … and from one network that browserIP lies in. */
    network: { most: 60, window: 1 * hour },
    /** To numbers with the same country and leading digits. */
    prefix: { most: 300, window: 1 * hour },
    /** Of the whole deployment, within an hour and within a day. */
    hour: { most: 20_000, window: 1 * hour },
    day: { most: 100_000, window: 24 * hour },
  },
  /** Digits of a number in E.164 that make a prefix, the country among them. */
  smsPrefixDigits: 6,
  /** Share of a cap at which an operator is alarmed. */
  smsAlarmAt: 0.8,
} as const

/** The hours of both, for sentences that say why a payment was refused. */
export const restrictionHours = {
  hours: contactPolicy.newEmailRestricted / hour,
  stoppedHours: contactPolicy.stoppedNumberRestricted / hour,
} as const
