const minute = 60 * 1000
const hour = 60 * minute

/**
 * Every number about contacts, defined once. Times are in milliseconds. Pages, messages and checks all read them here.
 */
export const contactPolicy = {
  /** A change that has not been confirmed within this time ends. */
  confirmWithin: 30 * minute,
  /** A mobile number takes effect on this business day after its confirmation, at midnight in Tokyo. */
  businessDays: 3,
  /** Changes that one cardholder may begin in a day: each sends a message to a person who may not have requested it. */
  changesPerDay: 10,
  /** Test codes that a cardholder may send in a day. */
  testsPerDay: 5,
  day: 24 * hour,
  /** For this long after a change of the e-mail address, codes go only to the mobile number if there is one. */
  newEmailRestricted: 24 * hour,
  /** For this long after a mobile number was stopped, e-mail alone does not authenticate a larger purchase. */
  stoppedNumberRestricted: 24 * hour,
  /**
   * A report disputes everything that was requested within this time before it: longer than the slowest change takes to
   * become effective and to be reported (business days over the longest holidays, and the `report` code's lifetime).
   */
  reportLookBack: 30 * 24 * hour,
  /**
   * Caps on text messages: each costs money, part of which a fraudster who causes it may earn (SMS pumping). An issuer
   * can set its own numbers in its file (`smsCaps`); these suit about a million cards (docs/limits.md).
   */
  smsCaps: {
    /** For purchases of one threeDSRequestorID … */
    requestor: { most: 3000, window: 1 * hour },
    /** … of one merchant of one acquirer … */
    merchant: { most: 2000, window: 1 * hour },
    /** … and from one network, that of browserIP. */
    network: { most: 60, window: 1 * hour },
    /** To numbers with the same country and leading digits. */
    prefix: { most: 300, window: 1 * hour },
    /** For the whole deployment, per hour and per day. */
    hour: { most: 20_000, window: 1 * hour },
    day: { most: 100_000, window: 24 * hour },
  },
  /** Digits of an E.164 number that form its prefix, including the country code. */
  smsPrefixDigits: 6,
  /** The share of a cap at which an operator is alerted. */
  smsAlarmAt: 0.8,
} as const

/** Both durations in hours, for texts that explain why a payment was refused. */
export const restrictionHours = {
  hours: contactPolicy.newEmailRestricted / hour,
  stoppedHours: contactPolicy.stoppedNumberRestricted / hour,
} as const
