const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Every number of the cardholder's account, once. Times in milliseconds. Pages, messages and checks all read it here. */
export const accountPolicy = {
  /** A passkey, a push or a code by text message lets somebody change things for so long. */
  freshFor: 5 * minute,
  /** A session nobody uses ends … */
  idleTime: 15 * minute,
  /** … and every session ends, used or not. */
  sessionTime: 12 * hour,
  /** So long before its end a page warns. */
  warnBefore: 2 * minute,
  /** A browser that has signed in is known for so long; from another one, its owner is told. */
  deviceKnownFor: 400 * day,
  /** What was typed is kept for so long while its owner signs in again. */
  draftTime: 30 * minute,
} as const
