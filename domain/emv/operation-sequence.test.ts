import { expect, test } from 'vitest'
import { type OperationSequence, opStatusOf, withMessage } from './operation-sequence.ts'

/** opStatus after each message, written `number/total`; `-` while more are to come. */
function answers(...messages: string[]): string {
  let sequence: OperationSequence | undefined
  return messages
    .map(message => {
      const [number = 0, total = 0] = message.split('/').map(Number)
      sequence = withMessage(sequence, number, total)
      return opStatusOf(sequence) ?? '-'
    })
    .join(' ')
}

test.each([
  [['1/1'], '01'],
  [['1/3', '2/3', '3/3'], '- - 01'],
  [['1/3', '2/3', '2/3', '3/3', '3/3'], '- - - 01 01'],
  [['1/3', '3/3'], '- 02'],
  [['2/2'], '02'],
  [['1/3', '2/4', '3/4', '4/4'], '- - - 02'],
  [['1/4', '3/4', '2/4', '4/4'], '- - - 02'],
  [['1/2', '2/3', '3/3', '1/2', '2/2'], '- - 02 - 01'],
])('OReqs %j are answered %s', (messages, statuses) => {
  expect(answers(...messages)).toBe(statuses)
})
