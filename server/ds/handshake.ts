import { X509Certificate } from 'node:crypto'
import { type SecureContext, Server } from 'node:tls'
import { inspect } from 'node:util'
import { log } from '../platform/log.ts'
import type { Presented, Refusal } from './trust.ts'

// Whoever shows a wrong certificate reads in a TLS alert what is wrong with it (RFC 8446 section 6.2; RFC 5246 section 7.2).
// Node.js makes OpenSSL take any certificate and looks at the result when the handshake is over, where it can close the
// connection but not say why. OpenSSL asks a function of the context's owner instead, if it is given one; Node.js shows the
// context, and OpenSSL's functions are in its own program. Decision 17.

/** Tells OpenSSL that handshakes of this context, or of this server where no other context is chosen, end as we say. */
export type Arm = (of: SecureContext | Server) => void

/** What is wrong with a certificate that an authority has signed and that is in date; undefined: nothing. */
export type Opinion = (presented: Presented) => Refusal | undefined

/** OpenSSL's words for it (X509_V_ERR_…, x509_vfy.h), from which it chooses the alert. */
const words: Readonly<Record<Refusal, number>> = {
  untrusted: 20, // unable to get local issuer certificate: alert 48, unknown CA
  'out-of-date': 10, // certificate has expired: alert 45
  revoked: 23, // certificate revoked: alert 44
  'revocation-unknown': 50, // application verification failure: alert 40, handshake failure
}

/** Certificate is not yet valid; certificate has expired. */
const times: readonly number[] = [9, 10]

/**
 * Where the program has no such functions, or nobody to call them, handshakes end as Node.js ends them, and the log says
 * so: nobody is let in by that.
 */
export async function refuseInHandshake(opinion: Opinion): Promise<Arm> {
  const goWithout = (error: unknown) => log.warn('ds.without-alerts', { error })
  try {
    const set = setterOf(await openOpenssl(), opinion)
    return of => {
      try {
        set(of instanceof Server ? contextOf(of) : of)
      } catch (error) {
        goWithout(error)
      }
    }
  } catch (error) {
    goWithout(error)
    return () => {}
  }
}

function setterOf(openssl: Openssl, opinion: Opinion): (context: SecureContext) => void {
  const verify = openssl.verifier((store: bigint): number => {
    try {
      const why = ownRefusal(openssl, store) ?? opinion(presentedIn(openssl, store))
      if (why === undefined) return 1
      log.warn('ds.refused', { why })
      if (openssl.getError(store) === 0) openssl.setError(store, words[why])
    } catch (error) {
      log.error('ds.handshake-failed', { error })
    }
    return 0
  })
  return context => openssl.setVerifier(addressOf(context), verify, null)
}

/** What OpenSSL itself finds wrong; it has its own word for it then. Node.js has it go on, so the last thing is what it tells. */
function ownRefusal(openssl: Openssl, store: bigint): Refusal | undefined {
  if (openssl.verify(store) === 1 && openssl.getError(store) === 0) return undefined
  return times.includes(openssl.getError(store)) ? 'out-of-date' : 'untrusted'
}

/** OpenSSL's functions, of the program that runs. Throws where there are none. */
async function openOpenssl() {
  const { default: koffi } = await import('koffi')
  const program = koffi.load(null)
  const verifier = koffi.pointer(koffi.proto('int (void *store, void *argument)'))
  return {
    verifier: (verify: (store: bigint) => number) => koffi.register(verify, verifier),
    setVerifier: program.func('SSL_CTX_set_cert_verify_callback', 'void', ['void *', verifier, 'void *']),
    verify: program.func('int X509_verify_cert(void *store)'),
    getError: program.func('int X509_STORE_CTX_get_error(void *store)'),
    setError: program.func('void X509_STORE_CTX_set_error(void *store, int error)'),
    leaf: program.func('void *X509_STORE_CTX_get0_cert(void *store)'),
    sent: program.func('void *X509_STORE_CTX_get0_untrusted(void *store)'),
    count: program.func('int OPENSSL_sk_num(void *stack)'),
    at: program.func('void *OPENSSL_sk_value(void *stack, int index)'),
    toDer: program.func('int i2d_X509(void *certificate, _Inout_ void **der)'),
    copy: (memory: bigint, length: number) => Buffer.from(koffi.decode(memory, 'uint8_t', length)),
    free: program.func('void CRYPTO_free(void *memory, void *file, int line)'),
  }
}

type Openssl = Awaited<ReturnType<typeof openOpenssl>>

/** The context that a server has made of its options: Node.js keeps it to itself. */
function contextOf(server: Server): SecureContext {
  const { _sharedCreds: context } = server as Server & { _sharedCreds?: SecureContext }
  if (!context) throw new Error('Node.js does not show the TLS context of its server')
  return context
}

/** Where OpenSSL's context behind Node's is in memory. */
function addressOf({ context }: SecureContext): bigint {
  const [, hex] = /^\[External: ([0-9a-f]+)\]$/.exec(inspect(context._external)) ?? []
  if (hex === undefined) throw new Error('Node.js does not show the address of its TLS context')
  return BigInt(`0x${hex}`)
}

function presentedIn(openssl: Openssl, store: bigint): Presented {
  const sent: bigint | null = openssl.sent(store)
  const count = sent === null ? 0 : openssl.count(sent)
  return {
    certificate: read(openssl, openssl.leaf(store)),
    more: Array.from({ length: count }, (_, index) => read(openssl, openssl.at(sent, index))),
  }
}

function read(openssl: Openssl, certificate: bigint): X509Certificate {
  const out: [bigint | null] = [null]
  const length = openssl.toDer(certificate, out)
  const [der] = out
  if (length <= 0 || der === null) throw new Error('a certificate that OpenSSL cannot write')
  const bytes = openssl.copy(der, length)
  openssl.free(der, null, 0)
  return new X509Certificate(bytes)
}
