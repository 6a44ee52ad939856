import { expect, test } from 'vitest'
import { batched } from './batch.ts'

const isMemberError = (error: unknown) => (error as Error).message === 'thirteen'

/** Work that doubles numbers, rejects 13, and waits until `open` is called; `calls` records the batches. */
function doubling() {
  const calls: number[][] = []
  let open: () => void = () => {}
  const gate = new Promise<void>(resolve => {
    open = resolve
  })
  const work = async (asked: readonly number[]) => {
    calls.push([...asked])
    await gate
    if (asked.includes(13)) throw new Error('thirteen')
    if (asked.includes(99)) throw new Error('outage')
    return asked.map(number => number * 2)
  }
  return { calls, work, open }
}

test('sends simultaneous requests in one batch, and each caller gets its own answer', async () => {
  const { calls, work, open } = doubling()
  const double = batched(work, { atOnce: 1, most: 100, isMemberError })
  const first = Promise.all([1, 2].map(double))
  await turn()
  const second = Promise.all([3, 4, 5].map(double))
  open()
  expect(await first).toEqual([2, 4])
  expect(await second).toEqual([6, 8, 10])
  expect(calls).toEqual([
    [1, 2],
    [3, 4, 5],
  ])
})

test('a request that cannot be answered fails alone', async () => {
  const { work, open } = doubling()
  const double = batched(work, { atOnce: 1, most: 100, isMemberError })
  const answers = Promise.allSettled([1, 2, 13, 4].map(double))
  open()
  expect(await answers).toMatchObject([{ value: 2 }, { value: 4 }, { reason: { message: 'thirteen' } }, { value: 8 }])
})

test('an outage fails all members of a batch at once, and the next batch is tried', async () => {
  const { calls, work, open } = doubling()
  const double = batched(work, { atOnce: 1, most: 3, isMemberError })
  const answers = Promise.allSettled([1, 99, 2, 4].map(double))
  open()
  const failed = { reason: { message: 'outage' } }
  expect(await answers).toMatchObject([failed, failed, failed, { value: 8 }])
  expect(calls).toEqual([[1, 99, 2], [4]])
})

test('limits the size of batches and the number of concurrent batches', async () => {
  const { calls, work, open } = doubling()
  const double = batched(work, { atOnce: 2, most: 3, isMemberError })
  const answers = []
  for (const number of [1, 2, 3]) {
    answers.push(double(number))
    await turn()
  }
  answers.push(...[4, 5, 6, 7].map(double))
  await turn()
  expect(calls).toEqual([[1], [2]])
  open()
  expect(await Promise.all(answers)).toEqual([2, 4, 6, 8, 10, 12, 14])
  expect(calls.slice(2)).toEqual([
    [3, 4, 5],
    [6, 7],
  ])
})

/** Waits for the end of this turn of the event loop. */
function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}
