// Everything that we store about a cardholder, for download. Sections are tables and fields are columns of
// docs/schema.md, in camel case. Everything else in the database is listed below with the reason why it is left out; a
// test fails on a column that is in neither list.

/** By table: the columns that a cardholder gets. Encrypted columns are decrypted first. */
export const ownSections = {
  cardholders: ['issuerRef', 'names', 'language', 'reportOpenSince', 'disputedSince', 'wrongFacts', 'updatedAt'],
  cards: ['lastFour', 'status', 'expiresAt', 'codesUnlockedAt', 'updatedAt'],
  contacts: ['kind', 'value', 'source', 'effectiveAt', 'endedAt', 'provisionalSince', 'frozenAt'],
  contactChanges: [
    ...[
      'kind',
      'state',
      'outcome',
      'value',
      'masked',
      'attempts',
      'sends',
      'requestedAt',
      'lastSentAt',
      'codeExpiresAt',
    ],
    ...['expiresAt', 'confirmedAt', 'effectiveAt', 'endedAt', 'reportedAt', 'challengeId'],
  ],
  proofFacts: ['kind'],
  accounts: ['signInEmail', 'termsVersion', 'termsAcceptedAt', 'termsAnnounced', 'enrolledAt'],
  preferences: ['language', 'personalMessage', 'preferredMethod', 'updatedAt'],
  identities: ['issuer', 'subject', 'linkedAt'],
  sessions: ['method', 'device', 'createdAt', 'lastSeenAt', 'strongAt', 'proofSince', 'endedAt', 'reportedAt'],
  knownDevices: ['firstSeenAt', 'lastSeenAt'],
  passkeys: ['name', 'synced', 'confirmsPayments', 'transports', 'counter', 'createdAt', 'lastUsedAt', 'removedAt'],
  approvalDevices: ['kind', 'name', 'platform', 'createdAt', 'lastUsedAt', 'removedAt'],
  trustedMerchants: ['merchantName', 'directoryServer', 'acquirerBIN', 'acquirerMerchantID', 'trustedAt', 'removedAt'],
  auditEvents: ['at', 'type', 'fields'],
  reports: ['about', 'reportedAt', 'resolvedAt', 'resolution', 'resolvedBy'],
  alerts: ['rule', 'count', 'raisedAt', 'confirmedAt', 'closedAt'],
  identityReports: ['event', 'happenedAt', 'expiresAt', 'usedAt'],
  activationCodes: ['tries', 'createdAt', 'expiresAt', 'endedAt'],
  authentications: ['acsTransID', 'directoryServer', 'decision', 'areq', 'createdAt', 'risk'],
  challenges: [
    ...['id', 'acsTransID', 'state', 'outcome', 'notice', 'language', 'attempts', 'sends', 'interactions'],
    ...[
      'messageVersion',
      'messageCategory',
      'directoryServer',
      'purchase',
      'trustWanted',
      'preference',
      'onDevice',
      'selected',
      'outOfBand',
      'lostContacts',
    ],
    ...['createdAt', 'openedAt', 'lastSentAt', 'codeExpiresAt', 'deadlineAt', 'endedAt', 'reportedAt'],
  ],
  approvalRequests: ['challengeId', 'content', 'state', 'createdAt', 'expiresAt', 'endedAt'],
  challengeProofs: [
    'challengeId',
    'method',
    'state',
    'destination',
    'request',
    'facts',
    'factsProvedAt',
    'begunAt',
    'provedAt',
  ],
  cardBrowsers: ['seenAt', 'firstSeenAt', 'method'],
  riskRows: ['row', 'keptUntil'],
  outbox: ['kind', 'template', 'createdAt', 'handedOverAt', 'deliveredAt', 'failedAt', 'expiresAt', 'gateway'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type OwnSection = keyof typeof ownSections

/** Tables that are left out completely, and why. */
export const ownTablesLeftOut = {
  deployment: 'about the deployment',
  keyFingerprints: 'about keys',
  heartbeats: 'about processes',
  auditSubjects: 'a random name for one person in the audit log; it says nothing',
  auditRetention: 'about types of events',
  tallies: 'counts under keyed hashes that identify no one',
  consecutiveFailures: 'counts under tags that identify no one',
  methodResults: 'of a browser before a purchase; whose it is, is not known, and it is gone within the hour',
  operationSequences: 'of a directory server, about no cardholder',
  drafts: 'what is typed in one browser, found by what that browser keeps alone; gone within the hour',
  passkeyChallenges: 'under way in one browser; gone within minutes',
  confirmations: 'a code under way in one browser; gone within the hour',
  enrolments: 'under way in one browser; gone within the hour',
  pairingCodes: 'a secret that is valid for minutes',
  changeReports: 'digests of links; which change was reported stands with the change',
  appChannels: 'keys and counters of messages with an app',
  riskEvents: 'what the worker adds to the habits of a card (riskRows) within a second',
  riskPolicies: 'rules about payments, the same for all cards',
  riskPolicySignatures: 'of risk policies',
  transactionIds: 'ids and keys by which other parties find an authentication, for a month',
} as const

/** Why a column of an included table is left out. */
type Reason =
  /** Used to find or compare a row; secret, or meaningless by itself. */
  | 'hmac or digest'
  | 'secret or key'
  /** Links rows to each other. */
  | 'link'
  /** Data of another party, or a message between other parties that may contain a value which authorises a payment. */
  | 'of others'
  /** Internal state, such as when something is sent or tried next. */
  | 'workings'

export const ownFieldsLeftOut: Readonly<Record<OwnSection, Readonly<Record<string, Reason>>>> = {
  cardholders: { id: 'link' },
  cards: { id: 'link', cardholderId: 'link', numberHmac: 'hmac or digest', numberKeyId: 'hmac or digest' },
  contacts: { id: 'link', cardholderId: 'link', valueHmac: 'hmac or digest', valueKeyId: 'hmac or digest' },
  contactChanges: {
    ...{ id: 'link', cardholderId: 'link', contactId: 'link', codeHmac: 'hmac or digest', codeKeyId: 'hmac or digest' },
    earlierCodes: 'hmac or digest',
  },
  proofFacts: { cardholderId: 'link', hmac: 'hmac or digest', keyId: 'hmac or digest' },
  accounts: {
    ...{
      cardholderId: 'link',
      signInHmac: 'hmac or digest',
      signInKeyId: 'hmac or digest',
      userHandle: 'hmac or digest',
    },
  },
  preferences: { cardholderId: 'link' },
  identities: { cardholderId: 'link' },
  sessions: { id: 'link', cardholderId: 'link', secretDigest: 'hmac or digest' },
  knownDevices: { cardholderId: 'link', digest: 'hmac or digest' },
  passkeys: { id: 'link', cardholderId: 'link', credentialId: 'secret or key', publicKey: 'secret or key' },
  approvalDevices: {
    id: 'link',
    cardholderId: 'link',
    passkeyId: 'link',
    publicKey: 'secret or key',
    thumbprint: 'hmac or digest',
    secretDigest: 'hmac or digest',
    subscription: 'secret or key',
    inquiredAt: 'workings',
  },
  approvalRequests: {
    id: 'link',
    cardholderId: 'link',
    deviceId: 'link',
    nonce: 'secret or key',
    evidence: 'workings',
  },
  trustedMerchants: { id: 'link', cardholderId: 'link' },
  auditEvents: { id: 'link', subject: 'link', card: 'link', ref: 'link' },
  reports: { id: 'link', cardholderId: 'link' },
  alerts: {
    ...{ id: 'link', cardId: 'link', cardholderId: 'link', authenticationId: 'link' },
    ...{ subjectKind: 'workings', subject: 'link', windowAt: 'workings', nonce: 'secret or key' },
    acknowledgedAt: 'workings',
  },
  identityReports: { alertId: 'link', cardholderId: 'link', digest: 'hmac or digest' },
  activationCodes: { id: 'link', cardholderId: 'link', hmac: 'hmac or digest', keyId: 'hmac or digest' },
  authentications: { id: 'link', cardId: 'link', dsTransID: 'link', areqHmac: 'hmac or digest', ares: 'of others' },
  challenges: {
    ...{ cardId: 'link', dsTransID: 'link', threeDSServerTransID: 'link' },
    ...{ creqDigest: 'hmac or digest', deviceDigest: 'hmac or digest' },
    ...{
      sessionData: 'of others',
      notificationURL: 'of others',
      dsURL: 'of others',
      requestorID: 'of others',
      networkHmac: 'hmac or digest',
      range: 'workings',
      trustAsked: 'workings',
      openedAs: 'workings',
    },
  },
  challengeProofs: {
    ...{ codeHmac: 'hmac or digest', codeKeyId: 'hmac or digest', earlierCodes: 'hmac or digest' },
    ...{ nonce: 'workings', evidence: 'workings', draft: 'workings' },
  },
  cardBrowsers: { cardId: 'link', deviceDigest: 'hmac or digest' },
  riskRows: { kind: 'workings', key: 'link' },
  outbox: {
    ...{
      id: 'link',
      challengeId: 'link',
      cardholderId: 'link',
      aboutId: 'link',
      gatewayRef: 'link',
      body: 'of others',
    },
    ...{ tries: 'workings', nextAt: 'workings', leasedUntil: 'workings', lease: 'workings', host: 'workings' },
  },
}

type Row = Readonly<Record<string, unknown>>

/** The cardholder's data from the rows of the cardholder. Times are ISO 8601 in UTC; a missing value is null. */
export function ownData(rows: Readonly<Record<OwnSection, readonly Row[]>>, writtenAt: string) {
  const sections = Object.entries(ownSections).map(([section, fields]) => [
    section,
    rows[section as OwnSection].map(row => Object.fromEntries(fields.map(field => [field, row[field] ?? null]))),
  ])
  return { writtenAt, ...(Object.fromEntries(sections) as Record<OwnSection, Row[]>) }
}
