import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { areq } from './areq.ts'
import { check, otherElements, storableElements } from './check.ts'
import { creq } from './creq.ts'
import type { Json, JsonObject } from './field.ts'
import { receive } from './receive.ts'
import { rres } from './rres.ts'
import { fullAReq, sampleAReq } from './testing/sample-areq.ts'
import { versions } from './version.ts'

describe('what is kept of an AReq', () => {
  /** Every element of an AReq that identifies a person, their address or their contacts. */
  const personal = [
    'acctNumber',
    'acctID',
    'cardExpiryDate',
    'cardholderName',
    'email',
    'browserIP',
    'notificationURL',
    ...['taxId', 'userId', 'deviceId', 'appIp', 'cardSecurityCode'],
    ...['homePhone', 'mobilePhone', 'workPhone'],
    ...['billAddr', 'shipAddr'].flatMap(address =>
      ['Line1', 'Line2', 'Line3', 'City', 'PostCode', 'State', 'Country'].map(part => address + part),
    ),
  ]
  /** Elements that may hold anything. */
  const opaque = ['broadInfo', 'messageExtension', 'payTokenInfo', 'sellerInfo', 'multiTransaction']
  const personalMembers = [
    ['merchantRiskIndicator', 'deliveryEmailAddress'],
    ['threeDSRequestorAuthenticationInfo', 'threeDSReqAuthData'],
    ['threeDSRequestorPriorAuthenticationInfo', 'threeDSReqPriorAuthData'],
    ['acctInfo', 'chAccReqID'],
  ] as const
  /** An object of the message; in 2.3.1 the first of its list. */
  const objectIn = (message: JsonObject, name: string) => [message[name]].flat()[0] as JsonObject

  test.each(versions)('is every element that is neither personal nor opaque (%s)', version => {
    const expected = structuredClone(fullAReq(version))
    for (const name of [...personal, ...opaque]) delete expected[name]
    for (const [parent, name] of personalMembers) delete objectIn(expected, parent)[name]
    expect(storableElements(areq, fullAReq(version), version)).toEqual(expected)
  })

  test('contains no card number, name, e-mail address, phone number or postal address from any such element', () => {
    const secret = fc.constantFrom(
      '344131234567848',
      'HANAKO YAMADA',
      'hanako@mail.example',
      '9012345678',
      '1-2-3 Kanda',
    )
    fc.assert(
      fc.property(secret, fc.constantFrom(...versions), (value, version) => {
        const message = structuredClone(fullAReq(version))
        for (const name of personal) message[name] = value
        for (const name of opaque) message[name] = { [value]: value }
        for (const phone of ['homePhone', 'mobilePhone', 'workPhone']) message[phone] = { cc: value, subscriber: value }
        for (const [parent, name] of personalMembers) objectIn(message, parent)[name] = value
        expect(JSON.stringify(storableElements(areq, message, version))).not.toContain(value)
      }),
    )
  })

  test('contains no element that the tables do not have, on any level', () => {
    const name = fc.string({ minLength: 1 }).map(word => `x-${word}`)
    fc.assert(
      fc.property(name, fc.jsonValue(), (unknown, value) => {
        const whole = fullAReq('2.2.0')
        const acctInfo = { ...(whole.acctInfo as JsonObject), [unknown]: value as Json, chAccReqID: 'SECRET' }
        const kept = storableElements(areq, { ...whole, [unknown]: value as Json, taxId: 'SECRET', acctInfo }, '2.2.0')
        expect(kept).toEqual(storableElements(areq, whole, '2.2.0'))
      }),
    )
  })

  test.each(versions)('is the whole message together with the other elements (%s)', version => {
    const message = { ...fullAReq(version), unknown: { b: [1] }, ...JSON.parse('{"__proto__":{"a":1}}') }
    const kept = storableElements(areq, message, version)
    const others = otherElements(message, kept)
    expect(Object.keys({ ...kept, ...others }).toSorted()).toEqual(Object.keys(message).toSorted())
    // What of an element may not be kept is among the others, with the element.
    expect({ ...kept, ...others }).toEqual(message)
    expect(Object.keys(others)).toEqual(expect.arrayContaining(['acctNumber', 'acctInfo', 'unknown', '__proto__']))
    expect(others).not.toHaveProperty('purchaseAmount')
  })

  test('contains no element of another version or channel', () => {
    const odd = sampleAReq('2.1.0', { whiteListStatus: 'anything', threeRIInd: 'anything' })
    expect(storableElements(areq, odd, '2.1.0')).not.toMatchObject({ whiteListStatus: 'anything' })
    expect(storableElements(areq, odd, '2.1.0')).not.toHaveProperty('threeRIInd')
  })
})

