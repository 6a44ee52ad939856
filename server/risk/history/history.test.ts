import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { transaction } from '#db/client.ts'
import { removeAuthentication } from '#db/queries/authentications.ts'
import { lockRiskEvents } from '#db/queries/risk-history.ts'
import { parseMessage } from '#domain/emv/codec.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { type Overrides, sampleAppAReq } from '#domain/emv/testing/sample-areq.ts'
import type { PolicySignals } from '#domain/risk/history/signal-table.ts'
import { trustMerchantOf } from '../../account/merchants.ts'
import { reportActivity } from '../../account/report-activity.ts'
import { identify } from '../../authentication/identify.ts'
import { receiveAReq } from '../../authentication/receive.ts'
import { submitAnswer } from '../../challenge/submit.ts'
import { now } from '../../platform/clock.ts'
import { config } from '../../platform/config.ts'
import { retention } from '../../retention.ts'
import { browserOf } from '../../testing/browser.ts'
import { cardNumber } from '../../testing/cards.ts'
import { belowLimit, type Deployment, otherThan, startDeployment } from '../../testing/deployment.ts'
import { type Person, peopleOf } from '../../testing/people.ts'
import { SmsGatewayDouble } from '../../testing/sms-gateway.ts'
import { policySignalsOf } from '../policy-signals.ts'
import { foldEvents, foldRounds } from './fold.ts'

let at: Deployment
const gateway = new SmsGatewayDouble()
const people = peopleOf(() => at, gateway, 'history')
const hour = 3600

const withRisk = (ordinary: object) => ({
  ...ordinary,
  challengeAboveAtTrustedMerchant: { '392': '30000' },
  risk: { currency: '392', rates: { '392': 1, '840': 1.5 } },
})

beforeAll(async () => {
  await gateway.start()
  at = await startDeployment(gateway.settings())
  at.changeIssuer(withRisk)
  at.configure({})
})
afterAll(async () => {
  await at.stop()
  await gateway.stop()
})
beforeEach(() => at.toNextMorning())

/** What a policy would read of an AReq that arrives now. The AReq itself is not answered. */
async function signalsIn(message: JsonObject): Promise<PolicySignals> {
  const [directoryServer] = config().issuer.directoryServers
  const received =
    directoryServer && receiveAReq(parseMessage(Buffer.from(JSON.stringify(message))), directoryServer, now())
  if (received?.kind !== 'request') throw new Error('refused')
  const found = policySignalsOf(await identify(received.request, now()))
  if (!found) throw new Error('no signals')
  return found
}

const signals = (overrides: Overrides) => signalsIn(at.message({ purchaseAmount: belowLimit, ...overrides }))
const pay = (overrides: Overrides) => at.areq({ purchaseAmount: belowLimit, ...overrides })

async function foldAll(): Promise<void> {
  while (await foldEvents(500));
}

async function counts(cardId?: string): Promise<{ events: number; rows: number }> {
  const [row] = await at.sql`
    select (select count(*)::int from risk_events where ${cardId ?? null}::uuid is null or card_id = ${cardId ?? null}) as events,
      (select count(*)::int from risk_rows where ${cardId ?? null}::text is null or key = ${cardId ?? null}) as rows`
  return { events: Number(row?.events), rows: Number(row?.rows) }
}

async function cardIdOf({ cardholderId }: Person): Promise<string> {
  const [row] = await at.sql`select id from cards where cardholder_id = ${cardholderId}`
  return String(row?.id)
}

/** Makes a payment with a challenge that the cardholder passes, or does not. */
async function challenge(overrides: Overrides, passes: boolean): Promise<void> {
  await at.deliver()
  const { windowKey } = await at.window(overrides)
  await at.deliver()
  for (let i = 0; i < 9; i++) {
    const answered = await submitAnswer(windowKey, passes ? gateway.code : otherThan(gateway.code))
    if (answered.kind === 'ended') return
  }
  throw new Error('the challenge has not ended')
}

