import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { normaliseEmail } from '#domain/contact/address.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { StrictMailServer } from '../testing/strict-mail-server.ts'
import { sendEmail } from './gateways/smtp.ts'

let at: Deployment
const server = new StrictMailServer()

beforeAll(async () => {
  await server.start()
  at = await startDeployment({ SMTP_URL: server.url })
})
afterAll(async () => {
  server.stop()
  await at.stop()
})
beforeEach(() => server.refused.splice(0))

async function send(typed: string) {
  const to = normaliseEmail(typed) ?? ''
  const content = { kind: 'code', words: 'test', code: '012345', lifetime: 600_000 } as const
  const { kind } = await sendEmail({ to, language: 'ja', content }, crypto.randomUUID())
  return { kind, refused: server.refused }
}
const headers = (name: string) =>
  server.taken.at(-1)?.header.flatMap(line => (line.startsWith(`${name}: `) ? line.slice(name.length + 2) : []))
/** RFC 5322, 3.4: an address with quotation marks is put in angle brackets, which are not part of it. */
const inHeader = (address: string) => (address.startsWith('"') ? `<${address}>` : address)

describe('a mail server that accepts what RFC 5321 allows and nothing else', () => {
  test.each([
    ['hanako@cardholder.example', 'hanako@cardholder.example'],
    ['xxx.yyy.@docomo.ne.jp', '"xxx.yyy."@docomo.ne.jp'],
    ['a..b@docomo.ne.jp', '"a..b"@docomo.ne.jp'],
    ['.x@ezweb.ne.jp', '".x"@ezweb.ne.jp'],
    ["o'brien+shop@mail.example", "o'brien+shop@mail.example"],
    ["!#$%&'*+-/=?^_`{|}~@mail.example", "!#$%&'*+-/=?^_`{|}~@mail.example"],
    ['hanako@日本語.jp', 'hanako@xn--wgv71a119e.jp'],
    [`${'x'.repeat(64)}@mail.example`, `${'x'.repeat(64)}@mail.example`],
    [`${'.'.repeat(62)}@mail.example`, `"${'.'.repeat(62)}"@mail.example`],
    [`x@${'y'.repeat(60)}.${'z'.repeat(60)}.example`, `x@${'y'.repeat(60)}.${'z'.repeat(60)}.example`],
  ])('accepts a mail to %s, in the envelope and the header as %s', async (typed, written) => {
    expect(await send(typed)).toEqual({ kind: 'handed-over', refused: [] })
    expect(server.taken.at(-1)?.recipient).toBe(written)
    expect(headers('To')).toEqual([inHeader(written)])
  })

  test('receives an address beyond ASCII if it offers SMTPUTF8', async () => {
    server.offerSmtpUtf8(true)
    expect(await send('山田..@mail.example')).toEqual({ kind: 'handed-over', refused: [] })
    expect(server.taken.at(-1)?.recipient).toBe('"山田.."@mail.example')
    expect(headers('To')).toEqual([inHeader('"山田.."@mail.example')])
  })

  test('makes such an address fail permanently if it does not', async () => {
    server.offerSmtpUtf8(false)
    expect(await send('山田@mail.example')).toMatchObject({ kind: 'never' })
  })
})
