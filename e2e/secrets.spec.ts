import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import postgres from 'postgres'
import { otherThan } from './inbox.ts'
import type { Product } from './product.ts'
import { send } from './raw.ts'
import { addresses, cards, type Message } from './shop.ts'
import { expect, test } from './test.ts'
import { creqOf, encode } from './visitor.ts'
import { openWindow } from './window.ts'

// No card number, code, name, address or telephone number is in a log, a URL or the database.

const planted = {
  acctNumber: '379999999999995',
  cardExpiryDate: '2911',
  cardholderName: 'PLANTED KARDHOLDER',
  email: 'planted.person@hidden-place.example',
  subscriber: '9087651234567',
} as const

/** The values that this test's shop sends, in every field that accepts one. */
const personal: Message = {
  cardExpiryDate: planted.cardExpiryDate,
  cardholderName: planted.cardholderName,
  email: planted.email,
  mobilePhone: { cc: '81', subscriber: planted.subscriber },
  homePhone: { cc: '81', subscriber: planted.subscriber },
  workPhone: { cc: '81', subscriber: planted.subscriber },
}

const contacts = [addresses.hanako, '+81 90-1234-5678', '819012345678', '+819012345678']

/** The forms in which a text may occur: plain, in hex, or in base64 at any of three offsets. */
function formsOf(text: string): string[] {
  const hex = Buffer.from(text).toString('hex')
  const base64 = [0, 1, 2].map(offset => {
    const encoded = Buffer.from(' '.repeat(offset) + text).toString('base64')
    // Its ends depend on the neighbouring bytes.
    return encoded.slice(offset === 0 ? 0 : 4, -4)
  })
  return [text, hex, hex.toUpperCase(), ...base64.filter(part => part.length >= 8)]
}

test('no planted value can be found in the log, in a URL or in the database', async ({
  page,
  product,
  shop,
  inbox,
  visitor,
}) => {
  const urls: string[] = []
  page.on('request', request => urls.push(request.url()))

  // Through the shop: concluded, challenged, refused; and broken, so that errors are logged, too.
  await shop.order({ amount: 1_200, areq: personal })
  await shop.order({ card: planted.acctNumber, areq: personal })
  await shop.order({ areq: { ...personal, mcc: planted.acctNumber, acquirerBIN: planted.email } })
  await shop.order({ areq: { ...personal, email: planted.acctNumber, cardExpiryDate: planted.email } })
  const order = await shop.order({ areq: personal })
  const window = await openWindow(page, order)
  const first = await inbox.codeFor(addresses.hanako)
  await window.enter(otherThan(first))
  await expect(window.summary).toBeVisible()
  await window.enter(planted.acctNumber)
  await expect(window.summary).toBeVisible()
  await inbox.advance(31)
  await window.resend.click()
  const second = await inbox.codeFor(addresses.hanako, 2)
  await window.finish(second)
  await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')

  // Directly to the server for directory servers, whole and broken.
  const { areq } = await shop.order({ amount: 1_200 })
  for (const broken of [{}, { merchantName: 7 }, { extra: planted }, { [planted.acctNumber]: planted.email }]) {
    const ids = { dsTransID: randomUUID(), threeDSServerTransID: randomUUID() }
    const body = JSON.stringify({ ...areq, ...personal, ...ids, acctNumber: planted.acctNumber, ...broken })
    for (const sent of [body, body.slice(0, -9), body.replace('{', `{"acctNumber":"${planted.acctNumber}",`)]) {
      const headers = { 'content-type': 'application/json' }
      const answer = await send(product.addresses.ds, { method: 'POST', path: '/acs/areq', headers, body: sent })
      expect(answer.status).toBe(200)
      expect(answer.body).not.toContain(planted.email)
    }
  }
  // In a CReq and its session data; and in a browser's requests.
  await visitor.postCReq({ creq: encode({ ...creqOf(order), ...planted }), threeDSSessionData: 'session' })
  await send(product.addresses.web, { path: '/ja/nothing' })

  // A code that waits for its mail server is in the outbox at this moment.
  await inbox.fault({ smtp: 'down' })
  await visitor.open(await shop.order({ areq: personal }))

  const secrets = [...Object.values(planted), ...contacts, cards.hanako, first, second]
  const long = secrets.filter(secret => secret.length > 6)
  const short = secrets.filter(secret => secret.length <= 6)
  const places = {
    log: product.log(),
    URLs: urls.join('\n'),
    database: await dump(product),
  }
  expect(places.log).toContain(String(order.ares.acsTransID))
  expect(places.database).toContain(String(order.ares.acsTransID))
  for (const [place, text] of Object.entries(places)) {
    expect(
      long.flatMap(formsOf).filter(form => text.includes(form)),
      place,
    ).toEqual([])
    expect(
      short.filter(secret => standsIn(secret, text)),
      place,
    ).toEqual([])
  }

  // The disk also contains old versions of rows and the write-ahead log.
  await writeAll(product)
  const files = filesOf(join(product.dataDir, 'postgres', 'cluster', 'data'))
  expect(files.length).toBeGreaterThan(500)
  const forms = long.flatMap(formsOf)
  const found = files.filter(file => {
    const bytes = bytesOf(file)
    return forms.some(form => bytes.includes(form))
  })
  expect(found).toEqual([])
  // The same search finds what is meant to be there.
  expect(files.some(file => bytesOf(file).includes(String(order.ares.acsTransID)))).toBe(true)
})

/** Makes the database write to disk what it has in memory. */
async function writeAll(product: Product): Promise<void> {
  const sql = postgres({ ...product.database('postgres'), max: 1, onnotice: () => {} })
  await sql`checkpoint`
  await sql.end()
}

/** The database runs: a temporary file may be gone by now. */
function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

/**
 * A few digits occur within many long numbers, and as a group of a random UUID; on their own, or in hex, they are the
 * secret itself.
 */
function standsIn(secret: string, text: string): boolean {
  const alone = new RegExp(`(?<![0-9A-Za-z.]|[0-9a-f]{4}-)${secret}(?![0-9A-Za-z])`)
  const hex = Buffer.from(secret).toString('hex')
  return alone.test(text) || (secret.length > 4 && text.includes(hex))
}

/** Every row of every table, as text. */
async function dump(product: Product): Promise<string> {
  const sql = postgres({ ...product.database(), max: 1, onnotice: () => {} })
  const tables = await sql<{ name: string; rows: number }[]>`
    select format('%I.%I', table_schema, table_name) as name from information_schema.tables
    where table_schema not in ('pg_catalog', 'information_schema') order by 1`
  const parts: string[] = []
  for (const { name } of tables) {
    parts.push(name)
    for (const row of await sql.unsafe(`select t::text as row from ${name} t`)) parts.push(String(row.row))
  }
  await sql.end()
  expect(tables.length).toBeGreaterThan(5)
  return parts.join('\n')
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
}