describe('the signals of an AReq', () => {
  test('come from each of their sources', async () => {
    const { acctNumber, ...who } = await people.person()
    const browser = browserOf()
    const inBrowser = async (overrides: Overrides = {}) => ({ acctNumber, ...(await browser()), ...overrides })
    const atMerchant = { acquirerMerchantID: 'shop-1', mcc: '5411' }

    // From the AReq alone.
    expect(
      await signals(
        await inBrowser({ ...atMerchant, purchaseAmount: '1200', purchaseCurrency: '840', purchaseExponent: '2' }),
      ),
    ).toMatchObject({
      ...{ amount: 1800, category: '5411', channel: '02', trusted: false },
      ...{ cardPayments: 0, merchantPayments: 0, deviceDays: -1, networkDays: -1, daysSinceContactChange: 999 },
    })

    // From the card's own history, its device and network.
    await pay(await inBrowser(atMerchant))
    await foldAll()
    at.advance(2 * 24 * hour)
    await challenge(await inBrowser({ ...atMerchant, purchaseAmount: '12800' }), true)
    const known = await signals(await inBrowser(atMerchant))
    expect(known).toMatchObject({ cardPayments: 2, merchantPayments: 2, categoryShare: 1, deviceProved: true })
    expect(known.deviceDays).toBeCloseTo(2, 1)
    expect(known.networkDays).toBeCloseTo(2, 1)
    expect((await signals({ acctNumber, browserIP: '203.0.113.99' })).networkDays).toBeCloseTo(2, 1)
    expect((await signals({ acctNumber, browserIP: '203.0.114.7' })).networkDays).toBe(-1)

    // From what others did at the merchant, in the network and on the device.
    for (let i = 0; i < 3; i++) {
      const unknown = await pay(await inBrowser({ ...atMerchant, acctNumber: cardNumber(99_999) }))
      expect(unknown).toMatchObject({ transStatus: 'N', transStatusReason: '08' })
    }
    await foldAll()
    const attacked = await signals(await inBrowser(atMerchant))
    for (const name of ['merchantUnknownHour', 'networkUnknownHour', 'deviceUnknownHour'] as const)
      expect(attacked[name], name).toBeCloseTo(3, 1)

    // From the cardholder: failures, a trusted merchant, a changed contact, a report.
    await challenge(await inBrowser({ ...atMerchant, purchaseAmount: '12800' }), false)
    expect((await signals({ acctNumber })).failuresDay).toBeCloseTo(1, 1)
    const actor = await people.strong({ ...who, acctNumber })
    await trustMerchantOf(actor, await lastPayment(who.cardholderId))
    expect((await signals(await inBrowser(atMerchant))).trusted).toBe(true)
    await people.change(await people.strong({ ...who, acctNumber }), 'email')
    at.advance(3 * 24 * hour)
    expect((await signals({ acctNumber })).daysSinceContactChange).toBeLessThan(3.1)
    await reportActivity(actor, 'payment', await lastPayment(who.cardholderId))
    const reported = await signals(await inBrowser(atMerchant))
    expect(reported.daysSinceReport).toBeCloseTo(0, 1)
    expect(reported).toMatchObject({ deviceProved: false, deviceDays: -1 })
  })

  test('know the app of a phone', async () => {
    const { acctNumber } = await people.person()
    const message = (overrides: Overrides = {}) => {
      const { threeDSServerTransID, dsTransID, dsURL } = at.message()
      const ids = { threeDSServerTransID, dsTransID, dsURL }
      return sampleAppAReq('2.2.0', { acctNumber, purchaseAmount: belowLimit, ...ids, ...overrides } as Overrides)
    }
    await at.send(message())
    await foldAll()
    expect((await signalsIn(message())).deviceCardsDay).toBe(1)
    expect((await signalsIn(message({ sdkAppID: randomUUID() }))).deviceCardsDay).toBe(0)
  })
})

