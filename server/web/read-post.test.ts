import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { readPost } from './read-post.ts'

async function post(fields: readonly (readonly [string, string])[], headers: Readonly<Record<string, string>> = {}) {
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  const whole = new Response(form)
  const request = Object.assign(new IncomingMessage(new Socket()), {
    method: 'POST',
    headers: { 'content-type': whole.headers.get('content-type') ?? '', ...headers },
  })
  request.push(Buffer.from(await whole.arrayBuffer()))
  request.push(null)
  const answer = await readPost(request)
  return typeof answer === 'number' ? answer : 'read'
}

const call = { 'next-action': '40a1' }

test.each([
  [
    [
      ['0', '["$K1"]'],
      ['_1_email', 'a@mail.example'],
      ['_1_$ACTION_ID_40a1', ''],
    ],
    'read',
  ],
  [
    [
      ['0', '["contact-email","$K1"]'],
      ['_1_email', 'half'],
    ],
    'read',
  ],
  [[['0', '["$K1"]']], 'read'],
  [[], 400],
  [[['0', '[]']], 400],
  [[['0', '["$K1","$K1"]']], 400],
  [[['0', '["$F1","$K1"]']], 400],
  [
    [
      ['0', '["$K1"]'],
      ['0', '["$K1"]'],
    ],
    400,
  ],
  [
    [
      ['0', '["$K1"]'],
      ['2', '{}'],
    ],
    400,
  ],
  [
    [
      ['0', '["$K1"]'],
      ['1', '{}'],
    ],
    400,
  ],
  [[['0', '[["$K1"]]']], 400],
  [[['_1_email', 'a']], 400],
] as const)('a call of an action has a form, and at most a name before it: %j', async (fields, expected) => {
  expect(await post(fields, call)).toBe(expected)
})

test('a form without a call may have any fields except bound actions', async () => {
  expect(
    await post([
      ['0', '[]'],
      ['email', 'a'],
    ]),
  ).toBe('read')
  expect(await post([['$ACTION_REF_1', '']])).toBe(400)
})
