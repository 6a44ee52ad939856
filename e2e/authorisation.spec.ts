import type { Browser } from '@playwright/test'
import { AppDevice } from '../demo/phone/app-device.ts'
import { Account, addAuthenticator } from './account.ts'
import { type Cardholder, newCardholder } from './cardholder.ts'
import { enrol } from './enrol.ts'
import type { Inbox } from './inbox.ts'
import type { Product } from './product.ts'
import type { RawAnswer } from './raw.ts'
import { type Action, actionsOfAccount, call, filesOf, formFields, type Named, pathOf, postAction } from './routes.ts'
import { type Belongings, Rows } from './rows.ts'
import type { Shop } from './shop.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow } from './window.ts'

// Every page, route and action of the account in the build, tried by a visitor who is not signed in and by another
// cardholder, with ids of everything that its owner has. New ones are tried automatically.

/** Pages that a visitor who is not signed in may see; `approve` shows requests to a device with its cookie alone. */
const openPages = ['approve', 'cookies-needed/[[...to]]', 'enrol', 'report', 'report/[token]', 'sign-in/[[...to]]']

const secrets = {
  passkey: 'Key of the owner alone',
  shop: 'Shop of the owner',
  trusted: 'Trusted by the owner',
  mobile: '+818091234567',
}

// The owner's rows are restored between the posts, so that one payment is answered more than once: its directory server
// does not accept a second result.
test.use({ tolerated: /"errorCode":"305".*"msg":"erro\.received"/ })

test('no visitor and no other cardholder can reach a cardholder’s data, by any page, route or action', async ({
  browser,
  product,
  inbox,
  shop,
}) => {
  // Hundreds of requests.
  test.slow()
  const rows = new Rows(product)
  const owner = await newCardholder(product, 'en')
  const stranger = await newCardholder(product, 'en')
  const cookies = {
    owner: await prepare(browser, product, inbox, shop, owner),
    stranger: await signIn(browser, product, inbox, stranger),
  }
  const has = await rows.of(owner.ref)
  const strangerHas = await rows.of(stranger.ref)
  // Some addresses contain a time in place of an id.
  const ids = [...idsIn(has), { id: String(Date.now()), kind: 'none' }]
  expect([...has.keys()]).toEqual(expect.arrayContaining(tablesWithIds))
  const actions = actionsOfAccount()
  expect(actions.length).toBeGreaterThan(25)
  const hidden = [
    secrets.passkey,
    secrets.shop,
    secrets.trusted,
    secrets.mobile,
    owner.email,
    owner.mobile,
    ...ids.map(({ id }) => id),
  ]

  await test.step('pages', async () => {
    const open = new Set<string>()
    const visit = async (page: string, path: string) => {
      const signedOut = await call(product, path, '')
      if (signedOut.status === 200) open.add(page)
      else if (signedOut.status !== 404)
        expect(signedOut.headers.location, path).toMatch(/\/en\/account(?:\/sign-in(?:\/.*)?)?$/)
      const asStranger = await call(product, path, cookies.stranger)
      for (const answer of [signedOut, asStranger]) tellsNothing(answer, path, hidden)
    }
    for (const page of filesOf('app/[locale]/account', 'page.tsx'))
      await Promise.all(pathsOf(page, ids).map(path => visit(page, path)))
    expect([...open].sort()).toEqual(openPages)
  })

  await test.step('routes', async () => {
    const visit = async (path: string) => {
      for (const method of ['GET', 'POST', 'DELETE'])
        for (const cookie of ['', cookies.stranger])
          tellsNothing(await call(product, path, cookie, { method }), `${method} ${path}`, hidden)
    }
    for (const file of [
      ...filesOf('app/[locale]/account', 'route.ts', 'account'),
      ...filesOf('app/api', 'route.ts', 'api'),
    ])
      await Promise.all(pathsOf(file, ids).map(visit))
    await isAsItWas(rows, owner, has, 'routes')
  })

  await test.step('actions', async () => {
    for (const action of actions) {
      for (const [cookie, named] of [['', ids.slice(0, 1)] as const, [cookies.stranger, ids] as const]) {
        const answers = await Promise.all(named.map(each => post(product, action, cookie, each)))
        for (const answer of answers) tellsNothing(answer, action.name, hidden)
      }
      await isAsItWas(rows, owner, has, action.name)
      // Some end the session in which they are used.
      await rows.putBack(stranger.ref, strangerHas)
    }
  })

  await test.step('the same posts by the owner do something to what has the id', async () => {
    const effective = new Set<string>()
    for (const action of actions) {
      await post(product, action, cookies.owner, { id: crypto.randomUUID(), kind: 'none' })
      const without = fate(await rows.of(owner.ref), ids)
      await rows.putBack(owner.ref, has)
      await Promise.all(ids.map(each => post(product, action, cookies.owner, each)))
      if (fate(await rows.of(owner.ref), ids) !== without) effective.add(action.name)
      await rows.putBack(owner.ref, has)
    }
    expect([...effective].sort()).toEqual(actionsThatTakeIds)
  })
  for (const person of [owner, stranger]) await rows.remove(person.ref)
  await rows.close()
})

