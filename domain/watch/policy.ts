const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/**
 * Every number of the watch, defined once. Times are in milliseconds. A count that halves in an hour or a day
 * (domain/risk/history) is a little below the number of events, so its limits are, too.
 */
export const watchPolicy = {
  /** Payments tried with one card, half-life one hour. */
  cardBurst: 8,
  /** Challenges that were not passed, and refusals, of one card, half-life one day: the third of a day. */
  cardFailures: 2.5,
  /** Cards in one network within an hour, while this many payments from it have failed, half-life one day. */
  networkCards: { cards: 10, failures: 4 },
  /** Cards on one device in a day. A family shares a tablet. */
  deviceCards: 5,
  /** Card numbers that do not exist, half-life one hour. */
  unknownCards: { network: 4.5, device: 2.5, merchant: 15 },
  /** Requests on approval devices that one cardholder declined in an hour. */
  declinedRequests: 3,
  /** Cards whose codes were all wrong, entered from one network in an hour. */
  guessedCards: 3,
  /** Time zones between two payments of a card, at least … */
  zonesApart: 3,
  /** … with less than this time for each of them: nowhere that people live is a flight as fast. */
  timePerZone: 1 * hour,
  /** A notice leaves at least this long after the time that an AReq may take, so that its ARes has left before. */
  noticeDelay: 5_000,
  /** A contact that ended within this time is notified, too: it may have been replaced by a thief. */
  formerContacts: 30 * day,
  /** "This was me" may be said for this long after a payment was refused. */
  confirmableFor: 1 * day,
  /** For this long after "this was me", the refused purchase is challenged instead. */
  confirmedFor: 30 * minute,
  /** For this long after its first payment in a network, a card does not know the network yet. */
  networkKnownAfter: 7 * day,
  /** E-mails about alerts in an hour; the last says that there are more. The web-hook gets all of them. */
  emailsInHour: 20,
  /** For this long after an alert about a network, payments from it cause no text messages. */
  noSmsAfterAttack: 1 * hour,
  /** How long we try to deliver an alert to the issuer's web-hook. */
  deliverFor: 7 * day,
  /** How long the web-hook may take to answer. */
  deliveryTimeout: 5_000,
  /** Pauses before each further try to deliver an alert; the last repeats. */
  retries: [1_000, 5_000, 20_000, 1 * minute, 5 * minute, 15 * minute],
} as const
