import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { areq } from '#domain/emv/areq.ts'
import { check } from '#domain/emv/check.ts'
import type { JsonObject } from '#domain/emv/field.ts'
import { isCurrency } from '#domain/kernel/iso.ts'
import { generateHistory } from './generate.ts'
import { fraudPatterns, type Labelled } from './labelled.ts'
import { yenPerMinorUnit } from './market.ts'
import { heldOutSeeds, tuningSeeds } from './seeds.ts'

const history = [...generateHistory({ seed: 3, cards: 800 })]
const authentications = history.flatMap(({ event, ...labels }) =>
  event.kind === 'authentication' ? [{ ...labels, event }] : [],
)

describe('a generated history', () => {
  test('is the same for the same seed, in every process and on every machine', () => {
    const digest = createHash('sha256')
    for (const labelled of generateHistory({ seed: 7, cards: 200, days: 90 })) digest.update(JSON.stringify(labelled))
    expect(digest.digest('hex')).toBe('33adaa54e43c4888c787db41ab130463e9ccd31c5d837f54ad9d13686721a572')
  })

  test('is another one for another seed', () => {
    const [first] = generateHistory({ seed: 1, cards: 60 })
    const [other] = generateHistory({ seed: 2, cards: 60 })
    expect(first).not.toEqual(other)
  })

  test('is in the order of time, and each authentication has an id of its own', () => {
    const times = history.map(({ event }) => event.at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(new Set(authentications.map(({ event }) => event.id)).size).toBe(authentications.length)
  })

  test('has fraud of each pattern, and not before habits can be known', () => {
    const frauds = authentications.filter(({ fraud }) => fraud !== undefined)
    expect(new Set(frauds.map(({ fraud }) => fraud))).toEqual(new Set(fraudPatterns))
    const begin = history[0]?.event.at ?? 0
    expect(Math.min(...frauds.map(({ event }) => event.at))).toBeGreaterThan(begin + 59 * 86_400_000)
  })

  test('has more payments at weekends, in December and in the evening', () => {
    const genuine = authentications.filter(({ event, fraud }) => !fraud && event.areq.deviceChannel === '02')
    const share = (test: (tokyo: Date) => boolean) =>
      genuine.filter(({ event }) => test(new Date(event.at + 9 * 3_600_000))).length / genuine.length
    expect(share(tokyo => [0, 6].includes(tokyo.getUTCDay()))).toBeGreaterThan(2 / 7)
    expect(share(tokyo => tokyo.getUTCMonth() === 11)).toBeGreaterThan(31 / 184)
    expect(share(tokyo => tokyo.getUTCHours() >= 18)).toBeGreaterThan(0.4)
  })

  test('has cardholders who nearly never buy, and families who share an address and a device', () => {
    const cardsOf = (key: (each: Labelled) => string | undefined) => {
      const cards = new Map<string, Set<string>>()
      for (const each of authentications) {
        const [name, card] = [key(each), each.event.card]
        if (name !== undefined && card && !each.fraud) cards.set(name, (cards.get(name) ?? new Set()).add(card))
      }
      return [...cards.values()].map(({ size }) => size)
    }
    expect(Math.max(...cardsOf(({ event }) => ('device' in event ? event.device : undefined)))).toBeGreaterThan(1)
    const payments = new Map<string | undefined, number>()
    for (const { event } of authentications) payments.set(event.card, (payments.get(event.card) ?? 0) + 1)
    expect([...payments.values()].filter(count => count <= 3).length).toBeGreaterThan(20)
  })

  test('has payments in browsers and apps, and subscriptions, by thieves as well', () => {
    const channels = (some: typeof authentications) => new Set(some.map(({ event }) => event.areq.deviceChannel))
    expect(channels(authentications)).toEqual(new Set(['01', '02', '03']))
    expect(channels(authentications.filter(({ fraud }) => fraud))).toEqual(new Set(['01', '02']))
  })

  test('has AReqs whose elements are valid', () => {
    const faults = authentications.slice(-3000).flatMap(({ event }) => {
      const message = { ...event.areq, messageVersion: '2.2.0' } as JsonObject
      return check(areq, message, { version: '2.2.0' }).filter(({ code }) => code !== '201')
    })
    expect(faults).toEqual([])
  })

  test('has amounts and currencies that the issuer’s table converts', () => {
    for (const { event } of authentications) {
      const { purchaseAmount = '', purchaseCurrency = '' } = event.areq
      expect(purchaseAmount).toMatch(/^[1-9]\d{0,8}$/)
      expect(isCurrency(purchaseCurrency) && purchaseCurrency in yenPerMinorUnit).toBe(true)
    }
  })
})

test('seeds for tuning are not used to judge', () => {
  expect(tuningSeeds.filter(seed => heldOutSeeds.includes(seed))).toEqual([])
})
