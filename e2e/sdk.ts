import {
  createHash,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  X509Certificate,
} from 'node:crypto'
import { CompactEncrypt, compactDecrypt, compactVerify, decodeProtectedHeader } from 'jose'
import { screenElements231, screenElementsBefore231, uiTypes } from './screen-elements.ts'
import type { Message } from './shop.ts'

export type Encryption = 'A128CBC-HS256' | 'A128GCM'

interface Device {
  readonly encryption?: Encryption
  readonly sdkInterface?: '01' | '02' | '03'
  readonly sdkUiType?: readonly string[]
  /** The device's language setting. */
  readonly locale?: string
}

/** The answer: a decrypted CRes, or an unencrypted Erro. */
export type Answer = Readonly<Record<string, string>> & { readonly challengeSelectInfo?: unknown }

export interface Received {
  readonly type: string
  readonly body: string
}

const referenceNumber = '3DS_LOA_SDK_TEST_020200_00001'

/**
 * An app with its 3DS SDK, written from the specification alone: its own keys, its own key derivation, and verification
 * of the signed content up to the payment system's authority.
 */
export class Sdk {
  readonly sdkTransID = randomUUID()
  readonly encryption: Encryption
  readonly #device: Device
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  #acsURL = ''
  #secret: Buffer = Buffer.alloc(0)
  #ids: Message = {}
  /** The counter of the next CReq; #acsCounter is that of the next CRes. */
  counter = 0
  #acsCounter = 0

  constructor(device: Device = {}) {
    this.#device = device
    this.encryption = device.encryption ?? 'A128CBC-HS256'
  }

  /** The elements that an app adds to an AReq, and those of a browser that it removes (null). */
  get areq(): Message {
    const { kty, crv, x, y } = this.#keys.publicKey.export({ format: 'jwk' })
    const { sdkInterface = '03', sdkUiType = ['01', '02', '03', '04', '05'], locale = 'ja-JP' } = this.#device
    const info = { DV: '1.4', DD: { C001: 'Android', C002: 'TEST||PHONE', C005: locale }, DPNA: {}, SW: [] }
    return {
      ...Object.fromEntries([...browserFields].map(name => [name, null])),
      deviceChannel: '01',
      acceptLanguage: null,
      sdkAppID: randomUUID(),
      sdkTransID: this.sdkTransID,
      sdkReferenceNumber: referenceNumber,
      sdkMaxTimeout: '05',
      sdkEphemPubKey: { kty, crv, x, y },
      deviceRenderOptions: { sdkInterface, sdkUiType },
      deviceInfo: Buffer.from(JSON.stringify(info)).toString('base64url'),
    }
  }

  /** Accepts the ARes: verifies the signed content by its certificate chain, and agrees on the key. */
  async accept(ares: Message, authority: string, reachableAt?: string): Promise<void> {
    const content = String(ares.acsSignedContent)
    const { x5c = [], alg = '' } = decodeProtectedHeader(content)
    const [signer, ...rest] = x5c.map(each => new X509Certificate(Buffer.from(each, 'base64')))
    const root = new X509Certificate(authority)
    if (!signer || !isChain([signer, ...rest], root)) throw new Error('the signed content leads to no authority')
    if (!['PS256', 'ES256'].includes(alg)) throw new Error(`signed with ${alg}`)
    const { payload } = await compactVerify(content, signer.publicKey, { algorithms: [alg] })
    const { acsURL, acsEphemPubKey, sdkEphemPubKey } = JSON.parse(Buffer.from(payload).toString('utf8'))
    const own = this.#keys.publicKey.export({ format: 'jwk' })
    if (sdkEphemPubKey.x !== own.x || sdkEphemPubKey.y !== own.y) throw new Error('signed for another SDK')
    this.#acsURL = reachableAt ? new URL(new URL(acsURL).pathname, reachableAt).href : acsURL
    this.#secret = derive(this.#keys.privateKey, createPublicKey({ key: acsEphemPubKey, format: 'jwk' }))
    const { messageVersion, threeDSServerTransID, acsTransID } = ares
    this.#ids = { messageVersion, threeDSServerTransID, acsTransID, sdkTransID: this.sdkTransID }
  }

  /** Sends a CReq with the cardholder's action, and decrypts the answer. */
  async send(answer: Message = {}): Promise<Answer> {
    return this.decrypt(await this.post(await this.encrypt(this.creq(answer))))
  }