/** Tables whose ids a form may contain: the owner has at least one row of each. */
const tablesWithIds = [
  'approval_devices',
  'cards',
  'challenges',
  'contact_changes',
  'contacts',
  'passkeys',
  'sessions',
  'trusted_merchants',
]

/** Actions whose effect depends on an id in the form. */
const actionsThatTakeIds = [
  'activity/report/[kind]/[id]/actions.ts report',
  'devices/actions.ts remove',
  'devices/actions.ts rename',
  'merchants/actions.ts distrust',
  'passkeys/actions.ts remove',
  'passkeys/actions.ts rename',
  'payments/actions.ts answer',
  'sessions/actions.ts endOne',
]

/** Gives a cardholder a row of everything. */
async function prepare(browser: Browser, product: Product, inbox: Inbox, shop: Shop, person: Cardholder) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await enrol(page, product, inbox, person)
  // Two shops with an authenticated payment, one of them trusted: before there is a device, which windows would begin with.
  for (const merchantName of [secrets.trusted, secrets.shop]) {
    const proven = await shop.order({
      card: person.card,
      locale: 'en',
      merchantName,
      areq: { acquirerMerchantID: merchantName },
    })
    await page.goto(proven.checkoutURL)
    await inbox.mailFrom(merchantName, person.email)
    await new ChallengeWindow(page, 'en').finish(await inbox.newestCode(person.email))
    await page.waitForURL(/orders/)
  }
  await addAuthenticator(page)
  const account = new Account(page, product, inbox, 'en')
  await account.open('/passkeys')
  await page.getByRole('button', { name: account.say.addPasskey }).click()
  await page.getByText(account.say.changePasskey).click()
  await page.locator('input[name=name]').first().fill(secrets.passkey)
  await page.locator('form:has(input[name=name]) button').first().click()
  await account.open('/devices')
  await page.getByRole('button', { name: 'Show a code', exact: true }).click()
  const code = /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(
    (await page.getByText(/[0-9A-Z]{5}-[0-9A-Z]{5}/).textContent()) ?? '',
  )?.[0]
  const app = new AppDevice()
  const request = Buffer.from(JSON.stringify(await app.pairing(product.addresses.acs, code ?? '')))
  const headers = { 'content-type': 'application/json' }
  expect((await call(product, '/api/devices/pair', '', { method: 'POST', headers, body: request })).status).toBe(201)
  await account.open('/merchants')
  await page.getByRole('listitem').filter({ hasText: secrets.trusted }).getByRole('button').click()
  await account.open('/contact/mobile')
  await account.fill('mobile', secrets.mobile)
  await account.field('code').waitFor()
  await account.fill('code', await inbox.codeByText(secrets.mobile))
  await expect(page).toHaveURL(/\/contact$/)
  const order = await shop.order({ card: person.card, cardholder: 'away', locale: 'en', merchantName: secrets.shop })
  expect(order.status).toBe('decoupled')
  const kept = await context.cookies()
  await context.close()
  return kept.map(({ name, value }) => `${name}=${value}`).join('; ')
}

