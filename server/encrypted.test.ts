import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { TLSSocket } from 'node:tls'
import { SMTPServer } from 'smtp-server'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { until } from '#db/testing/until.ts'
import type { Message } from './messaging/message.ts'
import { type Certificate, CertificateAuthority } from './testing/certificates.ts'
import { type Deployment, startDeployment } from './testing/deployment.ts'

// Settings that require TLS are enforced: tries what docs/operations.md recommends against servers that must not be
// trusted.

let at: Deployment
let authority: CertificateAuthority
const certificates: Record<'right' | 'other' | 'unknown', Certificate | undefined> = {
  right: undefined,
  other: undefined,
  unknown: undefined,
}

beforeAll(async () => {
  at = await startDeployment()
  authority = new CertificateAuthority(at.folder, 'authority')
  certificates.right = authority.sign('right')
  certificates.other = authority.sign('other', { hosts: 'DNS:db.example' })
  certificates.unknown = new CertificateAuthority(at.folder, 'unknown').sign('unknown')
})
afterAll(() => at.stop())

type Shown = keyof typeof certificates

/**
 * A database server that records how it is first addressed: encrypted or plain. It has this certificate, or refuses
 * TLS.
 */
async function databaseServer(shown: Shown | 'no TLS') {
  const heard: string[] = []
  const server = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', first => {
      // An SSLRequest has 8 bytes; anything else is the startup message, with the user's name.
      if (first.length !== 8) return void heard.push('plain')
      if (shown === 'no TLS') {
        socket.write('N')
        socket.once('data', part => void heard.push(part[0] === 0x16 ? 'TLS all the same' : 'plain'))
        return
      }
      socket.write('S')
      const { cert, key } = certificates[shown] ?? {}
      const encrypted = new TLSSocket(socket, { isServer: true, ...(cert && key && { cert, key }) })
      encrypted.on('error', () => {})
      encrypted.once('data', () => {
        heard.push('encrypted')
        encrypted.destroy()
      })
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: (server.address() as AddressInfo).port, heard, stop: () => server.close() }
}

const ask = `
  const { connect, driver } = await import('./db/client.ts')
  connect(process.env.DATABASE_URL, { connections: 1 })
  await driver()\`select 1\`.catch(({ code }) => console.log(code))
  process.exit()`

describe('the database', () => {
  test.each([
    ['verify-full', 'speaks to', 'right', ''],
    ['verify-full', 'says nothing to', 'other', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['verify-full', 'says nothing to', 'unknown', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['verify-ca', 'says nothing to', 'unknown', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['require', 'speaks to', 'unknown', ''],
  ] as const)('sslmode=%s %s a database server whose certificate is the %s one', async (mode, does, shown, code) => {
    const speaks = does === 'speaks to'
    const server = await databaseServer(shown)
    const { PATH = '', HOME = '' } = process.env
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', ask], {
      cwd: new URL('..', import.meta.url),
      env: {
        NODE_ENV: 'test',
        PATH,
        HOME,
        DATABASE_URL: `postgres://safekey:secret@localhost:${server.port}/safekey?sslmode=${mode}`,
        NODE_EXTRA_CA_CERTS: authority.certFile,
      },
    })
    let said = ''
    child.stdout.on('data', part => {
      said += part
    })
    if (speaks) await until(() => server.heard.length > 0)
    else await once(child, 'close')
    child.kill()
    server.stop()
    // The driver may have tried again in the meantime.
    expect([...new Set(server.heard)]).toEqual(speaks ? ['encrypted'] : [])
    if (code) expect(said.trim()).toBe(code)
  })
})

describe('the mail server', () => {
  const message: Message = {
    to: 'hanako@cardholder.example',
    language: 'en',
    content: { kind: 'code', words: 'sign-in', code: '123456', lifetime: 600_000 },
  }
  const starttls = '?requireTLS=true'

  test.each([
    ['smtp', '', 'without STARTTLS', { disabledCommands: ['STARTTLS'] }, { kind: 'handed-over' }],
    ['smtp', starttls, 'without STARTTLS', { disabledCommands: ['STARTTLS'] }, { kind: 'later', why: /^ETLS/ }],
    ['smtp', starttls, 'with a certificate of an unknown authority', {}, { kind: 'later', why: /^ESOCKET|^ETLS/ }],
    [
      'smtps',
      '',
      'with a certificate of an unknown authority',
      { secure: true },
      { kind: 'later', why: /^ESOCKET|^ETLS/ },
    ],
  ])(
    'over %s%s, a server %s gets a message only if the settings permit it',
    async (protocol, query, _, options, expected) => {
      const heard: string[] = []
      const { cert = '', key = '' } = certificates.unknown ?? {}
      const server = new SMTPServer({
        authOptional: true,
        ...options,
        cert,
        key,
        onMailFrom: ({ address }, _session, done) => {
          heard.push(address)
          done()
        },
      })
      server.on('error', () => {})
      server.listen(0, '127.0.0.1')
      await once(server.server, 'listening')
      const { port } = server.server.address() as AddressInfo
      at.configure({ SMTP_URL: `${protocol}://localhost:${port}${query}` })
      // The transport is created once per process.
      vi.resetModules()
      const { sendEmail } = await import('./messaging/gateways/smtp.ts')
      const sent = await sendEmail(message, crypto.randomUUID())
      server.close()
      expect(sent.kind).toBe(expected.kind)
      if ('why' in expected) expect(sent).toMatchObject({ why: expect.stringMatching(expected.why) })
      expect(heard).toHaveLength(sent.kind === 'handed-over' ? 1 : 0)
    },
  )
})
