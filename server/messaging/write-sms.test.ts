import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { maskEmail, maskPhone } from '#domain/contact/mask.ts'
import { formatAmount } from '#domain/kernel/money.ts'
import { formatDate, formatTime } from '#domain/kernel/time.ts'
import fc from '#domain/testing/fast-check.ts'
import en from '#messages/en.json'
import ja from '#messages/ja.json'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import type { Content, Notice, OtherCode } from './message.ts'
import { writeEmail } from './write-email.ts'
import { longestSms, writeSms } from './write-sms.ts'

let at: Deployment
beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

const languages = ['ja', 'en'] as const
const payment = (merchantName: string, amount?: string): Content => ({
  kind: 'payment-code',
  code: '123456',
  lastFour: '0005',
  lifetime: 600_000,
  purchase: { merchantName, merchantID: 'ID', ...(amount && { amount, currency: '392', exponent: '0' }) },
})

describe('a text message', () => {
  test('with a payment’s code begins with merchant and amount, and the code comes after them', () => {
    expect(writeSms({ language: 'ja', content: payment('サンプル商店', '12800') })).toBe(
      '【SafeKey】サンプル商店 12,800円のお支払い(カード末尾0005) 認証コード123456(10分間有効)。お心当たりがなければ入力せず、だれにも教えないでください',
    )
    expect(writeSms({ language: 'en', content: payment('Sample Shop', '12800') })).toBe(
      '[SafeKey] Sample Shop, ¥12,800, card 0005: verification code 123456 (10 min). Not yours? Do not enter or share it.',
    )
  })

  test('about a merchant without a name says so in whole words', () => {
    expect(writeSms({ language: 'ja', content: payment('', '12800') })).toMatch(
      /^【SafeKey】店名を表示できないお店 12,800円/,
    )
    expect(writeSms({ language: 'en', content: payment('\u202e', '12800') })).toMatch(
      /^\[SafeKey\] an unnamed shop, ¥12,800, card 0005: verification code 123456/,
    )
  })

  test('names a merchant that is called like an address as the window does, except for its dots', () => {
    expect(writeSms({ language: 'en', content: payment('AMAZON.CO.JP', '12800') })).toMatch(
      /^\[SafeKey\] AMAZON·CO·JP, ¥/,
    )
  })

  test('ends with the line that binds its code to a page, which costs the long form at most', () => {
    const boundTo = (page: string) => ({ ...payment('Sample Shop', '12800'), boundTo: { page } })
    const bound = boundTo('acs.issuer.example')
    expect(writeSms({ language: 'ja', content: bound })).toBe(
      '【SafeKey】Sample Shop 12,800円のお支払い(カード末尾0005) 認証コード123456(10分間有効)。お心当たりがなければ入力せず、だれにも教えないでください\n@acs.issuer.example #123456',
    )
    expect(writeSms({ language: 'en', content: bound })).toBe(
      '[SafeKey] Sample Shop, ¥12,800, card 0005: verification code 123456. Not yours? Do not enter it.\n@acs.issuer.example #123456',
    )
    for (const language of languages) {
      const unbound = writeSms({ language, content: payment('Sample Shop', '12800') })
      expect(writeSms({ language, content: boundTo(`${'a'.repeat(80)}.example`) })).toBe(unbound)
    }
  })

  test('has at most 134 UTF-16 units, no link and the whole code, for any merchant and amount', () => {
    const amount = fc.option(fc.stringMatching(/^[1-9][0-9]{0,47}$/), { nil: undefined })
    const name = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constant('𠮷'.repeat(40)))
    const bound = fc.constantFrom(undefined, { page: 'acs.example' }, { page: 'shop.example', frame: 'acs.example' })
    fc.assert(
      fc.property(fc.constantFrom(...languages), name, amount, bound, (language, merchant, price, boundTo) => {
        const text = writeSms({ language, content: { ...payment(merchant, price), ...(boundTo && { boundTo }) } })
        expect(text.length).toBeLessThanOrEqual(longestSms)
        expect(text).toContain('123456')
        expect(text.replace(/\n@[^\n]*$/, boundTo ? '' : '$&')).not.toMatch(/:\/\/|www\.|@/)
      }),
      { numRuns: 500 },
    )
  })

  test.each(languages)('about a device carries no message of the person who paired it (%s)', language => {
    const of = (device: string): Content => ({
      kind: 'notice',
      words: 'device-added',
      values: { at: 'at', device, report: 'R' },
    })
    const texts = [
      writeSms({ language, content: of('Call 03-0000-0000 to cancel http://evil.example') }),
      writeEmail({ language, content: of('Call 03-0000-0000 to cancel http://evil.example') }).text,
    ]
    for (const text of texts) {
      expect(text).toContain('Call to cancel')
      expect(text).not.toMatch(/0000|evil|http:/)
    }
    const unknown = language === 'ja' ? ja.account.sessions.unknownDevice : en.account.sessions.unknownDevice
    expect(writeSms({ language, content: of('http://evil.example') })).toContain(unknown)
  })

  test.each(languages)('of a notice leaves times, amounts and contacts as they are (%s)', language => {
    const at = formatTime(Date.UTC(2026, 11, 31, 6, 4), language)
    const amount = formatAmount('123456789012', '840', '2', language)
    const contacts = [maskPhone('+819012345678'), maskEmail('hanako.yamada@cardholder.example')]
    const say = (words: Notice['words'], values: Notice['values']) =>
      writeEmail({ language, content: { kind: 'notice', words, values } }).text
    for (const contact of contacts) expect(say('email-changed', { contact, at })).toContain(contact)
    const asked = say('payment-waiting', { merchant: 'Sample Shop', amount, until: at })
    for (const value of [at, amount]) expect(asked).toContain(value)
    expect(say('new-device', { device: 'Samsung Internet, Android', at })).toContain('Samsung Internet, Android')
  })

  test.each(
    languages.flatMap(language => [
      [language, 'a browser with a very long name'.repeat(5)] as const,
      [language, '𠮷'.repeat(60)] as const,
    ]),
  )('of every kind fits the longest name of a service, and has no link (%s, %s)', (language, device) => {
    at.changeIssuer(issuer => ({ ...issuer, brand: Object.assign({}, issuer.brand, { service: 'S'.repeat(16) }) }))
    at.configure({})
    onTestFinished(() => {
      at.changeIssuer(ordinary => ordinary)
      at.configure({})
    })
    const codes = Object.keys(ja.message.code).map(
      words => ({ kind: 'code', words, code: '123456', lifetime: 600_000 }) as OtherCode,
    )
    const values = {
      contact: 'h•••@•••.example',
      at: formatTime(Date.UTC(2026, 11, 30, 15), language),
      day: formatDate(Date.UTC(2026, 11, 30, 15), language),
      device,
      cardholder: 'C'.repeat(60),
      merchant: 'M'.repeat(60),
      amount: formatAmount('123456789012', '840', '2', language),
      until: formatTime(Date.UTC(2026, 11, 31, 6, 4), language),
      report: 'ABCDE-FGHJK',
      lastFour: '0005',
      rule: 'R'.repeat(60),
      count: 1_000_000,
      alert: randomUUID(),
      more: 'no',
    }
    const notices = Object.keys(ja.message.notice).map(words => ({ kind: 'notice', words, values }) as Notice)
    for (const content of [...codes, ...notices]) {
      const text = writeSms({ language, content })
      expect(text.length).toBeLessThanOrEqual(longestSms)
      expect(text).not.toMatch(/:\/\/|www\.|[{}]/)
    }
  })
})
