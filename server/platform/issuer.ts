import { z } from 'zod'
import { type Autofill, autofills } from '#domain/code/bound-line.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { SmsCaps } from '#domain/contact/sms-caps.ts'
import { nearestWord } from './nearest-word.ts'
import { type RiskSettings, readRiskSettings, riskSettings } from './risk-settings.ts'

/** A text in both languages. */
const bilingual = z.strictObject({ ja: z.string().min(1), en: z.string().min(1) })
const cardNumberPart = z.string().regex(/^\d{2,19}$/, 'must be 2 to 19 digits')
/** File under `public/`. */
const svg = z.string().regex(/^\/[\w/.-]+\.svg$/, 'must be the address of an SVG below public/, such as /mark.svg')
const host = z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$/, 'must be a host name, with a port if it is not 443')

const id = z.string().regex(/^[\w-]{1,32}$/, 'must be 1 to 32 letters, digits, _ or -')
const file = z.string().min(1)

/**
 * A caller with a client certificate, and the certificates for it. Files are PEM; where one is absent, that for all
 * callers is used.
 */
const party = {
  id,
  /** Common name of its client certificate. */
  clientName: z.string().min(1),
  /** Further parts of that certificate's subject, such as O or OU, which must equal these values. */
  clientSubject: z.record(z.string(), z.string().min(1)).optional(),
}
const clientFiles = {
  /** The only authorities that may have signed its client certificate. */
  clientCAFile: file.optional(),
  /** Their revocation lists. */
  crlFile: file.optional(),
}
const partyTls = z
  .strictObject({
    ...clientFiles,
    /** Our own certificate and key for this party: for results, and for calls to `hostName`. */
    certFile: file.optional(),
    keyFile: file.optional(),
    /** Host name under which it calls us (SNI), and for which that certificate is used. */
    hostName: z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a host name in lower case')
      .optional(),
    /** Authorities of the servers that its results go to. */
    serverCAFile: file.optional(),
  })
  .refine(({ certFile, keyFile }) => (certFile === undefined) === (keyFile === undefined), {
    error: 'must have certFile and keyFile, or neither',
  })
  .refine(({ hostName, certFile }) => hostName === undefined || certFile !== undefined, {
    error: 'must have certFile and keyFile for its hostName',
  })

const { requestor, merchant, network, prefix, hour, day } = contactPolicy.smsCaps
const cap = ({ most }: { readonly most: number }) => z.number().int().min(1).max(1_000_000_000).default(most)
/** Largest numbers of text messages: per requestor, merchant, network and prefix within an hour, and in total. */
const smsCaps = z.strictObject({
  requestor: cap(requestor),
  merchant: cap(merchant),
  network: cap(network),
  prefix: cap(prefix),
  hour: cap(hour),
  day: cap(day),
})

/** A card's name in both languages; with the last four digits it has at most 40 characters (table A.28). */
const cardName = z.string().min(1).max(30)
/** EMV 3DS table A.28: an https address of at most 2048 characters, or a data URL of at most 4096. */
const picture = z
  .string()
  .refine(isPicture, 'must be an https address (2048 characters) or a data URL of an image (4096 characters)')

function isPicture(value: string): boolean {
  if (/^data:image\/[\w.+-]+;base64,[A-Za-z0-9+/]+={0,2}$/.test(value)) return value.length <= 4096
  return /^https:\/\/\S+$/.test(value) && URL.canParse(value) && value.length <= 2048
}

const limits = z.record(z.string().regex(/^\d{3}$/), z.string().regex(/^\d{1,15}$/))

