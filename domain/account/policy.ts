const minute = 60 * 1000
const hour = 60 * minute
const day = 24 * hour

/** Every number of the cardholder's account, once. Times in milliseconds. Pages, messages and checks all read it here. */
export const accountPolicy = {
  /** A passkey, a push or a code by text message lets the cardholder change things for so long. */
  freshFor: 5 * minute,
  /** A session without use ends … */
  idleTime: 15 * minute,
  /** … and every session ends, used or not. */
  sessionTime: 12 * hour,
  /** So long before its end a page warns. */
  warnBefore: 2 * minute,
  /** A browser that has signed in is known for so long; from another one, its owner is told. */
  deviceKnownFor: 400 * day,
  /** From so long after the first sign-in on, its sessions have a budget of their own: the owner had that time to report it. */
  deviceEstablishedAfter: 3 * day,
  /** A sign-in or enrolment under way is forgotten after so long. */
  visitTime: 1 * hour,
  /** Enrolments that may begin with the code of one letter: a closed browser wastes no letter, and the tries end. */
  enrolmentsPerLetter: 5,
  /** A challenge for a passkey is answered within so long. */
  passkeyTime: 5 * minute,
  passkeysPerCardholder: 20,
  /** A merchant can be trusted in which the cardholder proved a payment within so long … */
  merchantsProvenWithin: 90 * day,
  /** … among so many payments, the newest. */
  paymentsLookedAt: 300,
  /** Characters of the greeting, as people count them. */
  personalMessageCharacters: 30,
  devices: {
    perCardholder: 10,
  },
  /** Wrong one-time codes in a row for one account. */
  wrongCodes: {
    /** NIST SP 800-63B-4, 3.2.2. */
    mostInARow: 100,
    /** Of these, so many are kept for browsers that have signed in before, and in sessions for browsers that are established. */
    keptForKnownBrowsers: 20,
    /** From so many on, nothing may be entered for so long; a right code ends it. One network within an hour does not get there. */
    pauses: [
      { from: 11, pause: 1 * minute },
      { from: 15, pause: 5 * minute },
      { from: 20, pause: 15 * minute },
      { from: 30, pause: 1 * hour },
      { from: 50, pause: 4 * hour },
    ],
    /** Where so many wrong codes came from one network within the hour, an account that has failed there waits. */
    busyNetwork: 60,
    /** Counts in a row are kept for so long after the last. */
    keptFor: 400 * day,
  },
  /** Where unknown browsers of a network have asked for so many codes within the hour, an address that has had one waits. */
  busyCodesFromNetwork: 300,
  /** Where unknown browsers have asked for `codesToAddress`, each network gets its first code of the hour, up to so many in all. */
  firstCodesToAddress: 60,
  limits: {
    /** Codes for one address that one network, one known browser or one session asks for … */
    codesByOne: { most: 6, window: 1 * hour },
    /** … that all of a lane together ask for, whether we know the address or not … */
    codesToAddress: { most: 18, window: 1 * hour },
    /** … that one cardholder's enrolments ask for, over all addresses … */
    enrolmentSends: { most: 20, window: 1 * hour },
    /** … and that unknown browsers of one network ask for, or enrolments there, over all addresses. */
    codesFromNetwork: { most: 1000, window: 1 * hour },
    /** Wrong codes for one account by one network, one known browser or one session … */
    wrongCodesByOne: { most: 10, window: 1 * hour },
    /** … and over all accounts, by unknown browsers: of one network, and of all, from where on an account that has failed waits. */
    wrongCodesFromNetwork: { most: 300, window: 1 * hour },
    wrongCodes: { most: 5000, window: 1 * hour },
    /** Codes tried for one enrolment, which the code of a letter began. */
    enrolmentCodes: { most: 20, window: 1 * hour },
    activationCodesFromNetwork: { most: 300, window: 1 * hour },
    /** Facts that the issuer knows, tried by anybody for one cardholder. */
    facts: { most: 3, window: 1 * day },
    passkeysFromNetwork: { most: 3000, window: 1 * hour },
    /** Links of notices, looked at or used. */
    reportsFromNetwork: { most: 300, window: 1 * hour },
    /** Reports of one cardholder that are told to everybody concerned; more are acted on in silence. */
    reportsTold: { most: 6, window: 1 * day },
    /** Merchants that one cardholder comes to trust in the account. */
    merchantsTrusted: { most: 20, window: 1 * day },
    /** Changes of how one cardholder is asked: each is told to every contact. */
    askedChanges: { most: 20, window: 1 * day },
    /** Devices that pair, rightly or not. */
    pairingsFromNetwork: { most: 300, window: 1 * hour },
    /** Each asks the issuer's identity provider something. */
    identityFromNetwork: { most: 3000, window: 1 * hour },
  },
  /** What was typed is kept for so long while its owner signs in again. */
  draftTime: 30 * minute,
} as const

export type LimitName = keyof typeof accountPolicy.limits

/** The window of so many milliseconds that an instant lies in; days begin at midnight in Japan. */
export function windowOf(window: number, now: number): { readonly beginsAt: number; readonly endsAt: number } {
  const offset = 9 * hour
  const beginsAt = Math.floor((now + offset) / window) * window - offset
  return { beginsAt, endsAt: beginsAt + window }
}
