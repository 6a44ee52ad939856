import { codeDigits, codePolicy } from '#domain/code/policy.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** Every number of the challenge, once. Times in milliseconds. Pages, messages and checks all read it here. */
export const policy = {
  codeDigits,
  codeLifetime: codePolicy.challenge.lifetime,
  codeAttempts: codePolicy.challenge.attempts,
  codeSends: codePolicy.challenge.sends,
  resendAfter: codePolicy.challenge.resendAfter,
  /** EMV 3DS: ARes with C → first CReq. */
  firstCReqWithin: 30 * second,
  /** EMV 3DS: a page shown → the next thing submitted. */
  pageTime: 10 * minute,
  /** How often an open window looks whether the account has answered. */
  answerLookedForEvery: 5 * second,
  /** Nothing handed over to any gateway for so long: the challenge ends, for the merchant can do nothing but wait. */
  deliveryPatience: 60 * second,
  /** A window lives no longer, however often it is answered. */
  windowTime: 30 * minute,
  /** Wrong codes of a card in a row, over all its windows and whatever their endings, that lock it … */
  wrongCodesToLock: 15,
  /** … for so long the first time, and so long each further time until its owner succeeds. */
  lockTimes: [1 * hour, 24 * hour],
  /** Windows and codes of one card within an hour: each code is a message, and a flood of them wears a person down. */
  floodTime: 1 * hour,
  windowsPerCardPerHour: 10,
  codesPerCardPerHour: 20,
  /** What the 3DS Method saw of a browser counts for an AReq that comes so soon. */
  methodResultValidFor: 30 * minute,
  /** A browser in which the cardholder succeeded is known for so long since the last time. */
  deviceKnownFor: 90 * 24 * hour,
  /** Less than this is no time for a cardholder to read a message, sign in and answer. */
  minDecoupledTime: 5 * minute,
  /** threeDSRequestorDecMaxTime is 10080 minutes at most (domain/emv/areq.ts). */
  mostDecoupledTime: 10_080 * minute,
  /** EMV 3DS: the directory server's RRes must be here by then. */
  resultTimeout: 5 * second,
  /** The process that ended the challenge sends its result before the merchant is told; the worker comes after. */
  resultHeadStart: 1 * second,
  resultRetries: [0, 10 * second, 30 * second, 2 * minute, 5 * minute, 15 * minute, 1 * hour],
  /** A result that was not taken by then needs an operator. */
  resultAlertAfter: 24 * hour,
  /** Pauses before each further try to hand a message over; the last repeats. */
  deliveryRetries: [1 * second, 2 * second, 5 * second, 10 * second, 20 * second],
  /** The same for what no open window waits for: codes of the account, notices. */
  messageRetries: [1 * second, 2 * second, 5 * second, 20 * second, 1 * minute, 5 * minute, 15 * minute, 1 * hour],
  /** From the connection to the last answer: by then the mail server must have taken a message … */
  mailTimeout: 15 * second,
  /** … and each gateway for text messages. */
  smsTimeout: 5 * second,
  /** Tries under way at once from one process to one host; of messages tried before, half as many. */
  slotsPerHost: { email: 32, sms: 32, rreq: 16 },
  /** A host that leaves so many tries in a row without an answer rests for so long, and then gets one try at a time. */
  silentTries: 5,
  hostRest: 5 * second,
} as const

/** The pause before try number `tries` + 1, after `tries` tries; the last pause repeats. */
export function pauseAfter(pauses: readonly number[], tries: number): number {
  return pauses[Math.min(tries, pauses.length) - 1] ?? pauses[0] ?? 0
}
