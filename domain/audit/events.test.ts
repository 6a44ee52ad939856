import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type AuditEvent, type AuditType, auditEvents, auditFields, operatorEvents } from './events.ts'
import { namesSomeone } from './fields.ts'

/** Personal data that must never reach the log, as text and as numbers. */
const personal = [
  ...['hanako@cardholder.example', '山田 花子', 'Hanako Yamada', '123456', '4000 0000 0000 0002', '378282246310005'],
  ...[
    '+81 90-1234-5678',
    '090-1234-5678',
    '03(1234)5678',
    '192.0.2.1',
    378282246310005,
    4000000000000002,
    819012345678,
  ],
]

const types = Object.keys(auditEvents) as AuditType[]
const fieldsOf = (type: AuditType) => (auditEvents[type].fields as z.ZodObject).shape as Record<string, z.ZodType>
const all = types.flatMap(type => Object.entries(fieldsOf(type)).map(([field, schema]) => ({ type, field, schema })))
const ofOperators = Object.fromEntries(operatorEvents.map(type => [type, true]))
/** Fields in which operators give their name and their reason. */
const operatorFields = all
  .filter(({ field }) => field === 'by' || field === 'reason')
  .filter(({ type }) => type in ofOperators)

describe('an audit event', () => {
  test.each(all.filter(({ type }) => !(type in ofOperators)))(
    'of type $type accepts no personal data in its field $field',
    ({ schema }) => {
      expect(personal.filter(value => schema.safeParse(value).success)).toEqual([])
    },
  )

  test.each(types)('of type %s rejects unknown fields', type => {
    const event = { type, email: 'hanako@cardholder.example' } as unknown as AuditEvent
    expect(() => auditFields(event)).toThrow(z.ZodError)
  })

  test('accepts an operator’s text without an e-mail address, card number or telephone number', () => {
    expect(operatorFields.length).toBeGreaterThan(0)
    const sayable = personal.filter(value => operatorFields.some(({ schema }) => schema.safeParse(value).success))
    expect(sayable).toEqual(['山田 花子', 'Hanako Yamada', '123456', '192.0.2.1'])
  })

  test('is accepted with the fields of its type', () => {
    expect(auditFields({ type: 'signed-in', method: 'passkey' })).toEqual({ method: 'passkey' })
    expect(auditFields({ type: 'payment-decided', answer: 'challenge', rule: 'amount' })).toEqual({
      answer: 'challenge',
      rule: 'amount',
    })
    expect(auditFields({ type: 'account-closed' })).toEqual({})
  })
})

describe('the text of an operator identifies a person', () => {
  test.each(['４１１１ １１１１ １１１１ １１１１', 'called 090-1234-5678 back', 'mail from a@b.example'])(
    'when it is %j',
    text => {
      expect(namesSomeone(text)).toBe(true)
    },
  )

  test.each(['identity checked, ticket INC0012345', 'agreed on 2026-11-27 10:00', 'two at once, see #12345678'])(
    'but not when it is %j',
    text => {
      expect(namesSomeone(text)).toBe(false)
    },
  )
})
