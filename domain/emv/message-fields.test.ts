import { describe, expect, test } from 'vitest'
import { isObject } from './check.ts'
import type { JsonObject } from './field.ts'
import { reportOn } from './report.ts'
import { badValues, formOf, goodValues, standsIn } from './testing/areq-fields.ts'
import { messages } from './testing/message-fields.ts'
import { versions, within } from './version.ts'

const transaction = { channel: '02', category: '01' } as const
const told = (message: object) =>
  reportOn(JSON.stringify(message), transaction).findings.map(({ code, field }) => `${code} ${field}`)

/** The message with one element (dotted name) set to another value; `undefined` removes it. */
function changed(message: JsonObject, name: string, value: unknown): JsonObject {
  const [first = '', ...rest] = name.split('.')
  const member = message[first]
  const inside = rest.length > 0 && isObject(member) ? changed(member, rest.join('.'), value) : value
  return { ...message, [first]: inside as JsonObject[string] }
}

const kinds = messages.flatMap(message =>
  versions.filter(version => within(version, message.since)).map(version => ({ ...message, version })),
)

describe.each(kinds)('$messageType $version', ({ version, elements, full }) => {
  const whole = full(version) as JsonObject
  const kind = { version, ...transaction }
  const known = elements.filter(element => standsIn(element, version))

  test('is valid with all its elements', () => {
    expect(told(whole)).toEqual([])
  })

  test.each(known)('is faulty without $name if that is required, or with an empty $name', ({ name, required }) => {
    const code = required ? '201' : '203'
    expect({
      absent: told(changed(whole, name, undefined)),
      null: told(changed(whole, name, null)),
      empty: told(changed(whole, name, '')),
    }).toEqual({ absent: required ? [`201 ${name}`] : [], null: [`${code} ${name}`], empty: [`${code} ${name}`] })
  })

  test.each(known)('accepts every valid value of $name', element => {
    const { name } = element
    // Another value may make other elements required, so only the faults of this element are compared.
    const refused = goodValues(formOf(element, kind)).filter(good =>
      told(changed(whole, name, good)).some(finding => finding.endsWith(` ${name}`)),
    )
    expect(refused).toEqual([])
  })

  test.each(known)('rejects every invalid value of $name', element => {
    const bad = [...badValues(formOf(element, kind), version)]
    const silent = bad.filter(
      ([, { value, code }]) => !told(changed(whole, element.name, value)).includes(`${code} ${element.name}`),
    )
    expect(silent.map(([what]) => what)).toEqual([])
  })
})

test.each(messages.filter(({ since }) => !since))(
  '$messageType of 2.1.0 ignores elements of later versions',
  ({ elements, full }) => {
    const later = elements.filter(
      ({ name, since }) =>
        since && !name.includes('.') && !elements.some(of => of.name === name && standsIn(of, '2.1.0')),
    )
    const odd = Object.fromEntries(later.map(({ name }) => [name, { whatever: 1 }]))
    expect(told({ ...full('2.1.0'), ...odd })).toEqual([])
  },
)