describe('the velocity of a card', () => {
  test('counts what was answered before, whether it is folded or not', async () => {
    const { acctNumber } = await people.person()
    for (let earlier = 0; earlier < 6; earlier++) {
      expect((await signals({ acctNumber })).cardCountHour).toBeCloseTo(earlier, 1)
      await pay({ acctNumber })
      if (earlier % 2 === 0) await foldAll()
    }
  })

  test('counts every one of many AReqs at once, while two workers fold', async () => {
    const { acctNumber } = await people.person()
    let open = true
    const fold = async () => {
      while (open) await foldEvents(3)
    }
    const folding = [fold(), fold()]
    await Promise.all(Array.from({ length: 15 }, () => pay({ acctNumber })))
    const during = await signals({ acctNumber })
    open = false
    await Promise.all(folding)
    await foldAll()
    for (const { cardCountHour, cardSumDay } of [during, await signals({ acctNumber })]) {
      expect(cardCountHour).toBeCloseTo(15, 0)
      expect(cardSumDay).toBeCloseTo(16 * Number(belowLimit), -2)
    }
  })

  test('does not count an AReq twice that is repeated', async () => {
    const { acctNumber } = await people.person()
    const message = at.message({ acctNumber, purchaseAmount: belowLimit })
    await Promise.all([at.send(message), at.send(message), at.send(message)])
    expect((await signals({ acctNumber })).cardCountHour).toBeCloseTo(1, 1)
  })
})

describe('an event', () => {
  test('is folded exactly once, although a transaction was aborted and others fold at once', async () => {
    await foldAll()
    const who = await people.person()
    const card = await cardIdOf(who)
    for (let i = 0; i < 5; i++) await pay({ acctNumber: who.acctNumber })
    const before = await counts(card)
    // The last statement of the transaction fails: all rows have been written by then.
    await at.sql.unsafe(`create function fails() returns trigger language plpgsql as $$ begin raise 'no'; end $$;
      create trigger fails before delete on risk_events for each statement execute function fails()`)
    await expect(foldEvents(500)).rejects.toThrow()
    await at.sql.unsafe('drop trigger fails on risk_events; drop function fails')
    expect(await counts(card)).toEqual(before)
    expect(before).toEqual({ events: 5, rows: 0 })

    // Another worker has begun to fold the same events.
    await transaction(async tx => {
      expect(await lockRiskEvents(tx, 500)).toHaveLength(5)
      expect(await foldEvents(500)).toBe(false)
    })
    expect(await counts(card)).toEqual(before)

    await Promise.all(Array.from({ length: 4 }, () => foldEvents(500)))
    expect(await counts(card)).toEqual({ events: 0, rows: 1 })
    expect(await signals({ acctNumber: who.acctNumber })).toMatchObject({ cardPayments: 5 })
  })

  test('that cannot be folded is dropped and logged, and stops no other', async () => {
    await foldAll()
    const who = await people.person()
    const card = await cardIdOf(who)
    await pay({ acctNumber: who.acctNumber })
    await at.sql`update risk_events set event = '{"kind":"ended"}' where card_id = ${card}`
    for (let i = 0; i < 3; i++) await pay({ acctNumber: who.acctNumber })
    const round = foldRounds(4)
    const failures: unknown[] = []
    for (let rounds = 0; (await counts()).events > 0 && rounds < 20; rounds++)
      await round().catch(error => void failures.push(error))
    // Four, two and one at a time; the one is dropped.
    expect(failures).toHaveLength(2)
    expect(await signals({ acctNumber: who.acctNumber })).toMatchObject({ cardPayments: 3 })
    expect(at.log.filter(line => line.includes('history.event-dropped'))).toHaveLength(1)
  })

  test('stays in the queue while the database is in trouble', async () => {
    const who = await people.person()
    await pay({ acctNumber: who.acctNumber })
    await at.sql.unsafe(`create function fails() returns trigger language plpgsql
      as $$ begin raise 'full' using errcode = 'disk_full'; end $$;
      create trigger fails before delete on risk_events for each statement execute function fails()`)
    const round = foldRounds(1)
    for (let i = 0; i < 3; i++) await expect(round()).rejects.toThrow()
    await at.sql.unsafe('drop trigger fails on risk_events; drop function fails')
    expect(await counts(await cardIdOf(who))).toMatchObject({ events: 1 })
  })

  test('has no address, and no number of a card', async () => {
    const { acctNumber } = await people.person()
    await pay({ acctNumber, browserIP: '198.51.100.42' })
    const unknown = cardNumber(99_999)
    await pay({ acctNumber: unknown, browserIP: '198.51.100.42' })
    const queued = await at.dump()
    await foldAll()
    for (const dump of [queued, await at.dump()]) expect(dump).not.toMatch(new RegExp(`198\\.51\\.100|${unknown}`))
    const networks = await at.sql`select key from risk_rows where kind = 'network'`
    for (const { key } of networks) expect(key).toMatch(/^[\w-]{22}$/)
  })

  test('of an AReq that is taken back goes with it', async () => {
    const { acctNumber } = await people.person()
    const { acsTransID } = await pay({ acctNumber })
    expect(await removeAuthentication(await at.idOf(acsTransID))).toBe(true)
    expect((await signals({ acctNumber })).cardCountHour).toBe(0)
  })
})

