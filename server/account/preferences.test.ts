import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { accountPolicy } from '#domain/account/policy.ts'
import { showWindow } from '../challenge/view.ts'
import { notify } from '../messaging/message.ts'
import { now } from '../platform/clock.ts'
import { cardList, cards } from '../testing/cards.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { SmsGatewayDouble } from '../testing/sms-gateway.ts'
import type { Actor } from './actor.ts'
import { requestChange } from './change-contact.ts'
import { lockDown } from './lock-down.ts'
import { chooseLanguage, choosePersonalMessage, choosePreferredMethod, readPreferences } from './preferences.ts'
import { readReport, reportByLink } from './report-change.ts'
import { sendTestCode } from './test-code.ts'

let at: Deployment
let cardholderId: string
const gateway = new SmsGatewayDouble()
const personalMessage = '港の見える<丘>の三毛猫🐈'

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings())
  const [row] = await at.sql`select id from cardholders where issuer_ref = 'hanako'`
  cardholderId = String(row?.id)
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})
beforeEach(async () => {
  // Deliver notices of the previous test first, so that the newest message is the test's own.
  await at.deliver()
  at.advance(2 * 60 * 60)
})

const actor = (strongAt: number | undefined = now()): Actor => ({
  cardholderId,
  sessionId: crypto.randomUUID(),
  language: 'ja',
  strongAt,
  proofSince: 0,
})
const newest = () => at.mailbox.mails.at(-1)
const windowOf = async (overrides = {}) => {
  const window = await showWindow((await at.window(overrides)).windowKey)
  if (window.kind !== 'asking') throw new Error(window.kind)
  return window
}

test('the preferred method is chosen with strong authentication, for oneself only, and changes no other preference', async () => {
  expect(await readPreferences(actor())).toMatchObject({ preferredMethod: 'automatic' })
  expect(await choosePreferredMethod({ ...actor(), strongAt: undefined }, 'choose')).toEqual({
    kind: 'stronger-authentication-needed',
  })
  await chooseLanguage(actor(), 'en')
  for (const preferredMethod of ['choose', 'account', 'automatic', 'code'] as const) {
    expect(await choosePreferredMethod(actor(), preferredMethod)).toEqual({ kind: 'done' })
    expect(await readPreferences(actor())).toMatchObject({ preferredMethod, language: 'en' })
  }
  const [alex] = await at.sql`select id from cardholders where issuer_ref = 'alex'`
  await choosePreferredMethod(actor(), 'choose')
  expect(await readPreferences({ ...actor(), cardholderId: String(alex?.id) })).toMatchObject({
    preferredMethod: 'automatic',
  })
  await at.sql`delete from preferences`
})

test('a changed preferred method is notified to every contact, with a link and a code to report it; an unchanged one is not', async () => {
  at.advance(24 * 60 * 60)
  await at.deliver()
  const told = () =>
    [at.mailbox.mails, gateway.taken].map(all => all.filter(each => each.text?.includes('認証方法が変更')))
  const before = told().map(({ length }) => length)
  await choosePreferredMethod(actor(), 'account')
  await choosePreferredMethod(actor(), 'account')
  await at.deliver()
  expect(told().map(({ length }, index) => length - (before[index] ?? 0))).toEqual([1, 1])
  const [mails, texts] = told()
  const link = /account\/report\/([0-9a-f]{32})/.exec(mails?.at(-1)?.text ?? '')?.[1] ?? ''
  const code = /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(texts?.at(-1)?.text ?? '')?.[0] ?? ''
  for (const token of [link, code])
    expect(await readReport(token, 'network')).toMatchObject({
      kind: 'open-identity',
      event: 'preferred-method-changed',
    })
  await at.sql`delete from preferences`
})

test('“this was not me” takes the preferred method back, and only codes can be chosen until the report is resolved', async () => {
  at.advance(24 * 60 * 60)
  await choosePreferredMethod(actor(), 'account')
  await at.deliver()
  const link = /account\/report\/([0-9a-f]{32})/.exec(newest()?.text ?? '')?.[1] ?? ''
  expect(await reportByLink(link, 'network')).toEqual({ kind: 'reported' })
  expect(await readPreferences(actor())).toMatchObject({ preferredMethod: 'automatic' })
  expect(await choosePreferredMethod(actor(), 'choose')).toEqual({ kind: 'restricted' })
  expect(await choosePreferredMethod(actor(), 'code')).toEqual({ kind: 'done' })
  await at.sql`update cardholders set report_open_since = null, disputed_since = null`
  expect(await choosePreferredMethod(actor(), 'choose')).toEqual({ kind: 'done' })
  await at.sql`delete from preferences`
})

test('a preferred method chosen before the intruder came stays', async () => {
  await choosePreferredMethod(actor(), 'account')
  at.advance(60)
  await transaction(tx => lockDown(tx, { cardholderId, about: 'sign-in', happenedAt: now() }, now()))
  expect(await readPreferences(actor())).toMatchObject({ preferredMethod: 'account' })
  await at.sql`update cardholders set report_open_since = null, disputed_since = null`
  await at.sql`delete from preferences`
})

