import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { codeDigits } from '#domain/code/policy.ts'
import { parseKeyRing, purposes } from '../platform/key-ring.ts'
import { localKeys } from '../platform/keys.ts'
import { type CodeBinding, compareCode, drawCode } from './one-time-code.ts'

const secrets = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]

/** Holds these versions of the key for codes, the one in use first. */
function hold(...ids: number[]) {
  const ring = parseKeyRing(ids.map(id => `${id}:${secrets[id - 1]}`).join(',')) ?? []
  const rings = Object.fromEntries(purposes.map(purpose => [purpose, ring])) as never
  Object.assign(globalThis, { [Symbol.for('safekey.keys')]: localKeys(rings) })
}
hold(1)

const binding: CodeBinding = { purpose: 'challenge', subject: 'one' }

/** A code other than the given ones. */
function otherThan(...codes: readonly string[]): string {
  for (let number = 0; ; number += 1) {
    const code = String(number).padStart(codeDigits, '0')
    if (!codes.includes(code)) return code
  }
}

test('recognises the code that was drawn, and no other', async () => {
  const { code, stored } = await drawCode(binding)
  expect(code).toMatch(/^[0-9]{6}$/)
  expect(await compareCode(binding, stored, code)).toEqual({ kind: 'match' })
  expect(await compareCode(binding, stored, otherThan(code))).toEqual({ kind: 'other' })
})

test('recognises nothing if no code is stored', async () => {
  expect(await compareCode(binding, undefined, '012345')).toEqual({ kind: 'other' })
})

test('binds a code to its purpose and subject', async () => {
  const { code, stored } = await drawCode(binding)
  const elsewhere: CodeBinding[] = [
    { ...binding, subject: 'other' },
    { ...binding, purpose: 'confirmation' },
  ]
  for (const other of elsewhere) expect(await compareCode(other, stored, code)).toEqual({ kind: 'other' })
})

test('recognises each replaced code, and whether it has been entered before', async () => {
  const first = await drawCode(binding)
  const second = await drawCode(binding, first.stored)
  const { stored, ...third } = await drawCode(binding, second.stored)
  const entered = await compareCode(binding, stored, first.code)
  if (entered.kind !== 'earlier') throw new Error(entered.kind)
  expect(entered.first).toBe(true)
  const after = { ...stored, earlier: entered.earlier }
  expect(await compareCode(binding, after, first.code)).toMatchObject({ kind: 'earlier', first: false })
  expect(await compareCode(binding, after, second.code)).toMatchObject({ kind: 'earlier', first: true })
  expect(await compareCode(binding, after, third.code)).toEqual({ kind: 'match' })
})

test('compares under the key that the code was drawn under, while that key is held', async () => {
  const { code, stored } = await drawCode(binding)
  hold(2, 1)
  expect(await compareCode(binding, stored, code)).toEqual({ kind: 'match' })
  hold(2)
  expect(await compareCode(binding, stored, code)).toEqual({ kind: 'other' })
  hold(1)
})
