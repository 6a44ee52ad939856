import postgres from 'postgres'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connect, disconnect } from '#db/client.ts'
import { until } from '#db/testing/until.ts'
import { fullAReq, type Overrides, sample3RIAReq, sampleAppAReq, sampleAReq } from '#domain/emv/testing/sample-areq.ts'
import { versions } from '#domain/emv/version.ts'
import { checkAuthenticationValue } from '../authorisation/authentication-value.ts'
import { cards } from '../testing/cards.ts'
import { belowLimit, type Deployment, freshKey, startDeployment } from '../testing/deployment.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment({ AREQ_TIME: '1500' })
})
afterAll(() => at.stop())

const low = { purchaseAmount: belowLimit }
const authenticationsOf = (dsTransID: unknown) =>
  at.sql`select * from authentications where ds_trans_id = ${String(dsTransID)}`

describe('the answer to an AReq', () => {
  const refusals = [
    ['a card on no list', { acctNumber: cards.unknown }, 'N', '08'],
    ['a stolen card', { acctNumber: cards.stolen }, 'R', '10'],
    ['an expired card', { acctNumber: cards.expired }, 'N', '05'],
    ['a closed card', { acctNumber: cards.closed }, 'N', '12'],
    ['a card over the limit without any contact', { acctNumber: cards.yui }, 'N', '13'],
    ['a trust list that we do not keep (3RI)', { deviceChannel: '03', threeRIInd: '10' }, 'N', '21'],
  ] as const

  test.each(refusals)(
    'for %s is a refusal with its reason and the next step',
    async (_card, overrides, status, why) => {
      const message = at.message(overrides)
      const { threeDSServerTransID, dsTransID } = message
      const answer = await at.send(message)
      expect(answer).toEqual({
        messageType: 'ARes',
        messageVersion: '2.2.0',
        threeDSServerTransID,
        dsTransID,
        acsTransID: expect.stringMatching(/^[0-9a-f-]{36}$/),
        dsReferenceNumber: message.dsReferenceNumber,
        acsReferenceNumber: 'ACS-REF-0001',
        acsOperatorID: 'OPERATOR-1',
        transStatus: status,
        transStatusReason: why,
        eci: '07',
        cardholderInfo: expect.stringMatching(/。$/),
        // Asked for trust, the ARes says that this issuer has no trusted merchants.
        ...('threeRIInd' in overrides && { whiteListStatus: 'E', whiteListStatusSource: '03' }),
      })
    },
  )

  test('for a payment in an app is U with reason 03, because that channel is not set up', async () => {
    const { dsURL, dsReferenceNumber } = at.message()
    const message = sampleAppAReq('2.2.0', { acctNumber: cards.hanako, dsURL, dsReferenceNumber })
    expect(await at.send(message)).toMatchObject({ transStatus: 'U', transStatusReason: '03' })
  })

  test.each(versions)(
    '[Req 108] for a low risk is Y with a value that is valid only for this purchase (%s)',
    async version => {
      const answer = await at.areq(low, version)
      expect(answer).toMatchObject({ messageVersion: version, transStatus: 'Y', eci: '05' })
      expect(answer).not.toHaveProperty('transStatusReason')
      expect(answer).not.toHaveProperty('cardholderInfo')
      const value = answer.authenticationValue ?? ''
      const purchase = { amount: belowLimit, currency: '392', merchantID: '9876543210' }
      const verdicts = await Promise.all([
        checkAuthenticationValue(value, cards.hanako, purchase),
        checkAuthenticationValue(value, cards.hanako, { ...purchase, amount: '999999' }),
        checkAuthenticationValue(value, cards.alex, purchase),
      ])
      expect(verdicts).toMatchObject([
        { kind: 'valid', outcome: 'frictionless' },
        { kind: 'other-purchase' },
        { kind: 'invalid' },
      ])
    },
  )

  test.each(versions)(
    '[Req 107, 109] for an amount over the limit is C with the address of the window (%s)',
    async version => {
      const answer = await at.areq({}, version)
      expect(answer).toMatchObject({
        messageVersion: version,
        transStatus: 'C',
        acsURL: 'https://acs.test/acs/challenge',
        acsChallengeMandated: 'Y',
        ...(version === '2.3.1' ? { authenticationMethod: ['05'] } : { authenticationType: '02' }),
      })
      expect(answer).not.toHaveProperty('authenticationValue')
      expect(answer).not.toHaveProperty('eci')
    },
  )

  const wishes = [
    ['exactly at the limit', { purchaseAmount: '10000' }, 'Y'],
    ['one yen over the limit', { purchaseAmount: '10001' }, 'C'],
    ['in a currency without a limit', { ...low, purchaseCurrency: '978', purchaseExponent: '2' }, 'C'],
    ['below the limit when the merchant prefers a challenge (03)', { ...low, threeDSRequestorChallengeInd: '03' }, 'C'],
    [
      'below the limit when the merchant mandates a challenge (04)',
      { ...low, threeDSRequestorChallengeInd: '04' },
      'C',
    ],
    ['below the limit when the merchant wants none (02)', { ...low, threeDSRequestorChallengeInd: '02' }, 'Y'],
    [
      'below the limit when the merchant has analysed the risk (05)',
      { ...low, threeDSRequestorChallengeInd: '05' },
      'Y',
    ],
    ['over the limit even when the merchant wants none (02)', { threeDSRequestorChallengeInd: '02' }, 'C'],
    ['over the limit for data alone (06), never C', { threeDSRequestorChallengeInd: '06' }, 'I'],
    ['below the limit for a card without contact', { ...low, acctNumber: cards.yui }, 'Y'],
  ] as const
  test.each(wishes)('[Req 106] %s follows the rules', async (_what, overrides, status) => {
    expect(await at.areq(overrides)).toMatchObject({ transStatus: status })
  })

  test('tells the cardholder the reason in the language of the browser, or of the issuer’s list if it names none, in at most 128 characters', async () => {
    await at.sql`update cards set status = 'closed' where last_four = '8431'`
    const told = await Promise.all([
      at.areq({ acctNumber: cards.alex, browserLanguage: 'ja' }),
      at.areq({ acctNumber: cards.stolen, browserLanguage: 'en' }),
      at.areq({ acctNumber: cards.unknown, browserLanguage: 'en-GB' }),
      at.areq({ acctNumber: cards.unknown, browserLanguage: 'ja-JP' }),
      at.areq({ acctNumber: cards.unknown, browserLanguage: 'fr' }),
      // Any text of its length is valid, and one that names no language says nothing.
      at.areq({ acctNumber: cards.unknown, browserLanguage: 'en_US' }),
      at.areq({ acctNumber: cards.unknown, browserLanguage: 'en@posix' }),
      at.areq({ acctNumber: cards.unknown, browserLanguage: '*' }),
    ])
    await at.sql`update cards set status = 'active' where last_four = '8431'`
    const texts = told.map(({ cardholderInfo }) => String(cardholderInfo))
    expect(texts.map(text => (/\p{Script=Han}/u.test(text) ? 'ja' : 'en'))).toEqual([
      ...['ja', 'en', 'en', 'ja', 'en'],
      ...['en', 'en', 'ja'],
    ])
    for (const text of texts) expect([...text].length).toBeLessThanOrEqual(128)
  })
})

