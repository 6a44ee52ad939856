import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Product, projectFolder } from './product.ts'
import { expect, test } from './test.ts'

// The demo's interfaces and its database are only for the demo. Every other setting: server/platform/config.test.ts.

// Tests are beside what they test, and do not run in production.
const shipped = ['.next', 'app', 'db', 'domain', 'messages', 'public', 'server', 'middleware.ts', 'next.config.mjs']
const demoOnly = /X-Demo-Secret|\/api\/(?:clock|faults)/i
const demoImport = /(?:from|import|require)\s*\(?\s*["'](?:#|(?:\.{1,2}\/)+)?(?:demo|embedded)\//

test('nothing that production runs contains an interface of the demo', () => {
  const files = shipped.flatMap(filesOf)
  expect(files.length).toBeGreaterThan(200)
  const open = files.filter(file => {
    const text = readFileSync(file, 'latin1')
    return demoOnly.test(text) || demoImport.test(text)
  })
  expect(open.map(file => relative(projectFolder, file))).toEqual([])
  // The same search finds the interfaces in the demo itself.
  expect(filesOf('demo').some(file => demoOnly.test(readFileSync(file, 'latin1')))).toBe(true)
})

test('production does not run on the demo’s database', async ({ product }) => {
  const { status, lines } = start(product, {})
  expect(lines).toEqual([expect.stringContaining('must be a database of production, but this one belongs to demo')])
  expect(status).toBe(1)
})

test('production does not run without a database', async ({ product }) => {
  const { status, lines } = start(product, { DATABASE_URL: '' })
  expect(lines).toEqual([
    expect.stringMatching(
      /^DATABASE_URL must be the address of a PostgreSQL database \(docs\/operations.md\), for example/,
    ),
  ])
  expect(status).toBe(1)
})

test('a PORT in use is named in one line', async ({ product }) => {
  const { host, port } = new URL(product.addresses.web)
  expect(product.startWebAgain()).toMatchObject({
    status: 1,
    stdout: expect.not.stringContaining('web.error'),
    stderr: `PORT must be a free port, but ${host} is taken, for example PORT=${Number(port) + 100}\n`,
  })
})

test('production does not run without mutual TLS, and no variable switches the demo on', async ({ product }) => {
  const switches = { NODE_ENV: 'development', STAGE: 'demo', DEMO: '1', SAFEKEY_STAGE: 'demo' }
  const { status, lines } = start(product, { DS_TLS_CERT_FILE: '', ...switches })
  expect(lines).toEqual([expect.stringMatching(/^DS_TLS_CERT_FILE must be a PEM file/)])
  expect(status).toBe(1)
})

/** Starts the product as an operator would, with the demo's keys and data. */
function start(
  { dataDir, databaseURL }: Product,
  given: Record<string, string>,
): { status: number | null; lines: string[] } {
  const pem = join(dataDir, 'production.pem')
  const certificate = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=acs']
  if (!existsSync(pem))
    execFileSync('openssl', [...certificate, '-keyout', pem, '-out', `${pem}.crt`], { stdio: 'pipe' })
  // The demo's app is pushed to without TLS, which production refuses first.
  const { approvalApp: _, ...issuer } = JSON.parse(readFileSync(join(dataDir, 'demo-issuer.json'), 'utf8'))
  const issuerFile = join(dataDir, 'production-issuer.json')
  writeFileSync(issuerFile, JSON.stringify(issuer))
  // Variables that are set, even to empty, are not read from an .env beside the product.
  const example = readFileSync(join(projectFolder, '.env.example'), 'utf8')
  const unset = Object.fromEntries([...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => [name, '']))
  const env = {
    ...unset,
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '/',
    NODE_ENV: 'production',
    PORT: '4190',
    DS_PORT: '4191',
    PUBLIC_URL: 'https://acs.issuer.example',
    DATABASE_URL: databaseURL,
    ISSUER_FILE: issuerFile,
    SMTP_URL: 'smtp://localhost:25',
    DS_TLS_CERT_FILE: `${pem}.crt`,
    DS_TLS_KEY_FILE: pem,
    DS_TLS_CLIENT_CA_FILE: `${pem}.crt`,
    ...JSON.parse(readFileSync(join(dataDir, 'demo-keys.json'), 'utf8')),
    ...given,
  }
  const args = ['--import', 'tsx', 'server/main.ts']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: projectFolder,
    env,
    encoding: 'utf8',
    timeout: 30_000,
  })
  return { status, lines: `${stdout}${stderr}`.trim().split('\n') }
}

function filesOf(name: string): string[] {
  const place = join(projectFolder, name)
  if (name.includes('.') && name !== '.next') return [place]
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.endsWith('.test.ts') && !entry.parentPath.endsWith('/testing'))
    .filter(entry => !entry.parentPath.startsWith(join(place, 'cache')))
    .map(entry => join(entry.parentPath, entry.name))
}
