import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Purchase } from '#db/schema.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { cards } from '../../testing/cards.ts'
import { type Deployment, startDeployment } from '../../testing/deployment.ts'
import type { Message, PaymentCode } from '../message.ts'
import { writeEmail } from '../write-email.ts'
import { sendEmail } from './smtp.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

const purchase: Purchase = {
  merchantName: 'サンプル商店',
  merchantID: '9876543210',
  amount: '12800',
  currency: '392',
  exponent: '0',
}
const email = ({ language = 'ja', ...changes }: Partial<Message & PaymentCode> = {}): Message => ({
  to: 'hanako@cardholder.example',
  language,
  content: {
    kind: 'payment-code',
    code: '123456',
    purchase,
    lastFour: '0005',
    lifetime: codePolicy.challenge.lifetime,
    ...changes,
  },
})
const bothLanguages = ['ja', 'en'] as const
/** The text that a person sees of the HTML. */
const visible = (html: string) =>
  html
    .replace(/<head>.*<\/head>/s, '')
    .replace(/<[^>]*>/g, '\n')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))

describe('the message with the code', () => {
  test('about a merchant without a name says so, in the sentence and beside the name of the fact', () => {
    const { text } = writeEmail(email({ language: 'en', purchase: { ...purchase, merchantName: '' } }))
    expect(text).toContain('for your payment of ¥12,800 to an unnamed shop.')
    expect(text).toContain('Shop: Unnamed shop')
  })

  test('in Japanese begins with merchant and amount, and the code comes after them', () => {
    const [first] = writeEmail(email()).text.split('\n')
    expect(first).toBe('サンプル商店での12,800円のお支払いに使う認証コードです。')
  })

  test.each(bothLanguages)('names merchant and amount before the code, in text and in HTML (%s)', language => {
    const { text, html } = writeEmail(email({ language }))
    for (const seen of [text, visible(html)]) {
      const [merchant, amount, code] = ['サンプル商店', '12,800', '123456'].map(part => seen.indexOf(part))
      expect([merchant, amount]).not.toContain(-1)
      expect(code).toBeGreaterThan(Math.max(merchant ?? 0, amount ?? 0))
    }
  })

  test.each(bothLanguages)('says how long the code is valid, by the policy (%s)', language => {
    const minutes = codePolicy.challenge.lifetime / 60_000
    const { text, html } = writeEmail(email({ language }))
    const said = [text, visible(html)].map(seen =>
      [...seen.matchAll(/(\d+)\s?(?:分間|minutes)/g)].map(([, n]) => Number(n)),
    )
    expect(said).toEqual([said[0], said[0]])
    expect(new Set(said.flat())).toEqual(new Set([minutes]))
  })

  test.each(bothLanguages)('contains nothing to tap, load or run (%s)', language => {
    const { text, html } = writeEmail(email({ language }))
    expect(`${text}\n${html}`).not.toMatch(/https?:|www\.|href|src=|<img|<a\b|<script|url\(|@(?!media)[a-z]|\+81/i)
  })

  test('about a check without a payment names the merchant and no amount', () => {
    const { merchantName, merchantID } = purchase
    const [first] = writeEmail(email({ purchase: { merchantName, merchantID } })).text.split('\n')
    expect(first).toBe('サンプル商店でのカードの確認に使う認証コードです。')
  })

  test.each(bothLanguages)('asks the reader to compare the amount only if there is one (%s)', language => {
    const { merchantName, merchantID } = purchase
    const amount = /金額|amount/
    expect(writeEmail(email({ language })).text).toMatch(amount)
    const { text, html } = writeEmail(email({ language, purchase: { merchantName, merchantID } }))
    expect(`${text}${visible(html)}`).not.toMatch(amount)
  })

  const hostile = [
    ['Shop\u202e321\u2066x\u200b', /[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/],
    ['Shop\r\nBcc: thief@evil.example\r\n\r\ncode 999999', /^Bcc|^code 999999|evil\.example|thief@/m],
    ['Win at https://evil.example/x?y', /evil.example|https/],
    ['evil.example', /evil\.example/],
    ['{code} {amount}', /12,800円 12,800円/],
  ] as const
  test.each(hostile)('cannot be altered by a merchant that calls itself %j', (merchantName, forbidden) => {
    for (const language of bothLanguages) {
      const { subject, text, html } = writeEmail(email({ language, purchase: { ...purchase, merchantName } }))
      expect(`${subject}\n${text}\n${html}`).not.toMatch(forbidden)
      expect(subject).not.toContain('\n')
    }
  })

  test.each(['<b onclick="x">Shop</b>', '<img src=x>', '&lt;img&gt;', `"'><script>`])(
    'has the same HTML tags, whatever markup is in the merchant’s name (%s)',
    merchantName => {
      const elements = (name: string) =>
        writeEmail(email({ purchase: { ...purchase, merchantName: name } })).html.match(/<[^>]*>/g)
      expect(elements(merchantName)).toEqual(elements('Shop'))
    },
  )

  test('arrives as text and HTML, from the issuer’s sender, marked as automatic', async () => {
    expect(await sendEmail(email(), 'b1a7c1d0')).toMatchObject({ kind: 'handed-over' })
    const mail = at.mailbox.mails.at(-1)
    expect(mail).toMatchObject({
      subject: '【SafeKey】認証コードのお知らせ',
      messageId: '<b1a7c1d0@issuer.example>',
      text: expect.stringContaining('123456'),
      html: expect.stringContaining('123456'),
      from: { value: [{ address: 'no-reply@issuer.example', name: 'SafeKey' }] },
      to: { value: [{ address: 'hanako@cardholder.example' }] },
    })
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated')
  })

  test('is in the cardholder’s own language, not the browser’s', async () => {
    await at.windowWithCode({ acctNumber: cards.alex, browserLanguage: 'ja-JP' })
    expect(at.mailbox.mails.at(-1)).toMatchObject({ subject: expect.not.stringMatching(/\p{Script=Hiragana}/u) })
    await at.windowWithCode({ acctNumber: cards.hanako, browserLanguage: 'en-GB' })
    expect(at.mailbox.mails.at(-1)).toMatchObject({ subject: expect.stringMatching(/\p{Script=Hiragana}/u) })
  })
})

describe('a mail server', () => {
  test.each([
    [550, 'never'],
    [553, 'never'],
    [450, 'later'],
    [421, 'later'],
  ] as const)('that answers the recipient with %i is tried again: %s', async (refusal, kind) => {
    at.mailbox.refusal = refusal
    const answer = await sendEmail(email(), 'id')
    at.mailbox.refusal = undefined
    expect(answer).toMatchObject({ kind })
  })

  test('that is down is tried again later, and accepts the message once it is up', async () => {
    await at.mailbox.down()
    const whileDown = await sendEmail(email(), 'id')
    await at.mailbox.up()
    expect([whileDown, await sendEmail(email(), 'id')]).toMatchObject([{ kind: 'later' }, { kind: 'handed-over' }])
  })
})