describe('a dsTransID', () => {
  test('sent twice with the same AReq gets the same answer and one row, even concurrently', async () => {
    for (const overrides of [low, {}]) {
      const message = at.message(overrides)
      const [first, second] = await Promise.all([at.send(message), at.send(message)])
      expect(second).toEqual(first)
      expect(await at.send(message)).toEqual(first)
      const rows = await authenticationsOf(message.dsTransID)
      expect(rows.map(({ acs_trans_id }) => acs_trans_id)).toEqual([first?.acsTransID])
    }
  })

  test('sent again with the members in another order gets the same answer', async () => {
    const message = at.message({
      ...low,
      acctInfo: { chAccAgeInd: '03', suspiciousAccActivity: '01' },
      ignored: { b: 1, a: [2, 1] },
    })
    const first = await at.send(message)
    const reversed = Object.fromEntries(Object.entries(message).reverse())
    const acctInfo = { suspiciousAccActivity: '01', chAccAgeInd: '03' }
    expect(await at.send({ ...reversed, acctInfo, ignored: { a: [2, 1], b: 1 } })).toEqual(first)
    expect(await at.send({ ...reversed, acctInfo, ignored: { a: [1, 2], b: 1 } })).toMatchObject({ errorCode: '305' })
  })

  test.each([
    ['an element that is stored', { purchaseAmount: '1' }],
    ['an element that is not stored', { cardholderName: 'TARO YAMADA' }],
    ['a part that is not stored of an element that is', { acctInfo: { chAccAgeInd: '03', chAccReqID: 'B' } }],
    ['a stored part that is left out', { acctInfo: { chAccReqID: 'A' } }],
    ['an element that is ignored', { ignored: 2 }],
  ])('sent again with another AReq is refused with 305: %s', async (_what, changed) => {
    const message = at.message({ ...low, acctInfo: { chAccAgeInd: '03', chAccReqID: 'A' }, ignored: 1 })
    await at.send(message)
    expect(await at.send({ ...message, ...changed })).toMatchObject({
      messageType: 'Erro',
      errorCode: '305',
      errorDetail: 'dsTransID',
      dsTransID: message.dsTransID,
    })
    expect(await authenticationsOf(message.dsTransID)).toHaveLength(1)
  })
})

