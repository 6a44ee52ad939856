const minute = 60 * 1000
const hour = 60 * minute
const day = 24 * hour

/**
 * Every number of the account, defined once. Times are in milliseconds. Pages, messages and checks all read them here.
 */
export const accountPolicy = {
  /** How long after a strong authentication (passkey, push or code by text message) the cardholder may make changes. */
  freshFor: 5 * minute,
  /** A session ends after this time without use … */
  idleTime: 15 * minute,
  /** … and after this time even if it is used. */
  sessionTime: 12 * hour,
  /** How long before the end of a session the page warns. */
  warnBefore: 2 * minute,
  /** How long a browser is known after signing in. The cardholder is notified of a sign-in from an unknown one. */
  deviceKnownFor: 400 * day,
  /**
   * After this time since its first sign-in a browser is established: its sessions have their own attempt budget,
   * because the owner had time to report it.
   */
  deviceEstablishedAfter: 3 * day,
  /** An unfinished sign-in or enrolment is forgotten after this time. */
  visitTime: 1 * hour,
  /**
   * Enrolments that may begin with the code of one letter: closing the browser does not waste the letter, yet attempts
   * stay limited.
   */
  enrolmentsPerLetter: 5,
  /** Lifetime of a passkey challenge. */
  passkeyTime: 5 * minute,
  passkeysPerCardholder: 20,
  /** A merchant can be trusted if the cardholder proved a payment there within this time … */
  merchantsProvenWithin: 90 * day,
  /** … among this many of the newest payments. */
  paymentsLookedAt: 300,
  /** Maximum length of the personal message, in grapheme clusters. */
  personalMessageCharacters: 30,
  devices: {
    perCardholder: 10,
    /** How long a browser keeps the cookie of an approval device after its last use: browsers permit no longer. */
    cookieTime: 400 * day,
  },
  /** Wrong one-time codes in a row for one account. */
  wrongCodes: {
    /** NIST SP 800-63B-4, 3.2.2. */
    mostInARow: 100,
    /** How many of these are reserved for known browsers and, in sessions, for established browsers. */
    keptForKnownBrowsers: 20,
    /**
     * From this many wrong codes in a row on, no code may be entered for `pause`; a right code resets the count. One
     * network cannot reach this within an hour.
     */
    pauses: [
      { from: 11, pause: 1 * minute },
      { from: 15, pause: 5 * minute },
      { from: 20, pause: 15 * minute },
      { from: 30, pause: 1 * hour },
      { from: 50, pause: 4 * hour },
    ],
    /** With this many wrong codes from one network within the hour, an account that has failed there waits. */
    busyNetwork: 60,
    /** How long a count of wrong codes in a row is kept after the last one. */
    keptFor: 400 * day,
  },
  /**
   * With this many codes requested by unknown browsers of one network within the hour, an address that has had one from
   * there waits.
   */
  busyCodesFromNetwork: 300,
  /**
   * When unknown browsers have used up `codesToAddress`, each network still gets its first code of the hour, up to this
   * many in total.
   */
  firstCodesToAddress: 60,
  limits: {
    /** Codes for one address, requested by one network, known browser, session or enrolment … */
    codesByOne: { most: 6, window: 1 * hour },
    /** … requested by all of one attempt budget together, whether or not we know the address … */
    codesToAddress: { most: 18, window: 1 * hour },
    /** … requested by one cardholder's enrolments, over all addresses … */
    enrolmentSends: { most: 20, window: 1 * hour },
    /** … and requested by unknown browsers or enrolments in one network, over all addresses. */
    codesFromNetwork: { most: 1000, window: 1 * hour },
    /** Wrong codes for one account by one network, known browser or session … */
    wrongCodesByOne: { most: 10, window: 1 * hour },
    /**
     * … by unknown browsers of one network over all accounts, and by all unknown browsers (then an account that has
     * failed waits).
     */
    wrongCodesFromNetwork: { most: 300, window: 1 * hour },
    wrongCodes: { most: 5000, window: 1 * hour },
    /** Codes entered in one cardholder's enrolments. */
    enrolmentCodes: { most: 20, window: 1 * hour },
    activationCodesFromNetwork: { most: 300, window: 1 * hour },
    /** Attempts to answer with the facts that the issuer knows, for one cardholder, from any browser. */
    facts: { most: 3, window: 1 * day },
    passkeysFromNetwork: { most: 3000, window: 1 * hour },
    /** Links in notices that are opened or used. */
    reportsFromNetwork: { most: 300, window: 1 * hour },
    /** Reports of one cardholder for which notices are sent; further reports take effect without a notice. */
    reportsTold: { most: 6, window: 1 * day },
    /** Notices of the watch to one cardholder: a thief must not be able to wear them down. */
    watchNotices: { most: 3, window: 1 * day },
    /** Merchants that one cardholder may add to the trusted ones in the account. */
    merchantsTrusted: { most: 20, window: 1 * day },
    /** Changes of one cardholder's preferred method: each sends a notice to every contact. */
    preferredMethodChanges: { most: 20, window: 1 * day },
    /** Attempts to pair a device, successful or not. */
    pairingsFromNetwork: { most: 300, window: 1 * hour },
    /** Calls of the issuer's app about approvals: wrong ones from one network, and right ones of one device. */
    wrongCallsFromNetwork: { most: 10_000, window: 1 * hour },
    callsOfDevice: { most: 600, window: 1 * hour },
    /** Starts of a sign-in with the issuer's identity provider: each sends it a request. */
    identityFromNetwork: { most: 3000, window: 1 * hour },
  },
  /** How long typed values are kept while the cardholder signs in again. */
  draftTime: 30 * minute,
} as const

export type LimitName = keyof typeof accountPolicy.limits

/** The window of the given length (milliseconds) that contains `now`; days begin at midnight in Japan. */
export function windowOf(window: number, now: number): { readonly beginsAt: number; readonly endsAt: number } {
  const offset = 9 * hour
  const beginsAt = Math.floor((now + offset) / window) * window - offset
  return { beginsAt, endsAt: beginsAt + window }
}
