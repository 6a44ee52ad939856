import { expect, test } from 'vitest'
import { readAnswer, type SignedAnswer, textOfAnswer } from './answer.ts'
import type { RequestContent } from './request.ts'
import { signedText } from './signed-text.ts'

const content: RequestContent = {
  id: '0b9e0000-0000-4000-8000-000000000000',
  merchant: 'Tea',
  lastFour: '0005',
  number: '07',
  askedAt: '2027-06-01T01:00:00.000Z',
  expiresAt: '2027-06-01T01:03:00.000Z',
}

test.each([
  ['approved', '０ 7', { kind: 'answer', answer: { kind: 'approved', number: '07' } }],
  ['approved', '7', { kind: 'number-malformed' }],
  ['approved', '', { kind: 'number-malformed' }],
  ['declined', '', { kind: 'answer', answer: { kind: 'declined' } }],
  ['declined', '07', { kind: 'answer', answer: { kind: 'declined' } }],
  ['reported', '', { kind: 'answer', answer: { kind: 'reported' } }],
  ['', '07', { kind: 'failed' }],
  ['withdrawn', '07', { kind: 'failed' }],
  ['toString', '07', { kind: 'failed' }],
])('%j with the number %j is read as an answer', (kind, number, expected) => {
  expect(readAnswer(kind, number)).toEqual(expected)
})

test('an approval signs the request with the number that was typed, which reveals nothing about the right one', () => {
  expect(textOfAnswer(content, { kind: 'approved', number: '07' })).toBe(signedText(content))
  expect(textOfAnswer(content, { kind: 'approved', number: '08' })).toBe(signedText({ ...content, number: '08' }))
  expect(textOfAnswer({ ...content, number: '09' }, { kind: 'approved', number: '08' })).toBe(
    textOfAnswer(content, { kind: 'approved', number: '08' }),
  )
})

test('no two answers sign the same text, and a refusal does not have the number', () => {
  const answers: SignedAnswer[] = [
    { kind: 'approved', number: '07' },
    { kind: 'approved', number: '08' },
    { kind: 'declined' },
    { kind: 'reported' },
  ]
  expect(new Set(answers.map(answer => textOfAnswer(content, answer))).size).toBe(answers.length)
  expect(JSON.parse(textOfAnswer(content, { kind: 'declined' }))).not.toHaveProperty('number')
})