describe('a directory server', () => {
  test('that sends another’s reference number gets 303, and nothing is stored', async () => {
    const message = at.message({ dsReferenceNumber: 'SECOND-DS' })
    expect(await at.send(message)).toMatchObject({
      messageType: 'Erro',
      errorCode: '303',
      errorDetail: 'dsReferenceNumber',
    })
    expect(await authenticationsOf(message.dsTransID)).toEqual([])
  })

  test.each(['https://elsewhere.example/rreq', 'http://127.0.0.1:1/rreq', 'https://127.0.0.1/rreq'])(
    'whose dsURL is on a host that is not its own gets 303 (%s)',
    async dsURL => {
      expect(await at.areq({ dsURL })).toMatchObject({ errorCode: '303', errorDetail: 'dsURL' })
    },
  )

  test('may send AReqs for its own ranges only, else gets 305', async () => {
    const message = at.message({ dsReferenceNumber: 'SECOND-DS', acctNumber: cards.hanako })
    expect(await at.send(message, 'second')).toMatchObject({ errorCode: '305', errorDetail: 'acctNumber' })
    expect(await at.send({ ...message, acctNumber: cards.stolen }, 'second')).toMatchObject({ transStatus: 'R' })
  })

  test('[Req 217] gets 305 for a card number outside our ranges', async () => {
    expect(await at.areq({ acctNumber: '4111111111111111' })).toMatchObject({
      errorCode: '305',
      errorDetail: 'acctNumber',
    })
  })
})

describe('a fault of ours', () => {
  const internalError = { transStatus: 'U', eci: '07', cardholderInfo: expect.stringContaining('しばらくしてから') }

  test('answers U while the database is down, with the reason that the version has', async () => {
    await disconnect()
    connect('postgres://nobody@127.0.0.1:1/none')
    const [now, before] = [await at.areq({}, '2.2.0'), await at.areq({}, '2.1.0')]
    await disconnect()
    connect(at.url)
    expect(now).toMatchObject({ messageType: 'ARes', transStatusReason: '22', ...internalError })
    expect(before).toMatchObject({ messageType: 'ARes', transStatusReason: '01', ...internalError })
  })

  test('[Req 228] answers U in time while the database is slow, and creates no challenge afterwards', async () => {
    const messages = [at.message(), at.message(low)]
    const answers = await at.sql.begin(async tx => {
      await tx`lock table cards in access exclusive mode`
      return Promise.all(messages.map(message => at.send(message)))
    })
    expect(answers).toMatchObject([internalError, internalError])
    // All remaining work has finished once the database has no active queries.
    await until(async () => {
      const [active] = await at.sql`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle'`
      return active?.n === 0
    })
    const ids = answers.map(({ acsTransID = '' }) => acsTransID)
    expect(await at.sql`select state from challenges where acs_trans_id in ${at.sql(ids)}`).toEqual([])
    expect(await at.send(messages[0] ?? {})).toMatchObject({ transStatus: 'C' })
  })

  test('removes what was saved just as it was given up', async () => {
    const message = at.message(low)
    const answer = await at.sql.begin(async tx => {
      await tx`lock table authentications in exclusive mode`
      return at.send(message)
    })
    expect(answer).toMatchObject(internalError)
    await until(() => at.log.some(line => line.includes('areq.taken-back')))
    expect(await authenticationsOf(message.dsTransID)).toEqual([])
    expect(await at.send(message)).toMatchObject({ transStatus: 'Y' })
  })
})

