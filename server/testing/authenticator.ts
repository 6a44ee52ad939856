import { createHash, generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto'
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import type { Deployment } from './deployment.ts'

/** What a browser and its authenticator say besides the signature. */
export interface Said {
  readonly origin?: string
  readonly rpID?: string
  readonly type?: string
  /** Set if the page is in a frame of another site. */
  readonly crossOrigin?: boolean
  readonly topOrigin?: string
  /** What the browser showed (Secure Payment Confirmation). */
  readonly payment?: object
  readonly userVerified?: boolean
  readonly counter?: number
}

/** An authenticator in software that has one passkey (WebAuthn Level 3), on P-256. */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(16).toString('base64url')
  readonly #key: KeyObject
  #counter = 0
  /** COSE (RFC 9053, 7.1): a map of key type, algorithm, curve and both coordinates. */
  readonly publicKey: Buffer

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    this.#key = privateKey
    const coordinate = (label: number, value: string) =>
      Buffer.concat([Buffer.from([label, 0x58, 0x20]), Buffer.from(value, 'base64url')])
    this.publicKey = Buffer.concat([Buffer.from('a5010203262001', 'hex'), coordinate(0x21, x), coordinate(0x22, y)])
  }

  /** Adds the passkey to a cardholder's account. Returns its id. */
  async addTo(
    { sql }: Pick<Deployment, 'sql'>,
    cardholderId: string,
    {
      createdAt,
      synced = false,
      confirmsPayments = false,
    }: { readonly createdAt: number; readonly synced?: boolean; readonly confirmsPayments?: boolean },
  ): Promise<string> {
    const id = randomUUID()
    await sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, confirms_payments,
        created_at)
      values (${id}, ${cardholderId}, ${this.credentialId}, ${this.publicKey}, 0, '[]', 'a phone', ${synced},
        ${confirmsPayments}, ${createdAt})`
    return id
  }

  /** Signs a challenge (base64url) for `origin`, with user verification unless told otherwise. */
  sign(challenge: string, origin: string, userVerified = true): AuthenticationResponseJSON {
    return this.respond(challenge, { origin, userVerified })
  }

  /** The response to a challenge (base64url), with what the test wants it to say. */
  respond(challenge: string, said: Said = {}): AuthenticationResponseJSON {
    const { origin = 'https://acs.test', rpID = new URL(origin).hostname, type = 'webauthn.get' } = said
    const { crossOrigin = false, topOrigin, payment, userVerified = true, counter = ++this.#counter } = said
    const clientData = {
      type,
      challenge,
      origin,
      crossOrigin,
      ...(topOrigin && { topOrigin }),
      ...(payment && { payment }),
    }
    const clientDataJSON = Buffer.from(JSON.stringify(clientData))
    const tail = Buffer.alloc(5)
    // User present; user verified.
    tail.writeUInt8(userVerified ? 0b101 : 0b001)
    tail.writeUInt32BE(counter, 1)
    const authenticatorData = Buffer.concat([sha256(rpID), tail])
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientDataJSON)]), this.#key)
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: clientDataJSON.toString('base64url'),
        authenticatorData: authenticatorData.toString('base64url'),
        signature: signature.toString('base64url'),
      },
    }
  }
}

function sha256(data: Buffer | string): Buffer {
  return createHash('sha256').update(data).digest()
}
