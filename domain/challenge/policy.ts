const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/**
 * Every number of a challenge but those of its codes (domain/code/policy.ts), defined once. Times are in milliseconds. Pages, messages and checks all read them here.
 */
export const policy = {
  /** EMV 3DS: from the ARes with transStatus C to the first CReq. */
  firstCReqTimeout: 30 * second,
  /** EMV 3DS, Req 452: from the ARes with transStatus S to the second AReq. */
  secondAReqTimeout: 10 * minute,
  /** EMV 3DS: from showing a page to the cardholder's next submission. */
  pageTime: 10 * minute,
  /** How often an open window polls for the answer given in the account. */
  approvalPollInterval: 5 * second,
  /** How often an open window looks whether a gateway has accepted the code, and five times as often … */
  deliveryPollInterval: 1 * second,
  /** If no gateway has accepted the code for this long, the window says so and offers other methods. */
  deliverySlowAfter: 10 * second,
  /**
   * If no gateway has accepted the code for this long, the challenge ends, because the merchant can do nothing but
   * wait.
   */
  deliveryPatience: 60 * second,
  /** Maximum lifetime of a window, however often its pages are submitted. */
  windowTime: 30 * minute,
  /** Wrong codes of one card in a row, over all its challenges (domain/challenge/card-limits.ts). */
  wrongCodes: {
    /** NIST SP 800-63B-4, 3.2.2. */
    mostInARow: 100,
    /** How many of these are kept for the cardholder's own browsers, so that strangers cannot use them up. */
    keptForOwnBrowsers: 20,
    /** With this many wrong codes from one network within the hour, a card that has failed from there waits. */
    busyNetwork: 60,
  },
  /** Wrong facts of one cardholder, ever, after which no contact is registered in a window until the issuer allows it. */
  wrongFactsEver: 10,
  /** Once unknown clients have used up `sendsOfCard`, each network still gets its first code, up to this many in total. */
  firstSendsOfCard: 40,
  limits: {
    /** Codes and approval messages for one card, caused by one browser, from one network or at one merchant … */
    sendsByOne: { most: 15, window: 1 * hour },
    /** … and by all unknown clients: a flood of messages wears a cardholder down. */
    sendsOfCard: { most: 30, window: 1 * hour },
    /** Requests on approval devices about one card, caused by one browser, from one network or at one merchant … */
    pushesByOne: { most: 3, window: 10 * minute },
    /** … and by all unknown clients: a cardholder who is asked again and again may at last approve. */
    pushesOfCard: { most: 6, window: 1 * hour },
    pushesOfCardInDay: { most: 20, window: 1 * day },
    /** Wrong codes of one card, entered by one browser or from one network … */
    wrongByOne: { most: 10, window: 1 * day },
    /** … at one merchant, which may make networks up … */
    wrongAtMerchant: { most: 20, window: 1 * day },
    /** … and by all unknown clients. */
    wrongOfCard: { most: 30, window: 1 * day },
    /** Wrong codes by unknown clients over all cards: from one network … */
    wrongFromNetwork: { most: 300, window: 1 * hour },
    /** … through one merchant … */
    wrongThroughMerchant: { most: 2000, window: 1 * hour },
    /** … and in the whole deployment; beyond it, a card that has failed from the same network waits. */
    wrongOfDeployment: { most: 5000, window: 1 * hour },
    /** Registering a contact in the window: tries at the facts of one cardholder … */
    factsOfCardholder: { most: 3, window: 1 * day },
    /** … and wrong facts over all cardholders: from one network … */
    factsFromNetwork: { most: 10, window: 1 * day },
    /** … at one merchant, which may make networks up … */
    factsAtMerchant: { most: 30, window: 1 * day },
    /** … and in the whole deployment. */
    factsOfDeployment: { most: 100, window: 1 * day },
    /** How often the cardholder or an operator may lift the limits of one card. */
    unlocks: { most: 3, window: 1 * day },
  },
  /**
   * How long an authentication is found by dsTransID, acsTransID or window key: longer than a challenge may last, and
   * than a directory server repeats an AReq.
   */
  transactionIdsKeptFor: 30 * 24 * hour,
  /** How long a 3DS Method result may be used for an AReq that follows. */
  methodResultValidFor: 30 * minute,
  /** How long a browser stays known after the cardholder last succeeded in it. */
  deviceKnownFor: 90 * day,
  /**
   * After this time since its first success a browser is the cardholder's own: a thief who reads the mailbox succeeds at
   * once, but the owner has been sent the code of that purchase and has had time to report it.
   */
  ownBrowserAfter: 3 * day,
  /** In less time a cardholder cannot read a message, sign in and answer. */
  minDecoupledTime: 5 * minute,
  /** threeDSRequestorDecMaxTime is at most 10080 minutes (domain/emv/areq.ts). */
  maxDecoupledTime: 10_080 * minute,
  /** How long connecting to a directory server may take, with the TLS handshake. */
  resultConnectTimeout: 2 * second,
  /** EMV 3DS, Req 241: how long we wait for the directory server's RRes once it has the whole RReq. */
  resultTimeout: 5 * second,
  /**
   * The process that ended the challenge sends the result before it notifies the merchant; the worker tries only after
   * this.
   */
  resultHeadStart: 1 * second,
  /** EMV 3DS, Req 240: the first failed connection is retried at once, and later ones after this pause. */
  resultRetryPause: 10 * second,
  /** A result whose directory server has not been reached for this time needs an operator. */
  resultAlertAfter: 1 * day,
  /** Pauses before each further try to deliver a message; the last repeats. */
  deliveryRetries: [1 * second, 2 * second, 5 * second, 10 * second, 20 * second],
  /** The same for messages that no open window waits for: codes of the account, notices. */
  messageRetries: [1 * second, 2 * second, 5 * second, 20 * second, 1 * minute, 5 * minute, 15 * minute, 1 * hour],
  /** How long the mail server may take to accept a message, from the connection to its last reply … */
  mailTimeout: 15 * second,
  /** … and how long each SMS gateway may take. */
  smsTimeout: 5 * second,
  /** How long the service that knows of moved numbers may take. */
  numberCheckTimeout: 2 * second,
  /** … the issuer's service that checks the facts of a registration … */
  factsServiceTimeout: 3 * second,
  /** … the issuer's service that scores payments: an AReq waits for it … */
  scoreTimeout: 100,
  /** … and a push service. */
  pushTimeout: 5 * second,
  /** Maximum concurrent tries from one process to one host; retries may use half of them. */
  slotsPerHost: { email: 32, sms: 32, push: 32, rreq: 16, erro: 4, alert: 4, notice: 8, numberCheck: 32, score: 128 },
  /** After this many tries in a row without a reply, a host gets no tries for `breakerPause`, and then one at a time. */
  breakerThreshold: 5,
  breakerPause: 5 * second,
} as const

export type ChallengeLimit = keyof typeof policy.limits

/** The pause (milliseconds) after `tries` tries, before the next one; the last pause repeats. */
export function pauseAfter(pauses: readonly number[], tries: number): number {
  return pauses[Math.min(tries, pauses.length) - 1] ?? pauses[0] ?? 0
}