const issuerFile = z.strictObject({
  /** How the service presents itself: on the site, in the window, in messages. Never a card network's name or mark. */
  brand: z.strictObject({
    /** A text message names it twice, in at most 134 characters (messaging/write-sms.ts). */
    service: z.string().min(1).max(16),
    issuer: bilingual,
    mark: svg,
    /** The same mark for dark backgrounds. */
    markDark: svg,
    accent: z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #0b5c6b'),
    accentDark: z.string().regex(/^#[0-9a-f]{6}$/i, 'must be a colour such as #7fd1dd'),
    support: bilingual,
    /** The sender of messages; `numbers` are those that text messages may come from, as people read them. */
    sender: z.strictObject({
      name: z.string().min(1),
      address: z.email(),
      numbers: z.array(z.string().min(3).max(20)),
    }),
    /** The app's name on a phone's screen; home screens cut longer names off. */
    app: z.string().min(1).max(12),
    /** The issuer's own site, where cardholders enrol in its online services. */
    website: z.url({ protocol: /^https$/, hostname: z.regexes.domain, error: 'must be an https address' }),
    /** The issuer's postal address. */
    postal: bilingual,
  }),
  /** Address for cardholders' reports of "this was not me"; if left out, they are only logged. */
  reportsTo: z.email().optional(),
  /** Countries to whose mobile numbers text messages are sent. */
  smsCountries: z
    .array(z.string().regex(/^[A-Z]{2}$/))
    .min(1)
    .default(['JP']),
  /** Which windows' text messages name the pages on which browsers may fill in the code (docs/decisions/0050). */
  smsAutofill: z.enum(autofills).default('page'),
  /** Caps that prevent fraud by paid text messages (docs/limits.md). */
  smsCaps: smsCaps.prefault({}),
  /**
   * The service that knows whether a mobile number was moved to another SIM card or carrier (docs/number-check.md). Its
   * secret is a setting.
   */
  numberCheck: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: 'must be an https address' }),
      /** A number moved within this many hours gets no codes. */
      recentHours: z.number().int().min(1).max(2400).default(72),
      /** Whether codes go out as text messages when the service gives no usable answer. */
      whenUnavailable: z.enum(['send', 'withhold']).default('send'),
    })
    .optional(),
  /** Our card number ranges, without overlap; a prefix includes all numbers that begin with it. */
  ranges: z
    .array(
      z.strictObject({
        id,
        from: cardNumberPart,
        to: cardNumberPart,
        /** Number of digits of a card number. */
        length: z.number().int().min(13).max(19),
        /** Whether the answer is A, an attempt, instead of N for a participating cardholder who cannot be asked. */
        attempts: z.boolean().default(false),
        /**
         * Secure payment confirmation (docs/protocol.md): how the browser's dialog names and shows these cards; the last
         * four digits are added. If left out, it is not used.
         */
        spc: z.strictObject({ name: z.strictObject({ ja: cardName, en: cardName }), icon: picture }).optional(),
      }),
    )
    .min(1),
  /**
   * Highest amount without a challenge by currency number, in minor units. A currency without an entry is challenged.
   */
  challengeAbove: limits,
  /**
   * The amount above which a purchase is a larger one, in the same form: while a cardholder's payments are restricted,
   * such purchases need a code by text message. For a currency without an entry `challengeAbove` applies; in a currency
   * without either, every purchase is larger.
   */
  largerAbove: limits.default({}),
  /**
   * Like `challengeAbove`, for a browser in which the cardholder has succeeded before; without an entry,
   * `challengeAbove` applies.
   */
  challengeAboveOnKnownDevice: limits.default({}),
  /**
   * Like `challengeAbove`, for a merchant that the cardholder trusts. If left out, cardholders cannot trust merchants.
   */
  challengeAboveAtTrustedMerchant: limits.default({}),
  /**
   * Whether to use decoupled authentication, by message and in the account, when the requestor permits it: never, if no
   * other method is left, or whenever permitted.
   */
  decoupled: z.enum(['never', 'when-needed', 'preferred']).default('when-needed'),
  /**
   * Registering a contact in the window of a purchase (docs/registration.md). If left out, cardholders without a contact
   * cannot be asked.
   */
  registration: z
    .strictObject({
      /**
       * The highest amount, in the same form, that a contact may authenticate that was registered in a window and not
       * confirmed since. In a currency without an entry it authenticates nothing.
       */
      upTo: limits,
      /** The issuer's own service that checks the facts, instead of those in the list. Its secret is a setting. */
      proof: z.strictObject({ url: z.url({ protocol: /^https?$/, error: 'must be an https address' }) }).optional(),
    })
    .optional(),
  directoryServers: z
    .array(
      z.strictObject({
        ...party,
        /** Registered application provider identifier of the payment system. */
        rid: z
          .string()
          .regex(/^A[0-9A-F]{9}$/, 'must be A and nine digits, such as A000000025')
          .optional(),
        /** dsReferenceNumber of its AReqs. */
        referenceNumber: z.string().min(1).max(32),
        /** Hosts that its dsURL may have. */
        hosts: z.array(host).min(1),
        /** Whether these hosts may have private addresses: 10/8, 172.16/12, 192.168/16, fc00::/7. */
        privateAddresses: z.boolean().default(false),
        /**
         * Whether a result keeps its status while the directory server cannot be reached; otherwise it becomes U in
         * 2.3.1 (docs/decisions/0043).
         */
        keepsUndeliveredResult: z.boolean().default(false),
        /** Ranges for which it may send AReqs. */
        ranges: z.array(z.string()).min(1),
        acsReferenceNumber: z.string().min(1).max(32),
        acsOperatorID: z.string().min(1).max(32).optional(),
        /** Number of its AReqs that one `ds` process handles concurrently; more are answered U. */
        maxConcurrent: z.number().int().min(1).max(100_000).default(500),
        tls: partyTls.optional(),
        /**
         * Certificate and key, PEM files, that sign for payments in apps, under the directory server's authority;
         * absent: no app channel.
         */
        appSigning: z.strictObject({ certificatesFile: z.string().min(1), keyFile: z.string().min(1) }).optional(),
      }),
    )
    .min(1),
  /**
   * The issuer's own app, in which cardholders approve payments: the https address of its push service
   * (docs/approval-devices.md). If left out, no payment is approved in the app.
   */
  approvalApp: z.strictObject({ pushURL: z.url({ protocol: /^https?$/ }) }).optional(),
  /** The issuer's own hosts that authorise payments: they may check authentication values. */
  authorisationHosts: z
    .array(
      z.strictObject({
        ...party,
        /** Ranges for whose values it may ask. */
        ranges: z.array(z.string()).min(1),
        /** Most calls per second to each `ds` process. */
        perSecond: z.number().int().min(1).max(100_000).default(100),
        tls: z.strictObject(clientFiles).optional(),
      }),
    )
    .default([]),
  /** What risk policies need (docs/risk.md). If left out, there are none. */
  risk: riskSettings.optional(),
})