describe('a flood', () => {
  const maxConcurrent = 3
  beforeAll(() => {
    at.changeIssuer(issuer => ({
      ...issuer,
      ranges: issuer.ranges.map(range => ({ ...range, attempts: true })),
      directoryServers: issuer.directoryServers.map(each => ({ ...each, maxConcurrent })),
    }))
    at.configure({})
  })
  afterAll(() => {
    at.changeIssuer(issuer => issuer)
    at.configure({})
  })

  test('over a directory server’s limit of concurrent AReqs is answered U at once, never A, and the others continue', async () => {
    const answers = await at.sql.begin(async tx => {
      await tx`lock table cards in access exclusive mode`
      const held = Array.from({ length: maxConcurrent }, () => at.areq({ acctNumber: cards.yui }))
      const excess = await Promise.all(Array.from({ length: 20 }, () => at.areq({ acctNumber: cards.yui })))
      return { excess, held: await Promise.all(held) }
    })
    for (const { transStatus, eci, authenticationValue } of [...answers.excess, ...answers.held])
      expect([transStatus, eci, authenticationValue]).toEqual(['U', '07', undefined])
    const ids = answers.excess.map(({ acsTransID = '' }) => acsTransID)
    expect(await at.sql`select 1 from authentications where acs_trans_id in ${at.sql(ids)}`).toEqual([])
    expect(at.log.filter(line => line.includes('areq.too-many')).length).toBe(1)
    await until(async () => (await at.areq(low)).transStatus === 'Y')
  })

  test('of one directory server does not affect another', async () => {
    await at.sql.begin(async tx => {
      await tx`lock table cards in access exclusive mode`
      const held = Array.from({ length: maxConcurrent + 5 }, () => at.areq())
      await Promise.all(held)
    })
    const foreign = { acctNumber: cards.stolen, dsReferenceNumber: 'SECOND-DS' }
    expect(await at.send(at.message(foreign), 'second')).toMatchObject({ transStatus: 'R' })
  })
})

describe('an attempt', () => {
  test('is made for a participating card that cannot be challenged, in a range that opted in: A, ECI 06, with a value that says so', async () => {
    const over = { acctNumber: cards.yui }
    expect(await at.areq(over)).toMatchObject({ transStatus: 'N', transStatusReason: '13' })
    at.changeIssuer(issuer => ({ ...issuer, ranges: issuer.ranges.map(range => ({ ...range, attempts: true })) }))
    at.configure({})
    const answer = await at.areq(over)
    expect(answer).toMatchObject({ transStatus: 'A', eci: '06' })
    expect(answer).not.toHaveProperty('transStatusReason')
    const bound = { amount: '12800', currency: '392', merchantID: String(at.message().acquirerMerchantID) }
    expect(await checkAuthenticationValue(answer.authenticationValue ?? '', cards.yui, bound)).toMatchObject({
      kind: 'valid',
      outcome: 'attempt',
    })
    expect(await at.areq({ acctNumber: cards.stolen })).toMatchObject({ transStatus: 'R' })
    expect(await at.areq({ ...over, messageCategory: '02' })).not.toHaveProperty('authenticationValue')
    at.changeIssuer(issuer => issuer)
    at.configure({})
  })
})

test('finds a card imported under the previous key as well as one under the key in use', async () => {
  const before = at.setting('KEY_CARD_LOOKUP')
  at.configure({ KEY_CARD_LOOKUP: `${freshKey(2)},${before}` })
  const found = await at.areq(low)
  at.configure({ KEY_CARD_LOOKUP: freshKey(2) })
  const lost = await at.areq(low)
  at.configure({ KEY_CARD_LOOKUP: before })
  expect([found.transStatus, lost.transStatus, lost.transStatusReason]).toEqual(['Y', 'N', '08'])
})

