import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { keys } from '../platform/keys.ts'
import { cardNumber, cards, hanako } from '../testing/cards.ts'
import { belowLimit, type Deployment, freshKey, importFile, startDeployment } from '../testing/deployment.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())
beforeEach(async () => {
  at.advance(1)
  await at.sql`truncate cardholders cascade`
})

const line = (index: number, changes: object = {}) => ({
  cardNumber: cardNumber(index),
  expiry: '2036-12',
  status: 'active',
  cardholderId: `holder-${index}`,
  names: { kanji: '山田 花子' },
  language: 'ja',
  email: `holder${index}@cardholder.example`,
  ...changes,
})
const count = async (table: string) => (await at.sql`select count(*)::int as n from ${at.sql(table)}`)[0]?.n
const emails = () =>
  at.sql`select source, ended_at is null as effective from contacts where kind = 'email' order by effective_at, id`

function file(content: string | Buffer): string {
  const path = join(at.folder, `list-${crypto.randomUUID()}`)
  writeFileSync(path, content)
  return path
}

test('importing the same list again changes no row', async () => {
  const list = [line(1, hanako), line(2, { email: null }), line(3, { mobile: '+81 80 2345 6789', status: 'closed' })]
  await at.importList(list)
  const before = await at.dump()
  at.advance(day)
  expect(await at.importList(list)).toEqual({ imported: 3, bad: 0, complaints: [] })
  expect(await at.dump()).toBe(before)
})
const day = 24 * 60 * 60

test('a newer list updates what has changed, and the card keeps its history', async () => {
  const unlocked = new Date('2026-12-01T00:00:00Z')
  await at.importList([line(1)])
  await at.sql`update cards set codes_unlocked_at = ${unlocked}`
  const [before] = await at.sql`select id from cards`
  await at.importList([line(1, { status: 'stolen', expiry: '2031-01' })])
  const [after] = await at.sql`select id, status, expires_at, codes_unlocked_at from cards`
  // The first moment of February 2031 in Japan.
  const expires_at = new Date('2031-01-31T15:00:00Z')
  expect(after).toEqual({ id: before?.id, status: 'stolen', expires_at, codes_unlocked_at: unlocked })
})

test('a cardholder with several cards is one person', async () => {
  const same = { cardholderId: 'one', email: 'one@cardholder.example' }
  await at.importList([line(1, same), line(2, same)])
  expect([await count('cardholders'), await count('cards')]).toEqual([1, 2])
  expect(await emails()).toEqual([{ source: 'issuer', effective: true }])
})

describe('a mobile number is read by the same rule as in the account', () => {
  test.each([
    '+81 (0)90-1234-5679',
    '+81 090 1234 5679',
    '090-1234-5679',
    '０９０ー１２３４ー５６７９',
    '0081 90 1234 5679',
    '+819012345679',
  ])('%s is +819012345679', async mobile => {
    expect(await at.importList([line(1, { mobile })])).toEqual({ imported: 1, bad: 0, complaints: [] })
    const { hmac } = await keys().mac('contact-lookup', 'mobile\0+819012345679')
    expect(await at.sql`select value_hmac from contacts where kind = 'mobile'`).toEqual([{ value_hmac: hmac }])
  })
})

