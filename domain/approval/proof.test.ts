import { describe, expect, test } from 'vitest'
import { readApprovalProof, readDeviceCall, readInquiryProof, readRefusalProof } from './proof.ts'

const shown = {
  ...{ id: 'i', merchant: 'm', lastFour: '0005' },
  ...{ askedAt: '2027-06-01T01:00:00.000Z', expiresAt: '2027-06-01T01:03:00.000Z' },
}
const approval = { nonce: 'n', request: { ...shown, number: '07' } }
const refusal = { nonce: 'n', request: shown, answer: 'declined' }

describe('an approval', () => {
  test('is read', () => {
    expect(readApprovalProof({ ...approval, aud: 'https://acs.test' })).toEqual(approval)
  })

  test.each([
    ['nothing', undefined],
    ['a text', 'x'],
    ['one without a nonce', { ...approval, nonce: undefined }],
    ['a request with a number', { ...approval, request: { ...approval.request, number: 7 } }],
    ['a request with an unknown member', { ...approval, request: { ...approval.request, extra: '' } }],
    ['a request that is too long', { ...approval, request: { ...approval.request, merchant: 'm'.repeat(1001) } }],
    ['a refusal', refusal],
  ])('is not %s', (_what, payload) => {
    expect(readApprovalProof(payload)).toBeUndefined()
  })
})

describe('a refusal', () => {
  test('is read', () => {
    expect(readRefusalProof(refusal)).toEqual(refusal)
    expect(readRefusalProof({ ...refusal, answer: 'reported' })).toMatchObject({ answer: 'reported' })
  })

  test.each([
    ['nothing', null],
    ['an approval', approval],
    ['one with another answer', { ...refusal, answer: 'approved' }],
    ['one with the number', { ...approval, answer: 'declined' }],
  ])('is not %s', (_what, payload) => {
    expect(readRefusalProof(payload)).toBeUndefined()
  })
})

test('an inquiry has its time, in UTC with milliseconds', () => {
  expect(readInquiryProof({ at: '2027-06-01T01:00:00.120Z' })).toEqual({ at: Date.UTC(2027, 5, 1, 1, 0, 0, 120) })
  for (const at of ['2027-06-01T01:00:00Z', '2027-06-01', '2027-06-01T01:00:00.000+09:00', 0, '', undefined])
    expect(readInquiryProof({ at })).toBeUndefined()
})

describe('a call', () => {
  const device = '0b9e0000-0000-4000-8000-000000000000'
  const proof = `e30.e30.${'A'.repeat(86)}`

  test('has a device and a JWS', () => {
    expect(readDeviceCall({ device, proof, more: 1 })).toEqual({ kind: 'call', call: { device, proof } })
  })

  test.each([
    [undefined, ''],
    [[], ''],
    [{ proof }, 'device'],
    [{ device: 'x', proof }, 'device'],
    [{ device }, 'proof'],
    [{ device, proof: 'e30.e30.' }, 'proof'],
    [{ device, proof: `e30.${'A'.repeat(3501)}.${'A'.repeat(86)}` }, 'proof'],
  ])('%j is malformed at %j', (body, field) => {
    expect(readDeviceCall(body)).toEqual({ kind: 'malformed', field })
  })
})
