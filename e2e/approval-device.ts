import { CompactSign, type CryptoKey, exportJWK, generateKeyPair, type JWK } from 'jose'

/** The parts of the issuer's app on a cardholder's device that are needed here: its own key, and pairing. */
export class ApprovalDeviceDouble {
  name = 'My phone'
  platform = 'Phone OS 19'
  readonly #keys = generateKeyPair('ES256', { extractable: true })

  async publicKey(): Promise<JWK> {
    return exportJWK((await this.#keys).publicKey)
  }

  /** Signs with the device's own key. */
  async sign(payload: unknown, header: object = { typ: 'device-pairing+jwt' }): Promise<string> {
    const octets = new TextEncoder().encode(JSON.stringify(payload))
    const { privateKey }: { privateKey: CryptoKey } = await this.#keys
    return new CompactSign(octets).setProtectedHeader({ alg: 'ES256', ...header }).sign(privateKey)
  }

  /** The body of a request to pair at `origin` with the code on the owner's page. */
  async request(origin: string, code: string): Promise<Record<string, unknown>> {
    const { name, platform } = this
    const proof = await this.sign({ aud: `${origin}/api/devices/pair`, code })
    return { code, name, platform, publicKey: await this.publicKey(), proof }
  }
}
