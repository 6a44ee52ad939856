import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { CompactSign, type JWK } from 'jose'

/** A request as the product tells it to a device, with its nonce. */
export interface Shown {
  readonly request: Readonly<Record<string, string>>
  readonly nonce: string
}

/**
 * A device with the issuer's app, as docs/approval-devices.md describes it: a key of its own, and the bodies of its
 * calls. `origin` is the product's.
 */
export class AppDevice {
  name = 'My phone'
  platform = 'Phone OS 19'
  readonly #key: KeyObject

  /** @param privateKey PKCS #8, base64; without it the device makes a new key */
  constructor(privateKey?: string) {
    this.#key = privateKey
      ? createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  }

  /** PKCS #8, base64. */
  get privateKey(): string {
    return this.#key.export({ format: 'der', type: 'pkcs8' }).toString('base64')
  }

  get publicKey(): JWK {
    return createPublicKey(this.#key).export({ format: 'jwk' })
  }

  sign(payload: unknown, header: object): Promise<string> {
    const octets = new TextEncoder().encode(JSON.stringify(payload))
    return new CompactSign(octets).setProtectedHeader({ alg: 'ES256', ...header }).sign(this.#key)
  }

  /** Pairs with the code on the owner's page. */
  async pairing(origin: string, code: string): Promise<Record<string, unknown>> {
    const { name, platform, publicKey } = this
    const proof = await this.sign({ aud: `${origin}/api/devices/pair`, code }, { typ: 'device-pairing+jwt' })
    return { code, name, platform, publicKey, proof }
  }

  /** Asks which request waits. `id`: the device's, as pairing gave it. */
  async inquiry(origin: string, id: string, at: Date): Promise<Record<string, unknown>> {
    const payload = { aud: `${origin}/api/devices/request`, at: at.toISOString() }
    return { device: id, proof: await this.sign(payload, { typ: 'approval-inquiry+jwt' }) }
  }

  /** Approves what was shown, with the number that its owner typed. */
  async approval(
    origin: string,
    id: string,
    { request, nonce }: Shown,
    number: string,
  ): Promise<Record<string, unknown>> {
    const payload = { aud: `${origin}/api/devices/approve`, nonce, request: { ...request, number } }
    return { device: id, proof: await this.sign(payload, { typ: 'payment-approval+jwt' }) }
  }

  /** Declines what was shown, or reports it. */
  async refusal(
    origin: string,
    id: string,
    { request, nonce }: Shown,
    answer: 'declined' | 'reported',
  ): Promise<Record<string, unknown>> {
    const payload = { aud: `${origin}/api/devices/refuse`, nonce, request, answer }
    return { device: id, proof: await this.sign(payload, { typ: 'payment-refusal+jwt' }) }
  }
}
