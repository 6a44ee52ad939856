import { expect, test } from 'vitest'
import { idHeaders } from './headers.ts'

const ids = { dsTransID: 'ds', acsTransID: 'acs', sdkTransID: 'sdk' }

test.each([
  ['ARes', { 'x-request-id': 'ds', 'x-response-id': 'acs' }],
  ['ORes', { 'x-request-id': 'ds', 'x-response-id': 'acs' }],
  ['RReq', { 'x-request-id': 'acs' }],
  ['CRes', { 'x-request-id': 'sdk', 'x-response-id': 'acs' }],
  ['Erro', {}],
])('gives an %s of 2.3.1 the ids of table A.29', (messageType, headers) => {
  expect(idHeaders({ messageType, messageVersion: '2.3.1', ...ids })).toEqual(headers)
})

test('gives messages of earlier versions no headers', () => {
  for (const messageVersion of ['2.1.0', '2.2.0'])
    expect(idHeaders({ messageType: 'ARes', messageVersion, ...ids })).toEqual({})
})
