import { expect, test } from 'vitest'
import { asksAboutTrust, trustElements } from './requested-elements.ts'
import { sample3RIAReq, sampleAReq } from './testing/sample-areq.ts'

test.each([
  ['challenge 08', sampleAReq('2.2.0', { threeDSRequestorChallengeInd: '08' }), '2.2.0', true],
  ['challenge 09', sampleAReq('2.2.0', { threeDSRequestorChallengeInd: '09' }), '2.2.0', true],
  [
    'a status that the requestor sends',
    sampleAReq('2.2.0', { whiteListStatus: 'Y', whiteListStatusSource: '01' }),
    '2.2.0',
    true,
  ],
  ['the same', sampleAReq('2.3.1', { trustListStatus: 'N', trustListStatusSource: '01' }), '2.3.1', true],
  ['another version’s name', sampleAReq('2.3.1', { whiteListStatus: 'Y' }), '2.3.1', false],
  ['challenge 03 or 09', sampleAReq('2.3.1', { threeDSRequestorChallengeInd: ['03', '09'] }), '2.3.1', true],
  ['a 3RI question', sample3RIAReq('2.3.1', { threeRIInd: '10' }), '2.3.1', true],
  ['nothing', sampleAReq('2.2.0', { threeDSRequestorChallengeInd: '04' }), '2.2.0', false],
  ['an element that 2.1.0 does not have', sampleAReq('2.1.0', { whiteListStatus: 'Y' }), '2.1.0', false],
] as const)('%s asks about the trust list (%#)', (_what, message, version, asks) => {
  expect(asksAboutTrust(message, version)).toBe(asks)
})

test('the status has the name of its version', () => {
  expect(trustElements('2.1.0', 'Y')).toEqual({})
  expect(trustElements('2.2.0', 'N')).toEqual({ whiteListStatus: 'N', whiteListStatusSource: '03' })
  expect(trustElements('2.3.1', 'Y')).toEqual({ trustListStatus: 'Y', trustListStatusSource: '03' })
})
