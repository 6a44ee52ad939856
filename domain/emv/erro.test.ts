import { expect, test } from 'vitest'
import { erro, erroForFaults, errorDescriptions } from './erro.ts'
import { sampleAReq, sampleCard } from './testing/sample-areq.ts'

const ids = {
  threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
  dsTransID: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922',
}

test('an Erro names the message and the transaction that it answers', () => {
  expect(erro('203', 'mcc', sampleAReq('2.1.0'))).toEqual({
    messageType: 'Erro',
    messageVersion: '2.1.0',
    errorCode: '203',
    errorComponent: 'A',
    errorDescription: errorDescriptions['203'],
    errorDetail: 'mcc',
    errorMessageType: 'AReq',
    ...ids,
  })
})

test('an Erro to an unsupported version has our newest version', () => {
  expect(erro('102', '', { messageVersion: '2.4.0' })).toMatchObject({ messageVersion: '2.3.1' })
  expect(erro('101', 'not JSON')).toMatchObject({ messageVersion: '2.3.1' })
})

test('an Erro repeats only a message type and ids', () => {
  const spoilt = {
    messageType: sampleCard,
    threeDSServerTransID: sampleCard,
    dsTransID: { a: 1 },
    acsTransID: `${ids.dsTransID}x`,
  }
  expect(Object.keys(erro('101', 'messageType', spoilt)).sort()).toEqual(
    ['errorCode', 'errorComponent', 'errorDescription', 'errorDetail', 'messageType', 'messageVersion'].sort(),
  )
})

test('our own acsTransID takes precedence over a received one', () => {
  expect(erro('305', '', { acsTransID: ids.dsTransID }, ids.threeDSServerTransID).acsTransID).toBe(
    ids.threeDSServerTransID,
  )
})

test('errorDetail and errorDescription are well-formed text and never longer than permitted', () => {
  const details = ['a'.repeat(5000), '🌸'.repeat(2000), `a${'🌸'.repeat(2000)}`, `${'語'.repeat(2047)}🌸`]
  const told = details.map(detail => erro('204', detail).errorDetail)
  expect(told.map(detail => [detail.length, detail.isWellFormed()])).toEqual(details.map(() => [2048, true]))
  expect(Object.values(errorDescriptions).filter(text => text.length > 2048)).toEqual([])
})

test('only 207, 310 and 315 are codes that 2.1.0 and 2.2.0 do not have', () => {
  const known = /^(10[1-3]|20[1-4]|30[1-7]|40[2-5])$/
  expect(Object.keys(errorDescriptions).filter(code => !known.test(code))).toEqual(['207', '310', '315'])
})

test('there is no Erro without faults', () => {
  expect(erroForFaults([], {})).toBeUndefined()
})
