const second = 1000
const minute = 60 * second
const hour = 60 * minute

/**
 * Every number of a challenge but those of its codes (domain/code/policy.ts), defined once. Times are in milliseconds. Pages, messages and checks all read them here.
 */
export const policy = {
  /** EMV 3DS: from the ARes with transStatus C to the first CReq. */
  firstCReqTimeout: 30 * second,
  /** EMV 3DS: from showing a page to the cardholder's next submission. */
  pageTime: 10 * minute,
  /** How often an open window polls for the answer given in the account. */
  approvalPollInterval: 5 * second,
  /**
   * If no gateway has accepted the code for this long, the challenge ends, because the merchant can do nothing but
   * wait.
   */
  deliveryPatience: 60 * second,
  /** Maximum lifetime of a window, however often its pages are submitted. */
  windowTime: 30 * minute,
  /** This many wrong codes in a row lock a card, counted over all its windows, however those ended … */
  wrongCodesToLock: 15,
  /** … for the first duration the first time, and for the second each further time, until the cardholder succeeds. */
  lockTimes: [1 * hour, 24 * hour],
  /**
   * Limits on windows and codes of one card per hour: each code is a message, and a flood of messages wears a
   * cardholder down.
   */
  floodTime: 1 * hour,
  windowsPerCardPerHour: 10,
  codesPerCardPerHour: 20,
  /** How long a 3DS Method result may be used for an AReq that follows. */
  methodResultValidFor: 30 * minute,
  /** How long a browser stays known after the cardholder last succeeded in it. */
  deviceKnownFor: 90 * 24 * hour,
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
  resultAlertAfter: 24 * hour,
  /** Pauses before each further try to deliver a message; the last repeats. */
  deliveryRetries: [1 * second, 2 * second, 5 * second, 10 * second, 20 * second],
  /** The same for messages that no open window waits for: codes of the account, notices. */
  messageRetries: [1 * second, 2 * second, 5 * second, 20 * second, 1 * minute, 5 * minute, 15 * minute, 1 * hour],
  /** How long the mail server may take to accept a message, from the connection to its last reply … */
  mailTimeout: 15 * second,
  /** … and how long each SMS gateway may take. */
  smsTimeout: 5 * second,
  /** … and a push service. */
  pushTimeout: 5 * second,
  /** Maximum concurrent tries from one process to one host; retries may use half of them. */
  slotsPerHost: { email: 32, sms: 32, push: 32, rreq: 16, erro: 4 },
  /** After this many tries in a row without a reply, a host gets no tries for `breakerPause`, and then one at a time. */
  breakerThreshold: 5,
  breakerPause: 5 * second,
} as const

/** The pause (milliseconds) after `tries` tries, before the next one; the last pause repeats. */
export function pauseAfter(pauses: readonly number[], tries: number): number {
  return pauses[Math.min(tries, pauses.length) - 1] ?? pauses[0] ?? 0
}
