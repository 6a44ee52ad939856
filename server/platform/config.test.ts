import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { buildEnvironment, loadEnvFile, readConfig, variableNames } from './config.ts'
import { keyVariable, purposes } from './key-ring.ts'
import { ConfigError } from './variable.ts'

const folder = mkdtempSync(join(tmpdir(), 'safekey-config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const root = new URL('../../', import.meta.url)
const key = (id = 1) => `${id}:${randomBytes(32).toString('base64')}`
const file = (name: string, content: string) => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const pem = file('some.pem', '-----BEGIN CERTIFICATE-----\n')
const good: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://safekey@localhost/safekey',
  PUBLIC_URL: 'https://acs.issuer.example',
  ISSUER_FILE: new URL('issuer.example.json', root).pathname,
  SMTP_URL: 'smtps://user:password@smtp.issuer.example',
  DS_TLS_CERT_FILE: pem,
  DS_TLS_KEY_FILE: pem,
  DS_TLS_CLIENT_CA_FILE: pem,
  ...Object.fromEntries(purposes.map(purpose => [keyVariable(purpose), key()])),
}

/** What the operator reads if the environment is changed like this; undefined if nothing is wrong. */
function complaint(changes: Readonly<Record<string, string | undefined>>, demo = false): string | undefined {
  try {
    readConfig({ ...good, ...changes }, demo)
    return undefined
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

test('accepts a complete environment, with the defaults in the documentation', () => {
  expect(readConfig(good, false)).toMatchObject({
    port: 3000,
    dsPort: 3080,
    publicOrigin: 'https://acs.issuer.example',
    passkeyDomain: 'acs.issuer.example',
    hosts: new Set(['acs.issuer.example']),
    databaseURL: 'postgres://safekey@localhost/safekey',
    maxConnections: 5000,
    areqLimit: 262_144,
    areqTime: 2500,
    logLevel: 'info',
  })
})

test('makes passkeys for the host name of PUBLIC_URL, or for a parent domain of it', () => {
  for (const domain of ['acs.issuer.example', 'issuer.example'])
    expect(readConfig({ ...good, PASSKEY_DOMAIN: domain }, false).passkeyDomain).toBe(domain)
  for (const domain of ['example', '.issuer.example', 'suer.example', 'issuer.example.'])
    expect(complaint({ PASSKEY_DOMAIN: domain })).toMatch(/^PASSKEY_DOMAIN must be /)
})

describe('a wrong variable stops the start with one line: its name, what it must be, an example, never the value', () => {
  const secret = 'hunter2'
  const wrong: readonly (readonly [string, string])[] = [
    ['HOST', ' '],
    ...['0', '65536', '80a', '-1', '3000.5', secret].flatMap(value => [
      ['PORT', value] as const,
      ['DS_PORT', value] as const,
    ]),
    ['PUBLIC_URL', secret],
    ['PUBLIC_URL', `https://acs.example/${secret}`],
    ['PUBLIC_URL', `https://${secret}@acs.example`],
    ['PUBLIC_URL', `ftp://${secret}.example`],
    ['PUBLIC_URL', `http://${secret}.example`],
    ['EXTRA_HOSTS', `https://${secret}/`],
    ...[secret, `${secret}.example`, `${secret}.acs.issuer.example`].map(domain => ['PASSKEY_DOMAIN', domain] as const),
    ['DATABASE_URL', `mysql://${secret}`],
    ['MAX_CONNECTIONS', '9'],
    ['ISSUER_FILE', join(folder, 'none.json')],
    ['ISSUER_FILE', file('broken.json', `{"${secret}`)],
    ['SMTP_URL', `${secret}@smtp.example`],
    ['SMTP_URL', 'https://smtp.example'],
    ['DS_TLS_CERT_FILE', join(folder, 'none.pem')],
    ['DS_TLS_KEY_FILE', file('no.pem', secret)],
    ['DS_TLS_CLIENT_CA_FILE', folder],
    ['AREQ_LIMIT', '1'],
    ['AREQ_TIME', '0'],
    ['RETENTION_DAYS', '1'],
    ['LOG_LEVEL', secret],
    ...purposes.flatMap(purpose => {
      const name = keyVariable(purpose)
      const short = `1:${randomBytes(16).toString('base64')}`
      const values = [secret, short, `x${key()}`, `${key()},${secret}`, `${key()},${key()}`, `${key()},`]
      return values.map(value => [name, value] as const)
    }),
  ]
  test.each(wrong)('%s=%s', (name, value) => {
    const said = complaint({ [name]: value }) ?? ''
    expect(said).toMatch(new RegExp(`^${name} must be .+, for example ${name}=\\S`))
    expect(said.split('\n')).toHaveLength(1)
    for (const part of [secret, value]) if (part.length > 5) expect(said).not.toContain(part)
  })

  const needed = Object.keys(good)
  test.each(needed)('%s, when it is missing or empty', name => {
    const expected = expect.stringMatching(new RegExp(`^${name} must be .+, for example ${name}=`))
    expect([complaint({ [name]: undefined }), complaint({ [name]: '' })]).toEqual([expected, expected])
  })
})

describe('the issuer’s file', () => {
  const model = JSON.parse(readFileSync(good.ISSUER_FILE ?? '', 'utf8'))
  const wrong = [
    ['brand.service', { ...model, brand: { ...model.brand, service: '' } }],
    ['brand.sender.address', { ...model, brand: { ...model.brand, sender: { name: 'x', address: 'x' } } }],
    ['ranges', { ...model, ranges: [] }],
    [
      'directoryServers.0.hosts.0',
      { ...model, directoryServers: [{ ...model.directoryServers[0], hosts: ['https://x'] }] },
    ],
    [
      'directoryServers payment-system names the range other',
      { ...model, directoryServers: [{ ...model.directoryServers[0], ranges: ['other'] }] },
    ],
    [
      'ranges main must have from not above to',
      { ...model, ranges: [{ id: 'main', from: '38', to: '37', length: 15 }] },
    ],
  ] as const
  test.each(wrong)('that is wrong at %s stops the start with one line that names the place', (where, content) => {
    const said = complaint({ ISSUER_FILE: file('issuer.json', JSON.stringify(content)) }) ?? ''
    expect(said).toMatch(/^ISSUER_FILE \S+: /)
    expect(said).toContain(where)
    expect(said.split('\n')).toHaveLength(1)
  })
})

test('refuses the same port for both roles before anything starts', () => {
  expect(complaint({ PORT: '3080' })).toBe('DS_PORT must be another port than PORT, for example DS_PORT=3160')
})

test('permits plain http and a start without client certificates only in the demo', () => {
  const http = { PUBLIC_URL: 'http://localhost:3000' }
  expect([complaint(http, true), complaint(http, false)]).toEqual([undefined, expect.stringMatching(/^PUBLIC_URL /)])
  const noTLS = { DS_TLS_CERT_FILE: '', DS_TLS_KEY_FILE: '', DS_TLS_CLIENT_CA_FILE: '' }
  expect([complaint(noTLS, true), complaint(noTLS, false)]).toEqual([
    undefined,
    expect.stringMatching(/^DS_TLS_CERT_FILE /),
  ])
})

describe('a connection to another machine without TLS', () => {
  const plain = [
    ['DATABASE_URL', 'postgres://safekey:secret@db.internal/safekey'],
    ['DATABASE_URL', 'postgres://db.internal'],
    ['DATABASE_URL', 'postgresql://safekey@10.0.0.7:5432/safekey?application_name=safekey'],
    ...['disable', 'allow', 'prefer', 'false', 'verify', ''].map(
      mode => ['DATABASE_URL', `postgres://db.internal/safekey?sslmode=${mode}`] as const,
    ),
    ['DATABASE_URL', 'postgres://db.internal/safekey?sslmode=verify-full&sslmode=disable'],
    ['DATABASE_URL', 'postgres://db.internal/safekey#?sslmode=verify-full'],
    ['DATABASE_URL', 'postgres://localhost:5432,db.internal:5432/safekey'],
    ['DATABASE_URL', 'postgres://localhost:secret@db.internal/safekey'],
    ['DATABASE_URL', 'postgres:///safekey'],
    ['DATABASE_URL', 'postgres://localhost.example/safekey'],
    ['DATABASE_URL', 'postgres://127.0.0.1.example/safekey'],
    ['SMTP_URL', 'smtp://smtp.issuer.example'],
    ['SMTP_URL', 'smtp://user:secret@smtp.issuer.example:587'],
    ['SMTP_URL', 'smtp://smtp.issuer.example?requireTLS=false'],
    ['SMTP_URL', 'smtp://smtp.issuer.example?requireTLS=true&tls.rejectUnauthorized=false'],
    ['SMTP_URL', 'smtp://smtp.issuer.example?requireTLS=true&ignoreTLS=true'],
    ['SMTP_URL', 'smtps://smtp.issuer.example?tls.rejectUnauthorized=false'],
  ] as const
  test.each(plain)('stops the start in production, unless it is permitted: %s=%s', (name, value) => {
    const said = complaint({ [name]: value }) ?? ''
    expect(said).toMatch(
      new RegExp(`^${name} must .+ ALLOW_PLAINTEXT names (?:database|smtp), for example ${name}=\\S`),
    )
    const [own, other] = name === 'SMTP_URL' ? ['smtp', 'database'] : ['database', 'smtp']
    expect(complaint({ [name]: value, ALLOW_PLAINTEXT: other })).toBe(said)
    expect(complaint({ [name]: value, ALLOW_PLAINTEXT: own })).toBeUndefined()
    expect(complaint({ [name]: value }, true)).toBeUndefined()
  })

  test.each([
    ['DATABASE_URL', 'postgres://safekey:secret@db.internal/safekey?sslmode=verify-full'],
    ['DATABASE_URL', 'postgres://safekey:secret@db.internal/safekey?sslmode=require'],
    ['DATABASE_URL', 'postgres://db.internal:5432,db2.internal:5432/safekey?sslmode=verify-full'],
    ['DATABASE_URL', 'postgres://safekey:secret@localhost/safekey'],
    ['DATABASE_URL', 'postgres://safekey:secret@127.0.0.1:5433/safekey'],
    ['DATABASE_URL', 'postgres://safekey:secret@[::1]:5433/safekey'],
    ['DATABASE_URL', 'postgres://safekey:secret@%2Fvar%2Frun%2Fpostgresql/safekey'],
    ['SMTP_URL', 'smtps://user:password@smtp.issuer.example'],
    ['SMTP_URL', 'smtp://user:password@smtp.issuer.example:587?requireTLS=true'],
    ['SMTP_URL', 'smtp://localhost:25'],
    ['SMTP_URL', 'smtp://[::1]:25'],
  ])('does not include a connection within this machine or with TLS: %s=%s', (name, value) => {
    expect(complaint({ [name]: value })).toBeUndefined()
  })

  test('is permitted by its name, and by no other', () => {
    expect(complaint({ ALLOW_PLAINTEXT: 'database, smtp' })).toBeUndefined()
    expect(complaint({ ALLOW_PLAINTEXT: 'all' })).toMatch(/^ALLOW_PLAINTEXT must name .+, for example ALLOW_PLAINTEXT=/)
  })
})

test('reads a key from a file, and then only from there', () => {
  const keys = { KEY_CODE: '', KEY_CODE_FILE: file('code-key', `${key(7)}\n`) }
  expect(readConfig({ ...good, ...keys }, false).keys.code.map(({ id }) => id)).toEqual([7])
  expect(complaint({ KEY_CODE_FILE: join(folder, 'none') })).toMatch(/^KEY_CODE must be /)
})

test('refuses one key for two purposes, or for two versions, without printing it', () => {
  const said = [
    complaint({ KEY_CODE: good.KEY_WINDOW }),
    complaint({ KEY_CODE: `2:${good.KEY_CODE?.slice(2)},${good.KEY_CODE}` }),
  ]
  for (const line of said) expect(line).toMatch(/^KEY_… must be different keys/)
  expect(said.join('')).not.toContain(good.KEY_WINDOW?.slice(2))
})

test('refuses one secret for two services, without printing it', () => {
  const secret = randomBytes(32).toString('hex')
  const line = complaint({ SMS_HTTP_SECRET: secret, ALERT_SECRET: secret })
  expect(line).toBe('ALERT_SECRET must be another secret than SMS_HTTP_SECRET')
  expect(complaint({ SMS_HTTP_SECRET: secret, ALERT_SECRET: randomBytes(32).toString('hex') })).toBeUndefined()
})

test('.env.example lists exactly the existing variables', () => {
  const example = readFileSync(new URL('.env.example', root), 'utf8')
  const listed = [...example.matchAll(/^#? ?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name)
  expect(listed.sort()).toEqual(variableNames().sort())
})

test('.env.example works once its gaps are filled in', () => {
  const example = readFileSync(new URL('.env.example', root), 'utf8')
  const lines = [...example.matchAll(/^([A-Z][A-Z0-9_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value])
  const files = Object.fromEntries(Object.entries(good).filter(([name]) => /_FILE$|^KEY_/.test(name)))
  expect(complaint({ ...Object.fromEntries(lines), ...files })).toBeUndefined()
})

test('refuses a build without its fixed key, by name', () => {
  const name = 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY'
  const before = process.env[name]
  process.env[name] = 'short'
  expect(buildEnvironment).toThrow(new RegExp(`^${name} must be `))
  process.env[name] = randomBytes(32).toString('base64')
  expect(buildEnvironment()).toMatchObject({ [name]: process.env[name] })
  if (before === undefined) delete process.env[name]
  else process.env[name] = before
})

describe('an identity provider', () => {
  const provider = {
    OIDC_ISSUER: 'https://login.issuer.example',
    OIDC_CLIENT_ID: 'safekey',
    OIDC_CLIENT_SECRET: 'a-secret-of-this-test',
    OIDC_CARDHOLDER_CLAIM: 'cardholder_id',
  }

  test('needs no settings if there is none, and all of them if there is one', () => {
    expect(readConfig(good, false).identityProvider).toBeUndefined()
    expect(readConfig({ ...good, ...provider }, false).identityProvider).toMatchObject({
      issuer: 'https://login.issuer.example',
      credential: { kind: 'secret' },
      signingAlgorithm: 'RS256',
      strongAcr: [],
    })
  })

  test.each([
    ['OIDC_ISSUER', { OIDC_ISSUER: 'http://login.issuer.example' }],
    ['OIDC_ISSUER', { OIDC_ISSUER: 'https://login.issuer.example?tenant=1' }],
    ['OIDC_CLIENT_ID', { OIDC_CLIENT_ID: '' }],
    ['OIDC_CLIENT_SECRET or OIDC_CLIENT_KEY_FILE', { OIDC_CLIENT_SECRET: '' }],
    ['OIDC_CLIENT_SECRET', { OIDC_CLIENT_SECRET: 'hunter2' }],
    ['OIDC_CLIENT_KEY_FILE', { OIDC_CLIENT_SECRET: '', OIDC_CLIENT_KEY_FILE: pem }],
    ['OIDC_CARDHOLDER_CLAIM', { OIDC_CARDHOLDER_CLAIM: 'email' }],
    ['OIDC_SIGNING_ALGORITHM', { OIDC_SIGNING_ALGORITHM: 'none' }],
  ])('that is configured wrongly stops the start: %s', (name, changes) => {
    const said = complaint({ ...provider, ...changes })
    expect(said).toContain(name)
    expect(said).not.toContain('hunter2')
  })
})

test('reads the file .env beside the product in production only, not in the demo or the tests', () => {
  const before = process.cwd()
  const modeIs = (mode: object | undefined) => Object.assign(globalThis, { [Symbol.for('safekey.mode')]: mode })
  file('.env', 'SAFEKEY_TEST_SETTING=read\n')
  try {
    process.chdir(folder)
    modeIs({ name: 'demo' })
    loadEnvFile()
    expect(process.env.SAFEKEY_TEST_SETTING).toBeUndefined()
    modeIs(undefined)
    loadEnvFile()
    expect(process.env.SAFEKEY_TEST_SETTING).toBe('read')
  } finally {
    process.chdir(before)
    modeIs(undefined)
    delete process.env.SAFEKEY_TEST_SETTING
  }
})