type IssuerFile = z.infer<typeof issuerFile>
type Brand = IssuerFile['brand']
export type DirectoryServer = IssuerFile['directoryServers'][number]
export type AuthorisationHost = IssuerFile['authorisationHosts'][number]
export type PartyTlsFiles = NonNullable<DirectoryServer['tls']>

export interface Range {
  readonly id: string
  /** First and last card number, as numbers with `length` digits. */
  readonly from: bigint
  readonly to: bigint
  readonly length: number
  readonly attempts: boolean
  readonly spc?: IssuerFile['ranges'][number]['spc']
}

export interface Issuer {
  readonly brand: Brand
  readonly reportsTo: string | undefined
  readonly smsCountries: readonly string[]
  readonly smsAutofill: Autofill
  readonly smsCaps: SmsCaps
  readonly numberCheck: IssuerFile['numberCheck']
  readonly ranges: readonly Range[]
  readonly challengeAbove: Readonly<Record<string, bigint>>
  readonly largerAbove: Readonly<Record<string, bigint>>
  readonly challengeAboveOnKnownDevice: Readonly<Record<string, bigint>>
  readonly challengeAboveAtTrustedMerchant: Readonly<Record<string, bigint>>
  readonly decoupled: IssuerFile['decoupled']
  readonly registration:
    | { readonly upTo: Readonly<Record<string, bigint>>; readonly proof: { readonly url: string } | undefined }
    | undefined
  readonly directoryServers: readonly DirectoryServer[]
  readonly approvalApp: IssuerFile['approvalApp']
  readonly authorisationHosts: readonly AuthorisationHost[]
  readonly risk: RiskSettings | undefined
}

/** The members that an object in the file may have. */
function membersAt(schema: unknown, [step, ...rest]: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return membersAt(schema.unwrap(), step === undefined ? [] : [step, ...rest])
  }
  if (schema instanceof z.ZodArray) return membersAt(schema.element, rest)
  if (!(schema instanceof z.ZodObject)) return []
  return step === undefined ? Object.keys(schema.shape) : membersAt(schema.shape[String(step)], rest)
}

