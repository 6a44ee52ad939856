import pino from 'pino'
import { expect, test } from 'vitest'
import { outgoing } from './outgoing.ts'

test('a message that its table does not allow is logged as an error, counted, and leaves', () => {
  const lines: string[] = []
  const place = {
    [Symbol.for('safekey.log')]: pino({ base: null }, { write: (line: string) => void lines.push(line) }),
  }
  Object.assign(globalThis, place)
  const acsTransID = 'd7c1ee99-9478-44a6-b1f2-391e29c6b340'
  const secret = 'a secret'
  const cres = {
    messageType: 'CRes',
    messageVersion: '2.3.1',
    threeDSServerTransID: acsTransID,
    acsTransID,
    transStatus: secret,
    challengeCompletionInd: 'Y',
  }
  expect([outgoing(cres, { channel: '02' }), outgoing(cres, { channel: '02' })]).toEqual([cres, cres])
  expect(outgoing({ ...cres, transStatus: 'Y', challengeCompletionInd: undefined })).toMatchObject({ transStatus: 'Y' })
  const fields = { level: 50, kind: 'CRes', why: '203 transStatus, 203 challengeCompletionInd', acsTransID }
  expect(lines.map(line => JSON.parse(line))).toMatchObject([
    { msg: 'message.faulty', count: 1, ...fields },
    { msg: 'message.faulty', count: 2, ...fields },
  ])
  expect(lines.join('')).not.toContain(secret)
})
