import { z } from 'zod'
import { normaliseEmail } from '#domain/contact/address.ts'
import { type ReadMobile, readMobile } from '#domain/contact/phone.ts'
import { type Issuer, rangeOf } from '../platform/issuer.ts'

/** One card and its holder, as the issuer's list describes them: one JSON object a line (docs/cards.md). */
export interface CardLine {
  readonly cardNumber: string
  /** The first moment after the last month of validity in Japan's time, in milliseconds since the epoch. */
  readonly expiresAt: number
  readonly status: 'active' | 'stolen' | 'closed'
  readonly cardholderId: string
  readonly names: { readonly kanji?: string; readonly kana?: string; readonly romaji?: string }
  readonly language: 'ja' | 'en'
  /** Null if the issuer has none any more; absent if the line does not say. */
  readonly email?: string | null
  readonly mobile?: string | null
  readonly debitAccountLastFour?: string
  readonly dateOfBirth?: string
  /** The person's subject at the issuer's identity provider. */
  readonly identitySubject?: string
}

/**
 * Characters that are invisible, reverse the text direction, or start a new line. Joiners and variation selectors are
 * allowed, because they are part of letters.
 */
const unseen = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const name = z
  .string()
  .min(1, 'must have 1 to 100 characters')
  .max(100, 'must have 1 to 100 characters')
  .refine(text => !unseen.test(text), 'must have no line breaks and no characters that cannot be seen')
  .refine(text => text.trim() !== '', 'must not be blank')

const mobileReasons = {
  'mobile-missing': 'must be a mobile number, such as +81 90 1234 5678',
  'mobile-malformed': 'must be a mobile number, such as +81 90 1234 5678',
  'mobile-no-sms': 'must be a mobile number: text messages do not reach landlines and Internet telephones',
  'mobile-country': 'is of a country to which no text messages are sent (smsCountries)',
} as const satisfies { readonly [kind in Exclude<ReadMobile['kind'], 'mobile'>]: string }

/** `countries`: the countries to which text messages are sent. */
const shapeFor = (countries: readonly string[] | undefined) =>
  z.object({
    cardNumber: z
      .string()
      .regex(/^\d{13,19}$/, 'must be 13 to 19 digits')
      .refine(passesLuhn, 'fails its check digit'),
    expiry: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be year and month, such as 2030-12'),
    status: z.enum(['active', 'stolen', 'closed'], 'must be active, stolen or closed'),
    cardholderId: z.string().regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 letters, digits or signs'),
    names: z.object({ kanji: name.optional(), kana: name.optional(), romaji: name.optional() }),
    language: z.enum(['ja', 'en'], 'must be ja or en'),
    email: contact(typed => {
      const address = normaliseEmail(typed)
      return address === undefined ? { reason: 'must be an e-mail address' } : { value: address }
    }),
    mobile: contact(typed => {
      const read = readMobile(typed, countries)
      return read.kind === 'mobile' ? { value: read.number } : { reason: mobileReasons[read.kind] }
    }),
    debitAccountLastFour: z
      .string()
      .regex(/^\d{4}$/, 'must be four digits')
      .optional(),
    dateOfBirth: z.iso.date('must be a date, such as 1990-04-01').optional(),
    identitySubject: z
      .string()
      .regex(/^[\x20-\x7e]{1,255}$/, 'must be 1 to 255 letters, digits or signs')
      .optional(),
  })

const shapes = new WeakMap<Issuer, ReturnType<typeof shapeFor>>()

/** Cached, because a list has millions of lines. */
function shapeOf(issuer: Issuer): ReturnType<typeof shapeFor> {
  const made = shapes.get(issuer) ?? shapeFor(issuer.smsCountries)
  shapes.set(issuer, made)
  return made
}

export type ReadLine =
  | { readonly kind: 'card'; readonly card: CardLine }
  /** `reason` names the member and the rule it breaks, without any of the line's content. */
  | { readonly kind: 'bad'; readonly reason: string }

/**
 * Reads one line of the list. Ignores members that it does not know, such as card codes, and stores nothing of them.
 */
export function readCardLine(line: string, issuer: Issuer): ReadLine {
  let json: unknown
  try {
    json = JSON.parse(line)
  } catch {
    return { kind: 'bad', reason: 'is not JSON' }
  }
  const parsed = shapeOf(issuer).safeParse(json, { reportInput: true })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    return { kind: 'bad', reason: `${issue?.path.join('.') || 'the line'} ${plain(issue)}` }
  }
  const { expiry, email, mobile, debitAccountLastFour, dateOfBirth, identitySubject, names, ...card } = parsed.data
  if (!rangeOf(issuer, card.cardNumber)) return { kind: 'bad', reason: 'cardNumber is in none of the issuer’s ranges' }
  return {
    kind: 'card',
    card: {
      ...card,
      names: present(names),
      expiresAt: endOfMonth(expiry),
      ...present({ email, mobile, debitAccountLastFour, dateOfBirth, identitySubject }),
    },
  }
}

function plain(issue: z.core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_type') {
    if (issue.input === undefined) return 'is missing'
    return issue.expected === 'object' ? 'must be an object' : `must be a ${issue.expected}`
  }
  return issue?.message ?? 'is not right'
}

/** A contact, read by the same rules as in the account. */
function contact(read: (typed: string) => { readonly value: string } | { readonly reason: string }) {
  return z
    .string()
    .transform((typed, context) => {
      const answer = read(typed)
      if ('value' in answer) return answer.value
      context.addIssue({ code: 'custom', message: answer.reason })
      return z.NEVER
    })
    .nullable()
    .optional()
}

function present<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as never
}

/**
 * The first moment after the month: a card printed 12/30 is valid through the last moment of December 2030 in Japan.
 */
function endOfMonth(expiry: string): number {
  const [year = 0, month = 0] = expiry.split('-').map(Number)
  return Date.UTC(year, month, 1) - 9 * 60 * 60 * 1000
}

/** ISO/IEC 7812-1 annex B. */
function passesLuhn(cardNumber: string): boolean {
  const sum = [...cardNumber].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