describe('URLs that a browser or we ourselves open', () => {
  const faultsWith = (url: string, loopbackHttp = false) =>
    check(areq, sampleAReq('2.2.0', { notificationURL: url, dsURL: url }), { version: '2.2.0', loopbackHttp })

  test.each([
    'http://shop.example/notify',
    'http://localhost:4000/notify',
    'ftp://shop.example/',
    'javascript:alert(1)',
    'data:text/html,hello',
    '//shop.example/notify',
    '/notify',
    'https://user:secret@shop.example/',
    'https:\\\\shop.example\\',
    'https://shop.example:99999/',
    'https://shop .example/',
    'https://shop.example/\nnotify',
  ])('must be absolute and https: %j is rejected', url => {
    expect(faultsWith(url)).toEqual([
      { code: '203', field: 'dsURL' },
      { code: '203', field: 'notificationURL' },
    ])
  })

  test.each(['http://localhost:4000/notify', 'http://shop.localhost/n', 'http://127.0.0.1:80/'])(
    'may be http to this machine in a demo: %s',
    url => {
      expect(faultsWith(url, true)).toEqual([])
    },
  )

  test.each(['http://shop.example/', 'http://localhost.shop.example/', 'http://127.0.0.1.shop.example/'])(
    'must be https to any other host, even in a demo: %s is rejected',
    url => {
      expect(faultsWith(url, true)).toHaveLength(2)
    },
  )
})

const ids = {
  threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
  dsTransID: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922',
  acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
}

describe.each([
  {
    messageType: 'CReq',
    table: creq,
    message: { threeDSServerTransID: ids.threeDSServerTransID, acsTransID: ids.acsTransID, challengeWindowSize: '02' },
    list: 'challengeWindowSize',
    members: ['01', '02', '03', '04', '05'],
    others: ['00', '06', '2', ''],
  },
  {
    messageType: 'RRes',
    table: rres,
    message: { ...ids, resultsStatus: '01' },
    list: 'resultsStatus',
    members: ['01', '02', '03'],
    others: ['00', '04', '1', ''],
  },
])('a $messageType', ({ messageType, table, message, list, members, others }) => {
  const whole: JsonObject = { messageType, messageVersion: '2.2.0', ...message }
  const verdictOn = (of: JsonObject) => {
    const received = receive(JSON.stringify(of), { messageType, table, channel: '02' })
    return received.kind === 'message' ? 'accepted' : `${received.erro.errorCode} ${received.erro.errorDetail}`
  }

  test('is accepted with its elements, also with extra elements that merchants’ clients add', () => {
    expect(verdictOn(whole)).toBe('accepted')
    expect(verdictOn({ ...whole, threeDSRequestorURL: '', sdkTransID: 7, notificationURL: null })).toBe('accepted')
  })

  test.each(Object.keys(message))('requires %s', name => {
    const { [name]: _, ...without } = whole
    expect([verdictOn(without), verdictOn({ ...whole, [name]: null })]).toEqual([`201 ${name}`, `201 ${name}`])
    expect(verdictOn({ ...whole, [name]: 'x' })).toBe(`203 ${name}`)
  })

  test(`accepts only the listed values of ${list}`, () => {
    expect(members.map(member => verdictOn({ ...whole, [list]: member }))).toEqual(members.map(() => 'accepted'))
    expect(others.map(other => verdictOn({ ...whole, [list]: other }))).toEqual(
      others.map(other => `${other === '' ? '201' : '203'} ${list}`),
    )
  })

  test('with an unknown critical extension is rejected', () => {
    const messageExtension = [{ name: 'n', id: 'the-id', criticalityIndicator: true, data: {} }]
    expect(verdictOn({ ...whole, messageExtension })).toBe('202 the-id')
  })

  test('is not accepted if it is an AReq', () => {
    expect(verdictOn(sampleAReq('2.2.0'))).toBe('101 messageType')
  })
})
