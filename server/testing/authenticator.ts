import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'
import type { AuthenticationResponseJSON } from '@simplewebauthn/server'
import { isoCBOR } from '@simplewebauthn/server/helpers'

/** An authenticator in software that has one passkey (WebAuthn Level 3), on P-256. */
export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(16).toString('base64url')
  /** Base64url of the uncompressed credential key in COSE. */
  readonly publicKey: Buffer
  readonly #privateKey: KeyObject
  #counter = 0

  constructor() {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    const coordinate = (value: string) => new Uint8Array(Buffer.from(value, 'base64url'))
    const cose = new Map<number, number | Uint8Array<ArrayBuffer>>([
      ...([1, 3, -1].map((label, index) => [label, [2, -7, 1][index] ?? 0]) as [number, number][]),
      [-2, coordinate(x)],
      [-3, coordinate(y)],
    ])
    this.publicKey = Buffer.from(isoCBOR.encode(cose))
    this.#privateKey = privateKey
  }

  /** Signs a challenge (base64url) for `origin`, with user verification unless told otherwise. */
  sign(challenge: string, origin: string, verified = true): AuthenticationResponseJSON {
    const hash = (data: string | Buffer) => createHash('sha256').update(data).digest()
    const client = JSON.stringify({ type: 'webauthn.get', challenge, origin, crossOrigin: false })
    const flags = Buffer.from([verified ? 0x05 : 0x01])
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(++this.#counter)
    const data = Buffer.concat([hash(new URL(origin).hostname), flags, counter])
    const signature = createSign('sha256')
      .update(Buffer.concat([data, hash(client)]))
      .sign(this.#privateKey)
    return {
      id: this.credentialId,
      rawId: this.credentialId,
      type: 'public-key',
      clientExtensionResults: {},
      response: {
        clientDataJSON: Buffer.from(client).toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: signature.toString('base64url'),
      },
    }
  }
}