test.each(versions)(
  'stores nothing that identifies a cardholder: card number, expiry, name, e-mail, phones, addresses (%s)',
  async version => {
    const dsURL = at.directoryServer.url
    const message = fullAReq(version, { ...at.message({}, version), dsURL })
    const answer = await at.send(message)
    expect(answer).toMatchObject({ transStatus: 'C' })
    const [row] =
      await at.sql`select t::text as line from authentications t where ds_trans_id = ${String(message.dsTransID)}`
    const [challenge] =
      await at.sql`select t::text as line from challenges t where acs_trans_id = ${answer.acsTransID ?? ''}`
    const stored = `${row?.line}${challenge?.line}`
    expect(stored).toContain('Sample Shop')
    const planted = [cards.hanako, '2912', 'HANAKO', 'hanako@', 'gift@', '312345678', '9012345678', '387654321']
    const address = ['Kanda', 'Sample Building', 'Room 405', 'Chiyoda', '101-0047', '192.0.2.10', 'customer-4711']
    expect([...planted, ...address].filter(value => stored.includes(value))).toEqual([])
    expect(at.log.join('')).not.toMatch(
      new RegExp([...planted.filter(value => value.length > 4), ...address].join('|')),
    )
  },
)

test('without a challenge an AReq takes two statements: one reads, one writes', async () => {
  const statements: string[] = []
  const place = Symbol.for('safekey.database')
  const { drizzle } = await import('drizzle-orm/postgres-js')
  const pool = (globalThis as { [place]?: unknown })[place]
  const sql = postgres(at.url, { max: 1, debug: (_connection, query) => void statements.push(query) })
  Object.assign(globalThis, { [place]: { db: drizzle(sql), sql } })
  await at.areq(low)
  statements.length = 0
  const answer = await at.areq(low)
  Object.assign(globalThis, { [place]: pool })
  await sql.end()
  expect(answer).toMatchObject({ transStatus: 'Y' })
  expect(statements.map(statement => statement.trim().split(' ')[0])).toEqual(['select', 'with'])
})

/** A payment over each channel, with ids of its own. */
const channels = [
  ['an app', sampleAppAReq],
  ['a browser', sampleAReq],
  ['a requestor without the cardholder', sample3RIAReq],
] as const
const of = (sample: typeof sampleAReq, overrides: Overrides = {}) => {
  const { threeDSServerTransID, dsTransID, dsURL, dsReferenceNumber } = at.message()
  const own = { threeDSServerTransID, dsTransID, dsURL, dsReferenceNumber, acctNumber: cards.hanako }
  return sample('2.2.0', { ...own, ...overrides } as Overrides)
}

describe.each(channels)('from %s', (_whose, sample) => {
  test('[Req 25, 102, 287] an AReq with a fault gets an Erro that names it, and nothing is stored or sent', async () => {
    const faulty = of(sample, { purchaseAmount: 'much' })
    expect(await at.send(faulty)).toMatchObject({
      messageType: 'Erro',
      errorCode: '203',
      errorDetail: 'purchaseAmount',
    })
    expect(await authenticationsOf(faulty.dsTransID)).toEqual([])
    at.advance(3600)
    await at.deliver()
    expect(at.directoryServer.rreqs.filter(({ message }) => message.dsTransID === faulty.dsTransID)).toEqual([])
  })

  test('[Req 27, 104, 288] each ARes has an acsTransID of its own, in lower case', async () => {
    const answers = [await at.send(of(sample, low)), await at.send(of(sample, low))]
    const ids = answers.map(({ acsTransID }) => acsTransID)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    expect(new Set(ids).size).toBe(2)
  })

  test.each([
    ['a card on no list', cards.unknown, 'N', '08'],
    ['a stolen card', cards.stolen, 'R', '10'],
    ['a closed card', cards.closed, 'N', '12'],
  ])('[Req 28, 105, 289] %s is answered with an ARes that says why', async (_card, acctNumber, transStatus, reason) => {
    const answer = await at.send(of(sample, { acctNumber }))
    expect(answer).toMatchObject({ messageType: 'ARes', transStatus, transStatusReason: reason })
  })
})

test('answers any bytes with an Erro and never throws', async () => {
  const { authenticate } = await import('./authenticate.ts')
  const { config } = await import('../platform/config.ts')
  const [caller] = config().issuer.directoryServers
  if (!caller) throw new Error('no directory server')
  const junk = [
    '',
    '{',
    '[]',
    'null',
    '"AReq"',
    '{"messageType":"AReq"}',
    '{"messageType":"PReq"}',
    '\ud800',
    '{'.repeat(99),
  ]
  const answers = await Promise.all(junk.map(text => authenticate(Buffer.from(text), caller)))
  expect(answers.map(({ messageType }) => messageType)).toEqual(junk.map(() => 'Erro'))
})