describe('two lines of a file that contradict each other', () => {
  const one = line(1, hanako)
  const contradictions = [
    [{ expiry: '2037-01' }, 'cardNumber is that of line 1, and they differ in expiry'],
    [{ status: 'stolen' }, 'cardNumber is that of line 1, and they differ in status'],
    [{ cardholderId: 'holder-2' }, 'cardNumber is that of line 1, and they differ in cardholderId'],
    [{ names: { kanji: '山田 花' } }, 'cardholderId is that of line 1, and they differ in names'],
    [{ language: 'en' }, 'cardholderId is that of line 1, and they differ in language'],
    [{ email: 'other@cardholder.example' }, 'cardholderId is that of line 1, and they differ in email'],
    [{ email: null }, 'cardholderId is that of line 1, and they differ in email'],
    [{ mobile: '+81 80-1234-5678' }, 'cardholderId is that of line 1, and they differ in mobile'],
    [{ debitAccountLastFour: '1139' }, 'cardholderId is that of line 1, and they differ in debitAccountLastFour'],
    [{ dateOfBirth: '1988-11-04' }, 'cardholderId is that of line 1, and they differ in dateOfBirth'],
  ] as const
  test.each(contradictions)('%j: the second is left out, and both are named', async (changes, reason) => {
    const result = await at.importList([one, line(3), { ...one, ...changes }, one])
    expect(result).toEqual({ imported: 3, bad: 1, complaints: [`3: ${reason}`] })
    expect(
      await at.sql`select status, language from cards join cardholders on cardholders.id = cardholder_id
      where issuer_ref = 'holder-1'`,
    ).toEqual([{ status: 'active', language: 'ja' }])
  })

  test('are found among thousands, however far apart they are', async () => {
    const list = Array.from({ length: 3000 }, (_, index) => line(index))
    const { complaints } = await at.importList([...list, line(7, { language: 'en' }), line(2999, { status: 'closed' })])
    expect(complaints).toEqual([
      '3001: cardholderId is that of line 8, and they differ in language',
      '3002: cardNumber is that of line 3000, and they differ in status',
    ])
  })

  test('are not two lines of which one lacks a member, and both are kept', async () => {
    const { email, ...silent } = line(2, { cardholderId: 'holder-1', dateOfBirth: '1988-11-03' })
    const { email: _, ...late } = line(3, { cardholderId: 'holder-1', dateOfBirth: '1988-11-04' })
    const { complaints } = await at.importList([line(1), silent, late])
    expect(complaints).toEqual(['3: cardholderId is that of line 1, and they differ in dateOfBirth'])
  })

  test('are also found if they give one identity subject to two cardholders', async () => {
    const same = { identitySubject: 'subject-1' }
    const { complaints } = await at.importList([line(1, same), line(2, same)])
    expect(complaints).toEqual(['2: identitySubject is that of line 1, and they differ in cardholderId'])
  })
})

describe('a line that is wrong', () => {
  const wrong = [
    ['{"cardNumber":"4111', 'is not JSON'],
    ['[]', /^the line must be/],
    [line(1, { cardNumber: undefined }), 'cardNumber is missing'],
    [line(1, { cardNumber: 340000000000009 }), 'cardNumber must be a string'],
    [line(1, { cardNumber: '34 0000 0000 0000 9' }), 'cardNumber must be 13 to 19 digits'],
    [line(1, { cardNumber: '340000000000008' }), 'cardNumber fails its check digit'],
    [line(1, { cardNumber: '4111111111111111' }), 'cardNumber is in none of the issuer’s ranges'],
    [line(1, { expiry: '12/36' }), 'expiry must be year and month, such as 2030-12'],
    [line(1, { expiry: '2036-13' }), 'expiry must be year and month, such as 2030-12'],
    [line(1, { status: 'lost' }), 'status must be active, stolen or closed'],
    [line(1, { language: 'fr' }), 'language must be ja or en'],
    [line(1, { cardholderId: '山田' }), 'cardholderId must be 1 to 64 letters, digits or signs'],
    [line(1, { names: 'HANAKO' }), 'names must be an object'],
    [line(1, { names: { kanji: 7 } }), 'names.kanji must be a string'],
    [line(1, { email: 'hanako' }), 'email must be an e-mail address'],
    [line(1, { email: 'a@b.example\r\nBcc: x@evil.example' }), 'email must be an e-mail address'],
    ...['+81 90-1234-567', '+81 90-1234-56789', '+81 90-0234-5678', '', 'hanako'].map(
      mobile => [line(1, { mobile }), 'mobile must be a mobile number, such as +81 90 1234 5678'] as const,
    ),
    ...['+81 3-1234-5678', '+81 50-1234-5678'].map(
      mobile =>
        [
          line(1, { mobile }),
          'mobile must be a mobile number: text messages do not reach landlines and Internet telephones',
        ] as const,
    ),
    ...['+1 212 555 1234', '+44 7400 123456'].map(
      mobile =>
        [line(1, { mobile }), 'mobile is of a country to which no text messages are sent (smsCountries)'] as const,
    ),
    ...['山田\u0000花子', '山田\n花子', '山田\u202e花子', '山田\ud842', '山田\u2028花子', '\ufeff山田'].map(
      kanji =>
        [
          line(1, { names: { kanji } }),
          'names.kanji must have no line breaks and no characters that cannot be seen',
        ] as const,
    ),
    [line(1, { names: { romaji: ' ' } }), 'names.romaji must not be blank'],
    [line(1, { names: { kana: 'ヤ'.repeat(101) } }), 'names.kana must have 1 to 100 characters'],
    [line(1, { debitAccountLastFour: '12345' }), 'debitAccountLastFour must be four digits'],
    [line(1, { dateOfBirth: '1990-02-30' }), 'dateOfBirth must be a date, such as 1990-04-01'],
  ] as const
  test.each(wrong)('%j is reported with its number and reason; the others are imported', async (bad, reason) => {
    const { imported, complaints } = await at.importList([line(2), bad, line(3)])
    expect([imported, complaints.length, await count('cards')]).toEqual([2, 1, 2])
    const [, said = ''] = /^2: (.*)$/.exec(complaints[0] ?? '') ?? []
    if (typeof reason === 'string') expect(said).toBe(reason)
    else expect(said).toMatch(reason)
  })

  test('is reported without any of its content', async () => {
    const planted = { cardNumber: '378282246310006', email: 'hanako.example', names: { kanji: '山田'.repeat(99) } }
    const lines = [
      line(1, planted),
      line(2, { mobile: '0901234567' }),
      line(3, { dateOfBirth: '11/03/1988' }),
      '{"x": 378282246310005',
    ]
    const { complaints } = await at.importList(lines)
    expect(complaints).toHaveLength(4)
    expect(complaints.join('\n')).not.toMatch(/37828|hanako|山田|0901|1988/)
    expect(at.log.join('\n')).not.toMatch(/37828|hanako|山田|0901|1988/)
  })
})

