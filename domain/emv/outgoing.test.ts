import { expect, test } from 'vitest'
import { faultsOfOutgoing } from './outgoing.ts'

const ids = {
  messageVersion: '2.3.1',
  threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
  acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
}
const told = (...given: Parameters<typeof faultsOfOutgoing>) =>
  faultsOfOutgoing(...given).map(({ code, field }) => `${code} ${field}`)

test('finds what is missing, malformed, or has no place in a message of ours', () => {
  const cres = { messageType: 'CRes', ...ids, transStatus: 'Y' }
  expect(told(cres, { channel: '02' })).toEqual([])
  expect(told({ ...cres, transStatus: 'U' }, { channel: '02' })).toEqual(['203 transStatus'])
  expect(told({ ...cres, transStatus: undefined }, { channel: '02' })).toEqual(['201 transStatus'])
  // Only browsers of earlier versions get it.
  expect(told({ ...cres, challengeCompletionInd: 'Y' }, { channel: '02' })).toEqual(['203 challengeCompletionInd'])
})

test('a challenge’s RReq has the number of interactions, a decoupled one does not', () => {
  const rreq = {
    messageType: 'RReq',
    ...ids,
    dsTransID: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922',
    messageCategory: '02',
    transStatus: 'Y',
    authenticationMethod: ['12'],
  }
  expect(told(rreq, { channel: '02', decoupled: true })).toEqual([])
  expect(told(rreq, { channel: '02' })).toEqual(['201 interactionCounter'])
})

test('knows no other message as ours', () => {
  expect(told({ messageType: 'AReq', ...ids }, {})).toEqual(['203 messageType'])
  expect(told({ messageType: 'CRes', messageVersion: '2.0.0' }, {})).toEqual(['203 messageVersion'])
})
