import { describe, expect, test } from 'vitest'
import { rreqTable } from '#domain/emv/sent.ts'
import { versions } from '#domain/emv/version.ts'
import { check } from '../emv/check.ts'
import { consequenceOf, erroForSdk, undeliveredRReq } from './result-delivery.ts'

const ids = {
  threeDSServerTransID: '0c5f8f4e-43ea-4f8f-9f4e-1d2a3b4c5d6e',
  dsTransID: '1c5f8f4e-43ea-4f8f-9f4e-1d2a3b4c5d6e',
  acsTransID: '2c5f8f4e-43ea-4f8f-9f4e-1d2a3b4c5d6e',
}
const yes = {
  messageType: 'RReq',
  messageVersion: '2.3.1',
  ...ids,
  messageCategory: '01',
  transStatus: 'Y',
  eci: '05',
  authenticationValue: 'ERAM9y8X0RjozPfETmNWyHepP4A=',
  authenticationMethod: ['02'],
  interactionCounter: '01',
}
const rres = { messageType: 'RRes', messageVersion: '2.3.1', ...ids, resultsStatus: '01' }
const answer = (body: unknown, status = 200) =>
  consequenceOf({ kind: 'answered', status, body: typeof body === 'string' ? body : JSON.stringify(body) }, yes)

describe('the reaction to an RReq', () => {
  test('leads to another try only if nothing can have arrived', () => {
    expect(consequenceOf({ kind: 'unreached' }, yes)).toEqual({ kind: 'again' })
  })

  test('is told Erro 402 if there was none, with the ids of the RReq', () => {
    const consequence = consequenceOf({ kind: 'silent' }, yes)
    const erro = { messageType: 'Erro', messageVersion: '2.3.1', errorCode: '402', errorComponent: 'A', ...ids }
    expect(consequence).toMatchObject({ kind: 'unacknowledged', erro })
    expect(erroForSdk(consequence)).toBe('402')
  })

  test('is delivery if it is the RRes, whatever the case of its ids', () => {
    expect(answer(rres)).toEqual({ kind: 'delivered' })
    expect(answer({ ...rres, acsTransID: ids.acsTransID.toUpperCase() })).toEqual({ kind: 'delivered' })
    expect(erroForSdk(answer(rres))).toBeUndefined()
  })

  test.each([200, 400, 500])('is delivery if it is Erro 312, with HTTP status %i: it was received before', status => {
    expect(answer({ messageType: 'Erro', errorCode: '312' }, status)).toEqual({ kind: 'delivered' })
  })

  test.each([
    ['402', 200],
    ['405', 200],
    ['203', 400],
    ['not a code', 200],
  ])('is a refusal without an answer if it is Erro %s with HTTP status %i', (errorCode, status) => {
    const consequence = answer({ messageType: 'Erro', errorCode }, status)
    expect(consequence).toMatchObject({ kind: 'refused', erro: { errorCode } })
    expect(erroForSdk(consequence)).toBe('403')
  })

  test.each([
    ['an empty body', '', 200, '101'],
    ['a page', '<html>', 200, '101'],
    ['another message', { ...rres, messageType: 'ARes' }, 200, '101'],
    ['an RRes with another HTTP status', rres, 502, '101'],
    ['an RRes without its status', { ...rres, resultsStatus: undefined }, 200, '201'],
    ['an RRes with an unknown status', { ...rres, resultsStatus: 'x' }, 200, '203'],
    ['an RRes of another version', { ...rres, messageVersion: '2.2.0' }, 200, '203'],
    ['an RRes about another transaction', { ...rres, dsTransID: ids.acsTransID }, 200, '301'],
  ])('[Req 75, 137, 212, 341] is told of its fault if it is %s', (_what, body, status, errorCode) => {
    const consequence = answer(body, status)
    const erro = { errorCode, errorMessageType: 'RRes', messageVersion: '2.3.1', ...ids }
    expect(consequence).toMatchObject({ kind: 'unacknowledged', erro })
    expect(erroForSdk(consequence)).toBe(errorCode)
  })
})

describe('a result that could not be delivered', () => {
  const faults = (message: object) =>
    check(rreqTable, { ...message }, { version: '2.3.1', loopbackHttp: false, channel: '02', category: '01' })

  test('is U in 2.3.1, without what belongs to a Y or N, and still a sound RReq', () => {
    const { authenticationValue: _value, authenticationMethod: _method, ...rest } = yes
    const changed = undeliveredRReq(yes)
    expect(changed).toEqual({ ...rest, transStatus: 'U', transStatusReason: '22', eci: '07' })
    expect(faults(changed)).toEqual([])
    expect(undeliveredRReq(changed)).toBe(changed)
  })

  test.each([
    ['cancelled', { transStatus: 'N', transStatusReason: '19', challengeCancel: '01' }],
    ['timed out', { transStatus: 'N', transStatusReason: '14', challengeCancel: '04' }],
    ['rejected', { transStatus: 'R', transStatusReason: '11' }],
  ])('is U as well if the challenge was %s, and keeps why it was cancelled', (_what, elements) => {
    const { authenticationValue: _value, ...no } = { ...yes, ...elements, eci: '07' }
    const changed = undeliveredRReq(no)
    expect(changed).toMatchObject({ transStatus: 'U', transStatusReason: '22' })
    expect(changed.challengeCancel).toBe('challengeCancel' in elements ? elements.challengeCancel : undefined)
    expect(faults(changed)).toEqual([])
  })

  test('stays as it is if it is U already', () => {
    const unknown = { ...yes, transStatus: 'U', transStatusReason: '07', challengeCancel: '10' }
    expect(undeliveredRReq(unknown)).toBe(unknown)
  })

  test.each(versions.filter(version => version !== '2.3.1'))('stays as it is in %s', version => {
    const before = { ...yes, messageVersion: version }
    expect(undeliveredRReq(before)).toBe(before)
  })
})
