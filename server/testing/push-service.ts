import { createDecipheriv, createECDH, type ECDH, hkdfSync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PushSubscription } from '#domain/approval/device.ts'

/** A push service on this machine with one browser behind it, which decrypts its messages (RFC 8291). */
export class PushServiceDouble {
  /** The status of its answers. */
  status = 201
  readonly received: { readonly path: string; readonly headers: IncomingHttpHeaders; readonly text: string }[] = []
  readonly #browser: ECDH = createECDH('prime256v1')
  readonly #auth = randomBytes(16)
  readonly #server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const text = this.#decrypt(Buffer.concat(parts))
    this.received.push({ path: request.url ?? '', headers: request.headers, text })
    response.writeHead(this.status).end()
  })

  async start(): Promise<void> {
    this.#browser.generateKeys()
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  subscription(): PushSubscription {
    const keys = { p256dh: this.#browser.getPublicKey('base64url'), auth: this.#auth.toString('base64url') }
    return { endpoint: `http://${this.host}/push/1`, keys }
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  /** RFC 8291, 3.4 and RFC 8188, 2: one record with aes128gcm. */
  #decrypt(body: Buffer): string {
    const [salt, length] = [body.subarray(0, 16), body.readUInt8(20)]
    const [senderKey, record] = [body.subarray(21, 21 + length), body.subarray(21 + length)]
    const derive = (key: Buffer, from: Buffer, info: Buffer, size: number) =>
      Buffer.from(hkdfSync('sha256', key, from, info, size))
    const about = Buffer.concat([Buffer.from('WebPush: info\0'), this.#browser.getPublicKey(), senderKey])
    const input = derive(this.#browser.computeSecret(senderKey), this.#auth, about, 32)
    const key = derive(input, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
    const nonce = derive(input, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
    const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAuthTag(record.subarray(-16))
    const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
    return padded.subarray(0, padded.lastIndexOf(2)).toString('utf8')
  }
}
