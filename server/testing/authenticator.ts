import { createHash, generateKeyPairSync, type KeyObject, randomBytes, randomUUID, sign } from 'node:crypto'
import type { Deployment } from './deployment.ts'

/** What a browser and its authenticator say besides the signature. */
export interface Said {
  readonly origin?: string
  readonly rpID?: string
  readonly type?: string
  /** Set if the page is in a frame of another site. */
  readonly crossOrigin?: boolean
  readonly topOrigin?: string
  readonly userVerified?: boolean
  readonly counter?: number
}

/** An authenticator with one passkey (WebAuthn Level 3, ES256). */
export class Authenticator {
  readonly credentialId = randomBytes(16).toString('base64url')
  readonly #key: KeyObject
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
    { createdAt, synced = false }: { readonly createdAt: number; readonly synced?: boolean },
  ): Promise<string> {
    const id = randomUUID()
    await sql`insert into passkeys (id, cardholder_id, credential_id, public_key, counter, transports, name, synced, created_at)
      values (${id}, ${cardholderId}, ${this.credentialId}, ${this.publicKey}, 0, '[]', 'a phone', ${synced}, ${createdAt})`
    return id
  }

  /** The response to a challenge, as JSON. */
  sign(challenge: string, said: Said = {}): string {
    const { origin = 'https://acs.test', rpID = 'acs.test', type = 'webauthn.get' } = said
    const { crossOrigin = false, topOrigin, userVerified = true, counter = 0 } = said
    const clientData = { type, challenge, origin, crossOrigin, ...(topOrigin && { topOrigin }) }
    const clientDataJSON = Buffer.from(JSON.stringify(clientData))
    const tail = Buffer.alloc(5)
    // User present; user verified.
    tail.writeUInt8(userVerified ? 0b101 : 0b001)
    tail.writeUInt32BE(counter, 1)
    const authenticatorData = Buffer.concat([sha256(rpID), tail])
    const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(clientDataJSON)]), this.#key)
    const response = Object.entries({ clientDataJSON, authenticatorData, signature })
    return JSON.stringify({
      ...{ id: this.credentialId, rawId: this.credentialId, type: 'public-key', clientExtensionResults: {} },
      response: Object.fromEntries(response.map(([name, bytes]) => [name, bytes.toString('base64url')])),
    })
  }
}

function sha256(data: Buffer | string): Buffer {
  return createHash('sha256').update(data).digest()
}