/** Checks the issuer's file. Returns undefined for undefined (no file, or not JSON); throws if its content is wrong. */
export function readIssuer(json: unknown, fail: (message: string) => Error): Issuer | undefined {
  if (json === undefined) return undefined
  const parsed = issuerFile.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue?.path.join('.') || 'the file'
    if (issue?.code !== 'unrecognized_keys') throw fail(`${place} ${issue?.message ?? 'is not right'}`)
    const [unknown = ''] = issue.keys
    const meant = nearestWord(unknown, membersAt(issuerFile, issue.path))
    throw fail(`${place} has an unknown member ${JSON.stringify(unknown)}${meant ? `, did you mean "${meant}"?` : ''}`)
  }
  const { brand, reportsTo, smsCountries, ranges, challengeAbove, directoryServers, authorisationHosts, registration } =
    parsed.data
  const known = new Set(ranges.map(({ id }) => id))
  const parties = { directoryServers, authorisationHosts }
  for (const [list, members] of Object.entries(parties)) {
    for (const { id, ranges: named } of members) {
      const missing = named.find(range => !known.has(range))
      if (missing) throw fail(`${list} ${id} names the range ${missing}, which ranges does not have`)
    }
  }
  const everybody = Object.values(parties).flat()
  for (const name of ['id', 'clientName'] as const) {
    const twice = everybody.find((one, index) => everybody.findIndex(other => other[name] === one[name]) < index)
    if (twice) throw fail(`${name} ${twice[name]} must not stand twice among directoryServers and authorisationHosts`)
  }
  const hostNames = directoryServers.flatMap(({ tls }) => tls?.hostName ?? [])
  const shared = hostNames.find((name, index) => hostNames.indexOf(name) < index)
  if (shared) throw fail(`tls.hostName ${shared} must not stand twice among directoryServers`)
  const whole = ranges.map(range => ({
    id: range.id,
    length: range.length,
    attempts: range.attempts,
    spc: range.spc,
    from: BigInt(range.from.padEnd(range.length, '0')),
    to: BigInt(range.to.padEnd(range.length, '9')),
  }))
  const wrong = ranges.find(({ from, to, length }) => from.length > length || to.length > length)
  if (wrong) throw fail(`ranges ${wrong.id} must have from and to of at most ${wrong.length} digits`)
  const upsideDown = whole.find(range => range.from > range.to)
  if (upsideDown) throw fail(`ranges ${upsideDown.id} must have from not above to`)
  const overlapping = whole.find((range, index) => whole.slice(0, index).some(other => overlap(range, other)))
  if (overlapping) throw fail(`ranges ${overlapping.id} must not overlap another range`)
  const ordinary = exact(challengeAbove)
  const trusting = exact(parsed.data.challengeAboveAtTrustedMerchant)
  // A currency without a limit is always challenged at a trusted merchant, too.
  const [useless] = Object.entries(trusting).find(([code, most]) => most <= (ordinary[code] ?? most)) ?? []
  if (useless) throw fail(`challengeAboveAtTrustedMerchant.${useless} must be more than challengeAbove has for it`)
  return {
    brand,
    reportsTo,
    smsCountries,
    smsAutofill: parsed.data.smsAutofill,
    smsCaps: parsed.data.smsCaps,
    numberCheck: parsed.data.numberCheck,
    ranges: whole,
    challengeAbove: ordinary,
    largerAbove: exact({ ...challengeAbove, ...parsed.data.largerAbove }),
    challengeAboveOnKnownDevice: exact(parsed.data.challengeAboveOnKnownDevice),
    challengeAboveAtTrustedMerchant: trusting,
    decoupled: parsed.data.decoupled,
    registration: registration && { upTo: exact(registration.upTo), proof: registration.proof },
    approvalApp: parsed.data.approvalApp,
    directoryServers,
    authorisationHosts,
    risk: parsed.data.risk && readRiskSettings(parsed.data.risk, fail),
  }
}

function exact(amounts: Readonly<Record<string, string>>): Record<string, bigint> {
  return Object.fromEntries(Object.entries(amounts).map(([code, amount]) => [code, BigInt(amount)]))
}

function overlap(one: Range, other: Range): boolean {
  return one.length === other.length && one.from <= other.to && other.from <= one.to
}

/** The range that contains a card number, if it is one of ours. */
export function rangeOf(issuer: Issuer, acctNumber: string): Range | undefined {
  const number = BigInt(acctNumber)
  return issuer.ranges.find(({ from, to, length }) => acctNumber.length === length && from <= number && number <= to)
}
