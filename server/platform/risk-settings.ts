import { createPublicKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { exponentOf, isCurrency } from '#domain/kernel/iso.ts'
import type { Rates } from '#domain/risk/history/rows.ts'

// The member `risk` of the issuer's file: what risk policies need (docs/risk.md).

const currency = z.string().refine(isCurrency, 'must be the ISO 4217 number of a currency')
const base64url = z.string().regex(/^[\w-]{43}$/, 'must be 32 bytes in base64url')
/** Members of a JWK that say what it is for; nothing depends on them. */
const about = { kid: z.string().optional(), use: z.literal('sig').optional(), alg: z.string().optional() }
const jwk = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url, ...about }),
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: base64url, y: base64url, ...about }),
])
const publicKey = z
  .looseObject({})
  .refine(key => !('d' in key), { error: 'must be a public key: this is the private key', abort: true })
  .pipe(jwk.refine(isPoint, 'must be a point of its curve'))

type Jwk = z.infer<typeof jwk>

export const riskSettings = z.strictObject({
  /** The issuer's currency, in which policies read amounts (ISO 4217 number). */
  currency,
  /** Units of that currency for one minor unit of each currency, such as 1.5 yen for a cent. */
  rates: z.record(currency, z.number().positive().max(1e9)),
  /** Who may sign risk policies. */
  signers: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[\w-]{1,32}$/, 'must be 1 to 32 letters, digits, _ or -'),
        publicKey,
      }),
    )
    .max(100)
    .default([]),
  /** How many of them must sign a policy before it may be activated; without it 1 if there are signers, otherwise 0. */
  signatures: z.number().int().min(0).optional(),
  /** The issuer's own service that scores payments (`externalScore`). Its secret is a setting. */
  scoreService: z.strictObject({ url: z.url({ protocol: /^https?$/, error: 'must be an https address' }) }).optional(),
  /** Where the alerts of the watch go (docs/alerts.md). Without it nothing is watched. */
  alerts: z
    .strictObject({
      /** The issuer's web-hook, and the name of the key that signs what it gets and sends. The key is a setting. */
      url: z.url({ protocol: /^https?$/, error: 'must be an https address' }).optional(),
      keyId: z
        .string()
        .regex(/^[\w-]{1,32}$/, 'must be 1 to 32 letters, digits, _ or -')
        .optional(),
      emailTo: z.email().optional(),
    })
    .refine(({ url, emailTo }) => url !== undefined || emailTo !== undefined, { error: 'must have url or emailTo' })
    .refine(({ url, keyId }) => (url === undefined) === (keyId === undefined), {
      error: 'must have url and keyId, or neither',
    })
    .optional(),
})

export interface RiskSettings {
  readonly currency: string
  readonly rates: Rates
  readonly signers: readonly Signer[]
  readonly signatures: number
  readonly scoreService: { readonly url: string } | undefined
  readonly alerts: AlertSettings | undefined
}

interface AlertSettings {
  readonly url?: string | undefined
  readonly keyId?: string | undefined
  readonly emailTo?: string | undefined
}

export interface Signer {
  readonly name: string
  readonly publicKey: Jwk
}

/** Checks what concerns several members. */
export function readRiskSettings(
  {
    currency,
    rates,
    signers,
    signatures = Math.min(signers.length, 1),
    scoreService,
    alerts,
  }: z.infer<typeof riskSettings>,
  fail: (message: string) => Error,
): RiskSettings {
  const own = 10 ** -(exponentOf(currency) ?? 0)
  if (rates[currency] !== own) throw fail(`risk.rates.${currency} must be ${own}, for it is the issuer’s currency`)
  const name = firstTwice(signers.map(signer => signer.name))
  if (name !== undefined) throw fail(`risk.signers must not have the name ${name} twice`)
  const key = firstTwice(signers.map(signer => signer.publicKey.x))
  const sharing = signers.filter(signer => signer.publicKey.x === key).map(signer => signer.name)
  // Two signatures under one key would be those of one person.
  if (key !== undefined) throw fail(`risk.signers ${sharing.join(' and ')} must have keys of their own`)
  if (signatures > signers.length)
    throw fail(`risk.signatures must be at most ${signers.length}, the number of signers, not ${signatures}`)
  return { currency, rates, signers, signatures, scoreService, alerts }
}

function isPoint(key: Jwk): boolean {
  try {
    keyOf(key)
    return true
  } catch {
    return false
  }
}

export function keyOf({ kty, crv, x, ...rest }: Jwk): KeyObject {
  return createPublicKey({ key: { kty, crv, x, ...('y' in rest && { y: rest.y }) }, format: 'jwk' })
}

function firstTwice(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) < index)
}
