import { expect, test } from 'vitest'
import { readApprovalProof } from './proof.ts'

const request = {
  ...{ id: 'i', merchant: 'm', lastFour: '0005', number: '07' },
  ...{ askedAt: '2027-06-01T01:00:00.000Z', expiresAt: '2027-06-01T01:03:00.000Z' },
}
const proof = { aud: 'https://acs.test', nonce: 'n', request }

test('reads a proof', () => {
  expect(readApprovalProof(proof)).toEqual(proof)
})

test.each([
  ['nothing', undefined],
  ['a text', 'x'],
  ['a proof without a nonce', { ...proof, nonce: undefined }],
  ['a request with a number', { ...proof, request: { ...request, number: 7 } }],
  ['a request with an unknown member', { ...proof, request: { ...request, extra: '' } }],
  ['a request that is too long', { ...proof, request: { ...request, merchant: 'm'.repeat(1001) } }],
])('refuses %s', (_what, payload) => {
  expect(readApprovalProof(payload)).toBeUndefined()
})
