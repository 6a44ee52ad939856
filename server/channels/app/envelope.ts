import { CompactEncrypt, compactDecrypt } from 'jose'
import { parseMessage } from '#domain/emv/codec.ts'

/** EMV 3DS 6.2.4: the two encryptions that an SDK may choose. The answer uses the same one. */
const encryptions = ['A128CBC-HS256', 'A128GCM'] as const
export type Encryption = (typeof encryptions)[number]

/** A CReq's envelope: its header, of which nothing has been authenticated yet. */
export type Envelope =
  | { readonly kind: 'jwe'; readonly jwe: string; readonly acsTransID: string; readonly encryption: Encryption }
  /** Not a JWE. */
  | { readonly kind: 'unreadable' }
  /** A JWE that identifies no transaction. */
  | { readonly kind: 'nobody' }
  /** A JWE whose header does not conform to the specification. */
  | { readonly kind: 'undecryptable' }

const compact = /^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Reads a JWE's header before any key is used: `dir`, one of the two encryptions, nothing compressed or critical. */
export function readEnvelope(body: Uint8Array): Envelope {
  const jwe = Buffer.from(body).toString('latin1').trim()
  if (!compact.test(jwe)) return { kind: 'unreadable' }
  const parsed = parseMessage(Buffer.from(jwe.slice(0, jwe.indexOf('.')), 'base64url'))
  if (parsed.kind === 'unreadable') return { kind: 'unreadable' }
  const { alg, enc, kid } = parsed.message
  const encryption = encryptions.find(each => each === enc)
  const unasked = ['zip', 'crit', 'b64', 'epk', 'p2s', 'p2c'].some(name => name in parsed.message)
  if (typeof kid !== 'string' || !uuid.test(kid)) return { kind: 'nobody' }
  if (alg !== 'dir' || !encryption || unasked || parsed.duplicates.length > 0) return { kind: 'undecryptable' }
  return { kind: 'jwe', jwe, acsTransID: kid.toLowerCase(), encryption }
}

/** Decrypts a CReq; undefined unless it was encrypted with this key, in this direction. */
export async function openEnvelope(jwe: string, encryption: Encryption, secret: Uint8Array) {
  try {
    const opened = await compactDecrypt(jwe, keyFor('sdk', encryption, secret), {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: [encryption],
    })
    return opened.plaintext
  } catch {
    return undefined
  }
}

/** Encrypts a CRes, so that only this transaction's SDK can decrypt it. */
export function encryptCRes(
  cres: { readonly acsCounterAtoS: string },
  acsTransID: string,
  encryption: Encryption,
  secret: Uint8Array,
) {
  const jwe = new CompactEncrypt(Buffer.from(JSON.stringify(cres), 'utf8'))
  if (encryption === 'A128GCM') jwe.setInitializationVector(initializationVector(Number(cres.acsCounterAtoS)))
  return jwe
    .setProtectedHeader({ alg: 'dir', enc: encryption, kid: acsTransID })
    .encrypt(keyFor('acs', encryption, secret))
}

/**
 * EMV 3DS 6.2.4.4, for A128GCM: 96 bits, the counter with FF in front. No counter is used twice, so no vector is.
 * A128CBC-HS256 has random ones. Throws if the counter is above 255.
 */
function initializationVector(counter: number): Uint8Array {
  const vector = Buffer.alloc(12, 0xff)
  vector.writeUInt8(counter, 11)
  return vector
}

/**
 * A128CBC-HS256 uses all 256 bits in both directions. A128GCM has a key for each direction: the left half for what the
 * SDK sends, the right half for what we send.
 */
function keyFor(sender: 'sdk' | 'acs', encryption: Encryption, secret: Uint8Array): Uint8Array {
  if (encryption === 'A128CBC-HS256') return secret
  return sender === 'sdk' ? secret.subarray(0, 16) : secret.subarray(16)
}
