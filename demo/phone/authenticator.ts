import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import { isoCBOR } from '@simplewebauthn/server/helpers'

/** A passkey as the phone keeps it. */
export interface Passkey {
  /** The credential's id, base64url. */
  readonly id: string
  /** PKCS #8, base64. */
  readonly privateKey: string
  readonly rpID: string
  readonly userHandle: string
  /** How many signatures it has made (WebAuthn, 6.1.1). */
  signCount: number
}

/** Flags of the authenticator data (WebAuthn, 6.1). */
const flags = { userPresent: 0x01, userVerified: 0x04, attestedCredential: 0x40 }
const es256 = -7

/**
 * The phone's screen lock: makes passkeys and signs with them. It does what an authenticator and the browser around it
 * do (WebAuthn Level 2, 6.3 and 5.8.1), for pages of one origin. The person at the demo's page is the user who is
 * verified.
 */
export class Authenticator {
  readonly #passkeys: Passkey[]

  constructor(passkeys: Passkey[]) {
    this.#passkeys = passkeys
  }

  /** WebAuthn, `navigator.credentials.create()`. */
  create(options: PublicKeyCredentialCreationOptionsJSON, origin: string): RegistrationResponseJSON {
    if (!options.pubKeyCredParams.some(({ alg }) => alg === es256)) throw new Error('ES256 is not offered.')
    const rpID = checkedRpID(options.rp.id, origin)
    const excluded = (options.excludeCredentials ?? []).map(({ id }) => id)
    if (this.#passkeys.some(({ id }) => excluded.includes(id))) throw new Error('This phone has a passkey already.')
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const passkey: Passkey = {
      id: randomBytes(32).toString('base64url'),
      privateKey: privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
      rpID,
      userHandle: options.user.id,
      signCount: 0,
    }
    this.#passkeys.push(passkey)
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    const credential = Buffer.concat([attestedCredential(passkey.id), cbor(coseKey(x, y))])
    const authData = Buffer.concat([authenticatorData(passkey, flags.attestedCredential), credential])
    const attestation = new Map<string, unknown>([
      ['fmt', 'none'],
      ['attStmt', new Map()],
      ['authData', new Uint8Array(authData)],
    ])
    return {
      id: passkey.id,
      rawId: passkey.id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientData('webauthn.create', options.challenge, origin).toString('base64url'),
        attestationObject: cbor(attestation).toString('base64url'),
        transports: ['internal'],
      },
    }
  }

  /** WebAuthn, `navigator.credentials.get()`, with a passkey that the options permit; the newest if several are. */
  get(options: PublicKeyCredentialRequestOptionsJSON, origin: string): AuthenticationResponseJSON {
    const rpID = checkedRpID(options.rpId, origin)
    const permitted = options.allowCredentials ?? []
    const passkey = this.#passkeys.findLast(
      candidate =>
        candidate.rpID === rpID && (permitted.length === 0 || permitted.some(({ id }) => id === candidate.id)),
    )
    if (!passkey) throw new Error('This phone has no passkey for that.')
    passkey.signCount += 1
    const authData = authenticatorData(passkey)
    const clientDataJSON = clientData('webauthn.get', options.challenge, origin)
    const signed = Buffer.concat([authData, createHash('sha256').update(clientDataJSON).digest()])
    const key = createPrivateKey({ key: Buffer.from(passkey.privateKey, 'base64'), format: 'der', type: 'pkcs8' })
    return {
      id: passkey.id,
      rawId: passkey.id,
      type: 'public-key',
      authenticatorAttachment: 'platform',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientDataJSON.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, key).toString('base64url'),
        userHandle: passkey.userHandle,
      },
    }
  }
}

/** A page may use its own host, or a parent domain of it, as relying party (WebAuthn, 5.1.3, step 7). */
function checkedRpID(rpID: string | undefined, origin: string): string {
  const { hostname } = new URL(origin)
  if (rpID === undefined || rpID === hostname) return hostname
  if (hostname.endsWith(`.${rpID}`) && rpID.includes('.')) return rpID
  throw new Error(`A page of ${origin} cannot use passkeys of ${rpID}.`)
}

/** WebAuthn, 5.8.1. */
function clientData(type: 'webauthn.create' | 'webauthn.get', challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }))
}

/** WebAuthn, 6.1: hash of the relying party's id, flags, signature counter. */
function authenticatorData({ rpID, signCount }: Passkey, more = 0): Buffer {
  const tail = Buffer.alloc(5)
  tail.writeUInt8(flags.userPresent | flags.userVerified | more)
  tail.writeUInt32BE(signCount, 1)
  return Buffer.concat([createHash('sha256').update(rpID).digest(), tail])
}

/** WebAuthn, 6.5.1, without the public key: the authenticator's model, which stays unknown, and the credential's id. */
function attestedCredential(credentialId: string): Buffer {
  const id = Buffer.from(credentialId, 'base64url')
  const length = Buffer.alloc(2)
  length.writeUInt16BE(id.length)
  return Buffer.concat([Buffer.alloc(16), length, id])
}

/** A P-256 public key for ES256 (RFC 9053, 7.1.1). */
function coseKey(x: string, y: string): Map<number, unknown> {
  const octets = (part: string) => new Uint8Array(Buffer.from(part, 'base64url'))
  return new Map<number, unknown>([
    [1, 2],
    [3, es256],
    [-1, 1],
    [-2, octets(x)],
    [-3, octets(y)],
  ])
}

function cbor(value: Map<string | number, unknown> | Map<number, unknown>): Buffer {
  return Buffer.from(isoCBOR.encode(value as Parameters<typeof isoCBOR.encode>[0]))
}
