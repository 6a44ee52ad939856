import { expect, test } from 'vitest'
import { approvesLargerFrom, mayApprove } from './device.ts'

const at = (time: string) => Date.parse(`${time}+09:00`)

test('a new device approves larger purchases from the third business day on', () => {
  const createdAt = at('2027-06-04T12:00:00')
  const from = at('2027-06-09T00:00:00')
  expect(approvesLargerFrom(createdAt)).toBe(from)
  expect(mayApprove({ createdAt }, true, from - 1)).toBe(false)
  expect(mayApprove({ createdAt }, true, from)).toBe(true)
  expect(mayApprove({ createdAt }, false, createdAt)).toBe(true)
})