async function signIn(browser: Browser, product: Product, inbox: Inbox, person: Cardholder) {
  const context = await browser.newContext()
  await enrol(await context.newPage(), product, inbox, person)
  const kept = await context.cookies()
  await context.close()
  return kept.map(({ name, value }) => `${name}=${value}`).join('; ')
}

function tellsNothing(answer: RawAnswer, what: string, hidden: readonly string[]): void {
  expect(answer.status, what).toBeLessThan(500)
  // An answer may repeat what the caller sent in the address.
  const told = answer.status === 307 ? '' : `${answer.headers.location ?? ''} ${answer.body}`
  expect(
    hidden.filter(text => told.includes(text) && !what.includes(text)),
    what,
  ).toEqual([])
}

async function isAsItWas(rows: Rows, { ref }: Cardholder, before: Belongings, what: string): Promise<void> {
  expect(essence(await rows.of(ref)), what).toBe(essence(before))
}

/** A cardholder's rows without what does not matter: when a session was last used, and the state of messages. */
function essence(belongings: Belongings): string {
  const lines = [...belongings].flatMap(([table, rows]) =>
    rows.map(row =>
      table === 'outbox'
        ? `${table} ${row.id}`
        : `${table} ${JSON.stringify(row, (key, value) => (key === 'last_seen_at' ? undefined : value))}`,
    ),
  )
  return lines.sort().join('\n')
}

/** The current state of the rows with these ids, without times. */
function fate(belongings: Belongings, ids: readonly Named[]): string {
  const times = /"\d{4}-\d\d-\d\dT[^"]*"/g
  const named = [...belongings].map(
    ([table, rows]) => [table, rows.filter(row => ids.some(({ id }) => id === idOf(row)))] as const,
  )
  return essence(new Map(named)).replace(times, 'some time')
}

const kinds: Readonly<Record<string, string>> = {
  sessions: 'sign-in',
  contact_changes: 'change',
  challenges: 'payment',
}

/** An id of each table, and those of all payments, which differ in what can be done with them. */
function idsIn(belongings: Belongings): Named[] {
  return [...belongings].flatMap(([table, rows]) => {
    const named = rows.map(row => ({ id: idOf(row), kind: kinds[table] ?? 'none' })).filter(({ id }) => id !== '')
    if (table === 'outbox') return []
    return table === 'challenges' ? named : named.slice(0, 1)
  })
}

function idOf(row: Readonly<Record<string, unknown>>): string {
  return String(row.acs_trans_id ?? row.id ?? '')
}

function pathsOf(route: string, ids: readonly Named[]): string[] {
  return [...new Set(ids.map(each => pathOf(route, each)))]
}

/** Every field of any form of the account; each id field has `id`. */
async function fieldsWith({ id, kind }: Named): Promise<Record<string, string>> {
  const said = {
    entry: kind,
    resolution: 'dealt-with',
    language: 'en',
    locale: 'en',
    answer: 'approved',
    name: 'taken over',
    code: '123456',
    kind: 'mobile',
    proof: 'sms',
  }
  const fields: Record<string, string> = { ...said, email: 'stranger@mail.example', mobile: '080-9999-0000' }
  for (const field of await formFields()) fields[field] ??= field.endsWith('Id') ? id : 'yes'
  return fields
}

async function post(product: Product, action: Action, cookie: string, named: Named): Promise<RawAnswer> {
  return postAction(product, action, cookie, await fieldsWith(named))
}
