import { importJWK, type JWTPayload, jwtVerify } from 'jose'

/** What is wrong with a sender's identification (RFC 8292, section 4.2). */
export interface VapidFault {
  /** 401: the request has no token. 403: its token is not valid. */
  readonly status: 401 | 403
  readonly reason: string
}

/** Longest time from now to the expiry of a token (RFC 8292, section 2), seconds. */
const longestLife = 24 * 60 * 60

/**
 * Checks how an application server identifies itself: `Authorization: vapid t=JWT, k=PUBLIC-KEY` (RFC 8292, section 3).
 *
 * @param audience the origin of the push service
 * @param publicKey the key to which the subscription is restricted, base64url
 */
export async function checkVapid(
  authorization: string | undefined,
  { audience, publicKey, now }: { audience: string; publicKey: string; now: Date },
): Promise<VapidFault | undefined> {
  if (authorization === undefined) return { status: 401, reason: 'The Authorization header is missing.' }
  const { t, k } = readParameters(authorization)
  if (t === undefined || k === undefined)
    return refused('The Authorization header is not "vapid" with the parameters t and k.')
  if (k !== publicKey) return refused('k is not the key with which the subscription was made.')
  const key = await importPoint(k)
  if (!key) return refused('k is not an uncompressed point on P-256.')
  const verified = await jwtVerify(t, key, {
    algorithms: ['ES256'],
    audience,
    currentDate: now,
    requiredClaims: ['aud', 'exp'],
  }).catch((error: unknown) => error)
  if (verified instanceof Error) return refused(`t is not valid: ${verified.message}.`)
  return checkClaims((verified as { payload: JWTPayload }).payload, now)
}

function checkClaims({ exp = 0, sub }: JWTPayload, now: Date): VapidFault | undefined {
  if (exp > now.getTime() / 1000 + longestLife) return refused('exp is more than 24 hours from now.')
  if (sub !== undefined && !isContact(sub))
    return refused('sub is neither a mailto: address nor an https: address that others can reach.')
  return undefined
}

/** Apple's push service refuses a token whose contact is on localhost. */
function isContact(sub: string): boolean {
  return /^(mailto:[^@\s]+@(?!localhost\b)[^@\s]+|https:\/\/(?!localhost\b)\S+)$/i.test(sub)
}

/** The parameters of the scheme `vapid`, each at most once. */
function readParameters(authorization: string): { t?: string; k?: string } {
  const [, list] = /^vapid +(\S.*)$/i.exec(authorization) ?? []
  const parameters = (list ?? '').split(',').map(part => /^\s*([tk])\s*=\s*"?([\w.-]+)"?\s*$/.exec(part))
  if (parameters.some(parameter => !parameter) || parameters.length !== 2) return {}
  return Object.fromEntries(parameters.map(parameter => [parameter?.[1], parameter?.[2]]))
}

async function importPoint(point: string) {
  const octets = Buffer.from(point, 'base64url')
  if (octets.length !== 65 || octets[0] !== 4) return undefined
  const [x, y] = [octets.subarray(1, 33).toString('base64url'), octets.subarray(33).toString('base64url')]
  return importJWK({ kty: 'EC', crv: 'P-256', x, y }, 'ES256').catch(() => undefined)
}

const refused = (reason: string): VapidFault => ({ status: 403, reason })