test('the preferred method can be changed a limited number of times a day, because each change sends messages', async () => {
  at.advance(24 * 60 * 60)
  const { most } = accountPolicy.limits.preferredMethodChanges
  for (let times = 0; times < most; times++) {
    expect(await choosePreferredMethod(actor(), times % 2 === 0 ? 'account' : 'choose')).toEqual({ kind: 'done' })
  }
  // Choosing the same again costs nothing, and going back to codes is always possible.
  expect(await choosePreferredMethod(actor(), 'choose')).toEqual({ kind: 'done' })
  expect(await choosePreferredMethod(actor(), 'account')).toEqual({ kind: 'limited' })
  expect(await choosePreferredMethod(actor(), 'code')).toEqual({ kind: 'done' })
  expect(await choosePreferredMethod(actor(), 'choose')).toEqual({ kind: 'limited' })
  expect(await readPreferences(actor())).toMatchObject({ preferredMethod: 'code' })
  at.advance(24 * 60 * 60)
  await at.sql`delete from preferences`
})

describe('the language that a cardholder chose', () => {
  test('applies to messages, whatever the issuer’s list says later, until the cardholder removes the choice', async () => {
    const told = async () => {
      const { windowKey } = await at.windowWithCode({ browserLanguage: 'ja' })
      expect((await showWindow(windowKey)).kind).toBe('asking')
      return newest()?.subject
    }
    expect(await told()).toContain('認証コードのお知らせ')
    await chooseLanguage(actor(undefined), 'en')
    expect(await told()).toContain('Your verification code')
    expect(gateway.taken.at(-1)?.text).toContain('verification code')
    await at.importList(cardList.map(line => ({ ...line, names: { romaji: 'ANOTHER NAME' } })))
    expect(await told()).toContain('Your verification code')
    expect(await readPreferences(actor())).toMatchObject({ language: 'en' })
    await chooseLanguage(actor(undefined), undefined)
    expect(await told()).toContain('認証コードのお知らせ')
    await at.importList(cardList)
  })

  test('is the window’s first language, before the browser’s, which applies without a choice', async () => {
    expect(await windowOf({ browserLanguage: 'en-GB' })).toMatchObject({ language: 'en' })
    await chooseLanguage(actor(), 'ja')
    expect(await windowOf({ browserLanguage: 'en-GB' })).toMatchObject({ language: 'ja' })
    expect(await windowOf({ acctNumber: cards.alex, browserLanguage: 'en-GB' })).toMatchObject({ language: 'en' })
    await chooseLanguage(actor(), undefined)
  })
})

describe('the personal message that a cardholder chose', () => {
  test('requires strong authentication within the last minutes, to set it and to remove it', async () => {
    for (const strongAt of [undefined, now() - 6 * 60 * 1000]) {
      const weak = { ...actor(), strongAt }
      expect(await choosePersonalMessage(weak, personalMessage)).toEqual({ kind: 'stronger-authentication-needed' })
      expect(await choosePersonalMessage(weak, undefined)).toEqual({ kind: 'stronger-authentication-needed' })
    }
    expect(await readPreferences(actor())).toMatchObject({ language: undefined, personalMessage: undefined })
  })

  test('appears in the window and in e-mails with a code to the cardholder’s own contacts, and nowhere else', async () => {
    expect(await choosePersonalMessage(actor(), personalMessage)).toEqual({ kind: 'done' })
    expect(await windowOf()).toMatchObject({ personalMessage })
    await at.windowWithCode()
    expect(newest()?.text).toMatch(/^山田 花子 様\n/)
    expect(newest()?.text).toContain(`\nお客様の目印: ${personalMessage}\n`)
    expect(newest()?.html).toContain('港の見える&#60;丘&#62;の三毛猫')
    await sendTestCode(actor())
    await at.deliver()
    expect(newest()?.text).toContain(personalMessage)

    // An address that is not confirmed yet may be a stranger's.
    await requestChange(actor(), 'email', 'new@elsewhere.example')
    await at.deliver()
    expect(newest()?.to).toMatchObject({ text: 'new@elsewhere.example' })
    expect(newest()?.text).not.toMatch(/三毛猫|山田/)
    await transaction(tx => notify(tx, { cardholderId, language: 'ja', words: 'change-stopped' }, now()))
    await at.deliver()
    expect(newest()?.text).toMatch(/^山田 花子 様\n/)
    expect(newest()?.text).not.toContain('三毛猫')
    expect(gateway.taken.map(({ text }) => text).join()).not.toContain('三毛猫')

    const other = await windowOf({ acctNumber: cards.alex })
    expect(other.personalMessage).toBeUndefined()
    expect(`${at.log.join('\n')}\n${await at.dump()}`).not.toContain('三毛猫')
  })

  test('decrypts for no other cardholder, changes no language, and is deleted with its cardholder', async () => {
    await chooseLanguage(actor(), 'en')
    await choosePersonalMessage(actor(), personalMessage)
    expect(await readPreferences(actor())).toMatchObject({ language: 'en', personalMessage })
    const [alex] = await at.sql`select id from cardholders where issuer_ref = 'alex'`
    await at.sql`insert into preferences (cardholder_id, personal_message, updated_at)
      select ${alex?.id}, personal_message, updated_at from preferences where cardholder_id = ${cardholderId}`
    await expect(readPreferences({ ...actor(), cardholderId: String(alex?.id) })).rejects.toThrow()
    await choosePersonalMessage(actor(), undefined)
    expect(await readPreferences(actor())).toMatchObject({ language: 'en', personalMessage: undefined })
    await at.sql`delete from cardholders where issuer_ref in ('alex', 'hanako')`
    expect(await at.sql`select 1 from preferences`).toHaveLength(0)
  })
})