describe('a file', () => {
  test('that is empty or blank imports nothing and reports nothing', async () => {
    for (const content of ['', '\n', ' \r\n\n']) {
      expect(await importFile(file(content))).toEqual({ imported: 0, bad: 0, complaints: [] })
    }
  })

  test('with Windows line ends, a byte order mark and no final line end is read completely', async () => {
    const text = [line(1), line(2), line(3)].map(each => JSON.stringify(each)).join('\r\n')
    expect(await importFile(file(`\ufeff${text}`))).toEqual({ imported: 3, bad: 0, complaints: [] })
    expect(await count('cards')).toBe(3)
  })

  test('in another encoding than UTF-8 is refused line by line, so that no name is stored garbled', async () => {
    const [before, after] = JSON.stringify(line(1, { names: { kanji: '@' }, email: null })).split('"@"')
    const shiftJis = Buffer.concat([
      Buffer.from(`${before}"`),
      Buffer.from([0x8e, 0x52, 0x93, 0x63]),
      Buffer.from(`"${after}\n`),
    ])
    expect(await importFile(file(shiftJis))).toEqual({ imported: 0, bad: 1, complaints: ['1: is not UTF-8'] })
  })

  test('with a huge line skips it and continues with the next', async () => {
    const huge = JSON.stringify(line(1, { padding: 'x'.repeat(300_000) }))
    const { imported, complaints } = await at.importList([line(2), huge, line(3), huge.slice(0, 70_000)])
    expect([imported, complaints]).toEqual([2, ['2: is longer than 65536 bytes', '4: is longer than 65536 bytes']])
  })

  test('of 5,000 lines is imported without being held in memory', async () => {
    const padding = 'x'.repeat(8000)
    const list = Array.from({ length: 5000 }, (_, index) => JSON.stringify(line(index, { padding }))).join('\n')
    const path = file(list)
    const held = () => {
      collectGarbage()
      return process.memoryUsage().arrayBuffers
    }
    const before = held()
    let [most, lines] = [0, 0]
    const { importCards } = await import('./import-cards.ts')
    const bytes = () => {
      lines += 1
      if (lines % 500 === 0) most = Math.max(most, held() - before)
    }
    expect(await importCards(path, { bytes, bad: () => {} })).toEqual({ imported: 5000, bad: 0 })
    expect(await count('cards')).toBe(5000)
    expect(most).toBeLessThan(list.length / 2)
  })

  test('imported by two operators at once is imported once', async () => {
    const list = Array.from({ length: 1200 }, (_, index) => line(index))
    await Promise.all([at.importList(list), at.importList(list), at.importList([...list].reverse())])
    expect([await count('cards'), await count('cardholders'), await count('contacts')]).toEqual([1200, 1200, 1200])
  })
})