describe('the history of a card', () => {
  test('is deleted with its cardholder, and does not come back', async () => {
    const who = await people.person()
    const card = await cardIdOf(who)
    await pay({ acctNumber: who.acctNumber })
    await foldAll()
    await pay({ acctNumber: who.acctNumber })
    expect(await counts(card)).toEqual({ events: 1, rows: 1 })
    const [event] = await at.sql`select * from risk_events where card_id = ${card}`
    await at.sql`delete from cardholders where id = ${who.cardholderId}`
    expect(await counts(card)).toEqual({ events: 0, rows: 0 })
    // As if a worker had read it just before.
    await at.sql`insert into risk_events ${at.sql(event ?? {})}`
    await foldAll()
    expect(await counts(card)).toEqual({ events: 0, rows: 0 })
  })

  test('is kept as long as payments; that of a merchant, network or device for 90 days', async () => {
    const browser = browserOf()
    const { acctNumber } = await people.person()
    await pay({ acctNumber, ...(await browser()) })
    await foldAll()
    const kinds = async () => (await at.sql`select distinct kind from risk_rows order by 1`).map(({ kind }) => kind)
    const purge = async () => {
      await retention(500)()
      return kinds()
    }
    at.advance(90 * 24 * hour)
    expect(await purge()).toEqual(['card', 'device', 'merchant', 'network'])
    at.advance(24 * hour)
    expect(await purge()).toEqual(['card'])
    at.advance(460 * 24 * hour)
    expect(await purge()).toEqual([])
  })
})

test('without the issuer’s wish nothing is remembered', async () => {
  const { acctNumber } = await people.person()
  await foldAll()
  const before = await counts()
  at.changeIssuer(ordinary => ordinary)
  at.configure({})
  await pay({ acctNumber })
  await challenge({ acctNumber }, true)
  expect(await counts()).toEqual(before)
  await expect(signals({ acctNumber })).rejects.toThrow('no signals')
  at.changeIssuer(withRisk)
  at.configure({})
})

/** acsTransID of the cardholder's last payment with a challenge. */
async function lastPayment(cardholderId: string): Promise<string> {
  const [row] = await at.sql`
    select acs_trans_id from challenges join cards on cards.id = card_id
    where cardholder_id = ${cardholderId} and outcome = 'authenticated' order by created_at desc limit 1`
  return String(row?.acs_trans_id)
}