  /** An unencrypted Erro about the last message. */
  erro(): string {
    const what = { errorCode: '203', errorComponent: 'C', errorDescription: 'bad CRes', errorDetail: 'acsUiType' }
    return JSON.stringify({ messageType: 'Erro', ...this.#ids, ...what })
  }

  creq(answer: Message = {}): Message {
    const sdkCounterStoA = String(this.counter).padStart(3, '0')
    const since231 = this.#ids.messageVersion === '2.3.1' && { oobAppURLInd: '01' }
    return { messageType: 'CReq', ...this.#ids, sdkCounterStoA, ...since231, ...answer }
  }

  encrypt(creq: Message, header: object = {}): Promise<string> {
    return this.encryptText(JSON.stringify(creq), header)
  }

  encryptText(text: string, header: object = {}): Promise<string> {
    return new CompactEncrypt(Buffer.from(text))
      .setProtectedHeader({ alg: 'dir', enc: this.encryption, kid: String(this.#ids.acsTransID), ...header })
      .encrypt(this.#key('sdk'))
  }

  /** Overridden in tests without HTTP. */
  post = async (body: string, contentType = 'application/jose; charset=utf-8'): Promise<Received> => {
    const response = await fetch(this.#acsURL, { method: 'POST', headers: { 'content-type': contentType }, body })
    if (response.status !== 200) throw new Error(`answered with ${response.status}`)
    return { type: response.headers.get('content-type') ?? '', body: await response.text() }
  }

  async decrypt({ type, body }: Received): Promise<Answer> {
    if (!type.startsWith('application/jose')) return JSON.parse(body)
    const { plaintext, protectedHeader } = await compactDecrypt(body, this.#key('acs'))
    const cres = JSON.parse(Buffer.from(plaintext).toString('utf8'))
    if (protectedHeader.enc !== this.encryption || protectedHeader.kid !== this.#ids.acsTransID)
      throw new Error('an envelope that is not ours')
    if (Number(cres.acsCounterAtoS) !== this.#acsCounter) throw new Error(`CRes ${cres.acsCounterAtoS} out of turn`)
    refuseScreen(cres)
    this.counter++
    this.#acsCounter++
    return cres
  }

  #key(sender: 'sdk' | 'acs'): Uint8Array {
    if (this.encryption === 'A128CBC-HS256') return this.#secret
    return sender === 'sdk' ? this.#secret.subarray(0, 16) : this.#secret.subarray(16)
  }
}

/**
 * Refuses a screen as an SDK does: a mandatory element of table A.20 is missing (it would answer Erro 201), or there is
 * one that the screen does not have.
 */
function refuseScreen(cres: Record<string, unknown>): void {
  if (cres.challengeCompletionInd === 'Y') {
    if (cres.transStatus === undefined || cres.acsUiType !== undefined) throw new Error('a last CRes with a screen')
    return
  }
  const matrix = cres.messageVersion === '2.3.1' ? screenElements231 : screenElementsBefore231
  const column = uiTypes.indexOf(String(cres.acsUiType))
  const page = cres.acsUiType === '05' || cres.acsUiType === '06'
  if (column < 0 && !page) throw new Error(`a screen of type ${cres.acsUiType}`)
  if (page !== (cres.acsHTML !== undefined)) throw new Error('a page without HTML, or HTML without a page')
  for (const [name, columns] of Object.entries(matrix)) {
    const inclusion = page ? 'N' : columns[column]
    if (inclusion === 'M' && cres[name] === undefined) throw new Error(`Erro 201: ${name} is missing`)
    if (inclusion === 'N' && cres[name] !== undefined) throw new Error(`${name} has no place on this screen`)
  }
}

function isChain(certificates: X509Certificate[], root: X509Certificate): boolean {
  return certificates.every((certificate, index) => {
    const issuer = certificates[index + 1] ?? root
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  })
}

/** EMV 3DS 6.2.3.3: SHA-256 over counter, Z, empty AlgorithmID, empty PartyUInfo, SDK reference number, 256. */
function derive(privateKey: KeyObject, publicKey: KeyObject): Buffer {
  const z = diffieHellman({ privateKey, publicKey }).toString('hex')
  const party = Buffer.from(referenceNumber).toString('hex')
  const length = (party.length / 2).toString(16).padStart(8, '0')
  const input = `00000001${z}0000000000000000${length}${party}00000100`
  return createHash('sha256').update(Buffer.from(input, 'hex')).digest()
}

const browserFields = [
  'threeDSCompInd',
  'browserAcceptHeader',
  'browserUserAgent',
  'browserIP',
  'browserJavascriptEnabled',
  'browserJavaEnabled',
  'browserLanguage',
  'browserColorDepth',
  'browserScreenHeight',
  'browserScreenWidth',
  'browserTZ',
  'notificationURL',
] as const