describe('a contact', () => {
  test('changed by the issuer ends the old one; null ends it; and it can come back', async () => {
    await at.importList([line(1)])
    at.advance(1)
    await at.importList([line(1, { email: 'new@cardholder.example' })])
    expect(await emails()).toEqual([
      { source: 'issuer', effective: false },
      { source: 'issuer', effective: true },
    ])
    at.advance(1)
    await at.importList([line(1, { email: null })])
    expect((await emails()).filter(({ effective }) => effective)).toEqual([])
    at.advance(1)
    await at.importList([line(1, { email: 'new@cardholder.example' })])
    expect((await emails()).filter(({ effective }) => effective)).toHaveLength(1)
  })

  test('named on one line of a cardholder is kept when another line does not mention it', async () => {
    const { email, ...silent } = line(2, { cardholderId: 'holder-1', mobile: '+81 80 2345 6789' })
    await at.importList([line(1), silent])
    expect(await at.sql`select kind from contacts order by kind`).toEqual([{ kind: 'email' }, { kind: 'mobile' }])
  })

  test('stopped by its owner does not come back with the same list, but a new one is accepted', async () => {
    const list = [line(1, { mobile: '+81 80 2345 6789' })]
    await at.importList(list)
    // The state in which `stopMobile` leaves it.
    await at.sql`update contacts set frozen_at = effective_at, ended_at = effective_at where kind = 'mobile'`
    const effective = async () =>
      (await at.sql`select 1 from contacts where kind = 'mobile' and ended_at is null`).length
    at.advance(day)
    await at.importList(list)
    expect(await effective()).toBe(0)
    await at.importList([line(1, { mobile: '+81 80 2345 6790' })])
    expect(await effective()).toBe(1)
  })

  test('changed to and then stopped by the cardholder does not come back when the list names it for the first time', async () => {
    const [own, another] = ['+81 80 2345 6789', '+81 80 2345 6790']
    await at.importList([line(1, { mobile: own })])
    // The cardholder's own contact, in the state in which `stopMobile` leaves it.
    await at.sql`update contacts set source = 'cardholder', frozen_at = effective_at, ended_at = effective_at where kind = 'mobile'`
    const effective = async () =>
      (await at.sql`select 1 from contacts where kind = 'mobile' and ended_at is null`).length
    at.advance(day)
    await at.importList([line(1, { mobile: own })])
    expect(await effective()).toBe(0)
    await at.importList([line(1, { mobile: another })])
    expect(await effective()).toBe(1)
  })

  test('not mentioned by the list stays', async () => {
    await at.importList([line(1)])
    await at.importList([line(1, { email: undefined })])
    expect(await emails()).toEqual([{ source: 'issuer', effective: true }])
  })

  test('changed by the cardholder since is not undone by the same list, but by a newer one', async () => {
    await at.importList([line(1)])
    at.advance(60)
    await at.sql`update contacts set ended_at = effective_at + interval '1 hour'`
    await at.sql`insert into contacts (id, cardholder_id, kind, value, value_hmac, value_key_id, source, effective_at)
      select gen_random_uuid(), cardholder_id, kind, value, '\\x00', value_key_id, 'cardholder', ended_at from contacts`
    at.advance(7200)
    const before = await at.dump()
    await at.importList([line(1)])
    await at.importList([line(1)])
    expect(await at.dump()).toBe(before)
    await at.importList([line(1, { email: 'newer@cardholder.example' })])
    expect(await emails()).toEqual([
      { source: 'issuer', effective: false },
      { source: 'cardholder', effective: false },
      { source: 'issuer', effective: true },
    ])
  })
})

test('after a key rotation an import rehashes the cards, which are then found without the old key', async () => {
  await at.importList([line(1)])
  const before = at.setting('KEY_CARD_LOOKUP')
  const key = freshKey(2)
  at.configure({ KEY_CARD_LOOKUP: `${key},${before}` })
  await at.importList([line(1)])
  expect(await at.sql`select number_key_id from cards`).toEqual([{ number_key_id: 2 }])
  at.configure({ KEY_CARD_LOOKUP: key })
  expect(await at.areq({ acctNumber: cardNumber(1), purchaseAmount: belowLimit })).toMatchObject({ transStatus: 'Y' })
  at.configure({ KEY_CARD_LOOKUP: before })
})

test('stores no card number, name, contact, proof fact or unknown member unencrypted', async () => {
  await at.importList([line(1, { ...hanako, cardNumber: cards.hanako, cardCode: '7391', cvv: '7391' })])
  const dump = await at.dump()
  expect(dump).toContain('0005')
  const secrets = [cards.hanako, '山田', 'ヤマダ', 'HANAKO', 'hanako', '9012345678', '1138', '1988-11-03', '7391']
  // As text, and in hexadecimal as the dump prints a bytea column.
  const traces = secrets
    .flatMap(secret => [secret, Buffer.from(secret).toString('hex')])
    .filter(({ length }) => length > 7)
  expect(traces.filter(trace => dump.includes(trace))).toEqual([])
  expect(dump.match(/(?<![0-9a-f-])(1138|7391)(?![0-9a-f-])/)).toBeNull()
})

/** What is left in memory after this is still referenced, not just uncollected. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const gc: () => void = runInNewContext('gc')
  gc()
}
