import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { contactPolicy } from './policy.ts'
import { judgeSms, type SmsCap, type SmsCaps, smsPrefix } from './sms-caps.ts'

const names = Object.keys(contactPolicy.smsCaps) as SmsCap[]
const caps = fc.record(
  Object.fromEntries(names.map(name => [name, fc.integer({ min: 1, max: 50 })])),
) as fc.Arbitrary<SmsCaps>

/**
 * Sends messages one after another, each with one subject per cap. Returns the number sent and the alarms by cap and
 * subject.
 */
function send(allowed: SmsCaps, messages: readonly Partial<Record<SmsCap, number>>[]) {
  const sent = new Map<string, number>()
  const alarms: string[] = []
  for (const message of messages) {
    const counted = Object.entries(message).map(([cap, subject]) => ({ cap: cap as SmsCap, key: `${cap} ${subject}` }))
    const verdict = judgeSms(
      counted.map(({ cap, key }) => ({ cap, count: (sent.get(key) ?? 0) + 1 })),
      allowed,
    )
    if (verdict.exceeded.length === 0) for (const { key } of counted) sent.set(key, (sent.get(key) ?? 0) + 1)
    for (const { cap, key } of counted) if (verdict.alarms.includes(cap)) alarms.push(key)
  }
  return { sent, alarms }
}

const messages = fc.array(fc.record(Object.fromEntries(names.map(name => [name, fc.nat(2)]))), { maxLength: 300 })

describe('text messages', () => {
  test('never exceed a cap, and are refused only when one is used up', () => {
    fc.assert(
      fc.property(caps, messages, (allowed, asked) => {
        const { sent } = send(allowed, asked)
        for (const [key, count] of sent) expect(count).toBeLessThanOrEqual(allowed[key.split(' ')[0] as SmsCap])
        const alone = send(allowed, asked.slice(0, 1)).sent
        expect([...alone.values()]).toEqual(asked.length > 0 ? names.map(() => 1) : [])
      }),
    )
  })

  test('raise one alarm for each subject and period, when four fifths are used', () => {
    fc.assert(
      fc.property(caps, messages, (allowed, asked) => {
        const { sent, alarms } = send(allowed, asked)
        expect(new Set(alarms).size).toBe(alarms.length)
        for (const [key, count] of sent) {
          const most = allowed[key.split(' ')[0] as SmsCap]
          expect(alarms.includes(key)).toBe(count >= most * 0.8)
        }
      }),
    )
  })

  test.each([
    ['+819012345678', '819012'],
    ['+81 90-1234-5678', '819012'],
    ['+12125551234', '121255'],
  ])('to %s are counted under %s', (number, prefix) => {
    expect(smsPrefix(number)).toBe(prefix)
  })
})
