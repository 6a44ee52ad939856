import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { areq } from './areq.ts'
import { isObject } from './check.ts'
import type { Json, JsonObject } from './field.ts'
import { type Received, receive } from './receive.ts'
import {
  badValues,
  elements,
  extension,
  formOf,
  goodValues,
  isRequired,
  standsIn,
  type Version,
} from './testing/areq-fields.ts'
import {
  fullAReq,
  fullAReqOf,
  sample3RIAReq,
  sampleAppAReq,
  sampleAReq,
  sampleCard,
  sampleNonPayment,
} from './testing/sample-areq.ts'
import { versions } from './version.ts'

const receiveAReq = (input: Uint8Array | string): Received => receive(input, { messageType: 'AReq', table: areq })

/** `accepted`, or errorCode and errorDetail of the Erro. */
function verdictOn(message: JsonObject | string): string {
  const received = receiveAReq(typeof message === 'string' ? message : JSON.stringify(message))
  return received.kind === 'message' ? 'accepted' : `${received.erro.errorCode} ${received.erro.errorDetail}`
}

/** The message with one element (dotted name) set to another value; `undefined` removes it. */
function changed(message: JsonObject, name: string, value: unknown): JsonObject {
  const [first = '', ...rest] = name.split('.')
  const member = message[first]
  if (rest.length > 0 && Array.isArray(member) && isObject(member[0])) {
    return { ...message, [first]: [changed(member[0], rest.join('.'), value)] }
  }
  const inside = rest.length > 0 && isObject(member)
  return { ...message, [first]: inside ? changed(member, rest.join('.'), value) : (value as Json) }
}

const kinds = versions.flatMap(version =>
  (['01', '02', '03'] as const).flatMap(channel =>
    (['01', '02'] as const).map(category => ({ version, channel, category })),
  ),
)

describe.each(kinds)('an AReq $version of channel $channel and category $category', kind => {
  const { version, channel, category } = kind
  const whole = fullAReqOf(channel, version, { messageCategory: category })
  const known = elements.filter(element => standsIn(element, version, channel))

  test('is accepted with all its elements, and has no others', () => {
    expect(verdictOn(whole)).toBe('accepted')
    const names = known.map(({ name }) => name).filter(name => !name.includes('.'))
    expect(Object.keys(whole).sort()).toEqual(['messageType', 'messageVersion', ...new Set(names)].sort())
  })

  test('is accepted with only the required elements', () => {
    const needed = known.filter(element => isRequired(element, kind) && !/^with/.test(String(element.required)))
    const names = ['messageType', 'messageVersion', ...needed.map(({ name }) => name)]
    const least = Object.fromEntries(Object.entries(whole).filter(([name]) => names.includes(name)))
    expect(verdictOn({ ...least, ...(whole.sdkType && { defaultSdkType: { sdkVariant: '01' } }) })).toBe('accepted')
  })

  test.each(known)(
    '[Req 196, 309] answers 201 if $name is required and missing, 203 if it is optional and empty',
    element => {
      const required = isRequired(element, kind)
      const emptied = required ? `201 ${element.name}` : `203 ${element.name}`
      expect({
        absent: verdictOn(changed(whole, element.name, undefined)),
        null: verdictOn(changed(whole, element.name, null)),
        empty: verdictOn(changed(whole, element.name, '')),
      }).toEqual({ absent: required ? emptied : 'accepted', null: emptied, empty: emptied })
    },
  )

  test.each(known)('[Req 207] accepts every valid value of $name', element => {
    const refused = goodValues(formOf(element, kind)).filter(
      good => verdictOn(changed(whole, element.name, good)) !== 'accepted',
    )
    expect(refused).toEqual([])
  })

  test.each(known)(
    '[Req 204, 205, 206, 208, 213, 218, 434] rejects every invalid value of $name and names the element',
    element => {
      const bad = [...badValues(formOf(element, kind), version)]
      const verdicts = bad.map(([what, { value }]) => [what, verdictOn(changed(whole, element.name, value))])
      expect(Object.fromEntries(verdicts)).toEqual(
        Object.fromEntries(bad.map(([what, { code }]) => [what, `${code} ${element.name}`])),
      )
    },
  )
})

test('the code and the reference have the same elements', () => {
  const once = (names: string[]) => [...new Set(names)].sort()
  const ofReference = elements.map(({ name }) => name).filter(name => !name.includes('.'))
  expect(once(areq.map(({ name }) => name))).toEqual(once(['messageType', 'messageVersion', ...ofReference]))
})

test.each(
  elements.filter(
    ({ name, since }) =>
      since && !name.includes('.') && !elements.some(of => of.name === name && standsIn(of, '2.1.0')),
  ),
)('2.1.0 ignores $name', ({ name }) => {
  const message = sampleAReq('2.1.0')
  const received = receiveAReq(JSON.stringify({ ...message, [name]: { whatever: 1 } }))
  expect(received).toMatchObject({ kind: 'message' })
  expect(received.message).toEqual(message)
})

test('removes an element that the channel does not have', () => {
  const message = sample3RIAReq('2.1.0')
  const received = receiveAReq(JSON.stringify({ ...message, threeDSRequestorChallengeInd: '06' }))
  expect(received).toMatchObject({ kind: 'message', message: { threeDSServerTransID: message.threeDSServerTransID } })
  expect(received.message).not.toHaveProperty('threeDSRequestorChallengeInd')
})

describe('elements that depend on others', () => {
  const recurring = { recurringExpiry: '20271122', recurringFrequency: '28' }

  test.each(['2.1.0', '2.2.0'] as const)('a recurring payment needs its frequency and expiry (%s)', version => {
    expect(verdictOn(sampleAReq(version, { threeDSRequestorAuthenticationInd: '02' }))).toBe(
      '201 recurringExpiry,recurringFrequency',
    )
    expect(verdictOn(sampleAReq(version, { threeDSRequestorAuthenticationInd: '02', ...recurring }))).toBe('accepted')
  })

  test.each(['2.1.0', '2.2.0'] as const)('instalments need their number, frequency and expiry (%s)', version => {
    expect(verdictOn(sampleAReq(version, { threeDSRequestorAuthenticationInd: '03' }))).toBe(
      '201 purchaseInstalData,recurringExpiry,recurringFrequency',
    )
    const complete = { threeDSRequestorAuthenticationInd: '03', purchaseInstalData: '12', ...recurring }
    expect(verdictOn(sampleAReq(version, complete))).toBe('accepted')
  })

  test.each([
    { version: '2.1.0', indicator: '02', needs: true },
    { version: '2.1.0', indicator: '03', needs: true },
    { version: '2.1.0', indicator: '04', needs: false },
    { version: '2.1.0', indicator: '05', needs: false },
    { version: '2.1.0', indicator: '06', needs: false },
    { version: '2.2.0', indicator: '02', needs: true },
    { version: '2.2.0', indicator: '03', needs: true },
    { version: '2.2.0', indicator: '04', needs: false },
    { version: '2.2.0', indicator: '07', needs: true },
    { version: '2.2.0', indicator: '85', needs: false },
    { version: '2.3.1', indicator: '07', needs: true },
    { version: '2.3.1', indicator: '08', needs: true },
    { version: '2.3.1', indicator: '09', needs: true },
    { version: '2.3.1', indicator: '10', needs: false },
  ] as const)('a non-payment $version with indicator $indicator needs purchase data: $needs', row => {
    const complete = { ...recurring, purchaseInstalData: '12', threeDSRequestorAuthenticationInd: row.indicator }
    expect(verdictOn(sampleNonPayment(row.version, complete))).toBe(
      row.needs ? '201 purchaseAmount,purchaseCurrency,purchaseExponent,purchaseDate' : 'accepted',
    )
  })

  test.each(['billAddr', 'shipAddr'])('a %s state needs a country', prefix => {
    expect(verdictOn(sampleAReq('2.2.0', { [`${prefix}State`]: '13' }))).toBe(`201 ${prefix}Country`)
    expect(verdictOn(sampleAReq('2.2.0', { [`${prefix}Country`]: '392' }))).toBe('accepted')
  })

  const ofScript = ['browserJavaEnabled', 'browserColorDepth', 'browserScreenHeight', 'browserScreenWidth', 'browserTZ']
  const withoutScript = Object.fromEntries(ofScript.map(name => [name, undefined]))

  test('a 2.2.0 browser without JavaScript need not describe its screen', () => {
    expect(verdictOn(sampleAReq('2.2.0', { ...withoutScript, browserJavascriptEnabled: false }))).toBe('accepted')
    expect(verdictOn(sampleAReq('2.2.0', withoutScript))).toBe(`201 ${ofScript.join(',')}`)
  })

  test('a 2.1.0 browser must describe its screen with or without JavaScript', () => {
    expect(verdictOn(sampleAReq('2.1.0', { ...withoutScript, browserJavascriptEnabled: false }))).toBe(
      `201 ${ofScript.join(',')}`,
    )
  })

  test('what a browser without JavaScript sends nevertheless has to be well formed', () => {
    expect(verdictOn(sampleAReq('2.2.0', { browserJavascriptEnabled: false, browserTZ: '' }))).toBe('203 browserTZ')
  })

  test('a decoupled authentication needs a maximum time, a trust list status and a token need a source', () => {
    expect(verdictOn(sampleAReq('2.2.0', { threeDSRequestorDecReqInd: 'Y' }))).toBe('201 threeDSRequestorDecMaxTime')
    expect(verdictOn(sampleAReq('2.2.0', { threeDSRequestorDecReqInd: 'N' }))).toBe('accepted')
    expect(verdictOn(sampleAReq('2.2.0', { whiteListStatus: 'Y' }))).toBe('201 whiteListStatusSource')
    expect(verdictOn(sampleAReq('2.2.0', { payTokenInd: true }))).toBe('201 payTokenSource')
    expect(verdictOn(sampleAReq('2.1.0', { payTokenInd: true }))).toBe('accepted')
  })

  // Requirements file 2.8 and 4.12.
  describe('in 2.3.1', () => {
    const fixed = { amountInd: '01', frequencyInd: '01' }
    const variable = { amountInd: '02', frequencyInd: '02' }
    const amount = { recurringAmount: '1000', recurringCurrency: '392', recurringExponent: '0' }
    const frequency = { recurringFrequency: '28', recurringDate: '20261222' }

    test.each([
      [{}, '201 recurringInd'],
      [{ recurringInd: variable }, 'accepted'],
      [
        { recurringInd: fixed },
        '201 recurringFrequency,recurringAmount,recurringCurrency,recurringExponent,recurringDate',
      ],
      [{ recurringInd: { ...fixed, amountInd: '02' }, ...frequency }, 'accepted'],
      [{ recurringInd: { ...fixed, frequencyInd: '02' }, ...amount }, 'accepted'],
      [{ recurringInd: fixed, ...amount, ...frequency }, 'accepted'],
      [{ recurringInd: variable, recurringAmount: '1000' }, '201 recurringCurrency,recurringExponent'],
      [{ recurringInd: variable, ...amount, recurringExponent: '2' }, '304 recurringCurrency,recurringExponent'],
      [{ recurringInd: { amountInd: '03', frequencyInd: '01' }, ...frequency }, '207 recurringInd.amountInd'],
    ] as const)('a recurring payment with %j is answered %s', (given, verdict) => {
      expect(verdictOn(sampleAReq('2.3.1', { threeDSRequestorAuthenticationInd: '02', ...given }))).toBe(verdict)
      expect(verdictOn(sample3RIAReq('2.3.1', { recurringInd: undefined, ...given }))).toBe(verdict)
    })

    test('a payment that does not recur needs none of it', () => {
      expect(verdictOn(sample3RIAReq('2.3.1', { threeRIInd: '05', recurringInd: undefined }))).toBe('accepted')
    })

    test.each(['15', '16', '10'])(
      'a non-payment with threeRIInd %s needs purchase data: only a delayed shipment',
      ind => {
        const gaps = { purchaseAmount: undefined, purchaseCurrency: undefined }
        expect(verdictOn(sample3RIAReq('2.3.1', { messageCategory: '02', threeRIInd: ind, ...gaps }))).toBe(
          ind === '15' ? '201 purchaseAmount,purchaseCurrency' : 'accepted',
        )
      },
    )

    test('the decoupled fall-back, and a secure payment confirmation, refer to an earlier authentication', () => {
      const missing = '201 threeDSRequestorPriorAuthenticationInfo'
      const confirmed = { threeDSRequestorAuthenticationInfo: [{ threeDSReqAuthMethod: '09' }] }
      expect(verdictOn(sample3RIAReq('2.3.1', { threeRIInd: '19' }))).toBe(missing)
      expect(verdictOn(sampleAReq('2.3.1', confirmed))).toBe(missing)
      const prior = { threeDSRequestorPriorAuthenticationInfo: [{ threeDSReqPriorAuthMethod: '05' }] }
      expect(verdictOn(sampleAReq('2.3.1', { ...confirmed, ...prior }))).toBe('accepted')
    })

    test('the acquirer’s country is required of payments and non-payments, in every channel', () => {
      const gaps = { acquirerCountryCode: undefined, acquirerCountryCodeSource: undefined }
      const missing = '201 acquirerCountryCode,acquirerCountryCodeSource'
      expect(verdictOn(sampleNonPayment('2.3.1', gaps))).toBe(missing)
      expect(verdictOn(sampleAppAReq('2.3.1', gaps))).toBe(missing)
      expect(verdictOn(sample3RIAReq('2.3.1', gaps))).toBe(missing)
    })

    test('a status needs its source, payment confirmation the payee’s origin, a Split-SDK its server’s signature', () => {
      expect(verdictOn(sampleAReq('2.3.1', { cardSecurityCodeStatus: 'Y' }))).toBe('201 cardSecurityCodeStatusSource')
      expect(verdictOn(sampleAReq('2.3.1', { deviceBindingStatus: '11' }))).toBe('201 deviceBindingStatusSource')
      expect(verdictOn(sampleAReq('2.3.1', { threeDSRequestorSpcSupport: 'Y' }))).toBe('201 payeeOrigin')
      expect(verdictOn(sampleAppAReq('2.3.1', { sdkType: '02' }))).toBe('201 splitSdkType,sdkServerSignedContent')
    })

    test('sellers and merchants need what identifies them', () => {
      const merchant = { merchantNameListed: 'Shop' }
      const withMerchant = (change: object, sellerInfo?: Json) =>
        sampleAReq('2.3.1', { multiTransaction: { merchantList: [{ ...merchant, ...change }] }, sellerInfo })
      expect(verdictOn(sampleAReq('2.3.1', { sellerInfo: [{}] }))).toBe('201 sellerInfo.sellerName')
      expect(verdictOn(withMerchant({}, [{ sellerName: 'Seller' }]))).toBe('accepted')
      expect(verdictOn(withMerchant({ sellerId: '1' }, [{ sellerName: 'Seller' }]))).toBe('201 sellerInfo.sellerId')
      expect(verdictOn(withMerchant({ merchantAmount: '1' }))).toBe(
        '201 multiTransaction.merchantList.merchantCurrency,multiTransaction.merchantList.merchantExponent',
      )
      expect(verdictOn(withMerchant({ merchantAmount: '1', merchantCurrency: '840', merchantExponent: '0' }))).toBe(
        '304 multiTransaction.merchantList.merchantCurrency,multiTransaction.merchantList.merchantExponent',
      )
      expect(verdictOn(sampleAReq('2.3.1', { multiTransaction: {} }))).toBe('201 multiTransaction.merchantList')
    })

    // Section A.16, in any array.
    test.each<readonly [string, Json, JsonObject]>([
      ['threeDSRequestorChallengeInd', ['01', '01'], sampleAReq('2.3.1')],
      ['acceptLanguage', ['ja', 'en', 'ja'], sampleAReq('2.3.1')],
      ['messageExtension', [extension(), extension()] as Json, sampleAReq('2.3.1')],
      ['sellerInfo', [{ sellerName: 'A' }, { sellerName: 'A' }], sampleAReq('2.3.1')],
      ['threeDSRequestorAuthenticationInfo', [{}, {}], sampleAReq('2.3.1')],
      ['threeDSRequestorPriorAuthenticationInfo', [{}, {}], sampleAReq('2.3.1')],
      ['merchantRiskIndicator.transChar', ['01', '01'], sampleAReq('2.3.1', { merchantRiskIndicator: {} })],
      ['broadInfo.recipients', ['01', '01'], fullAReq('2.3.1')],
      ['deviceRenderOptions.sdkUiType', ['01', '01'], sampleAppAReq('2.3.1')],
      ['deviceRenderOptions.sdkAuthenticationType', ['02', '02'], sampleAppAReq('2.3.1')],
      [
        'multiTransaction.merchantList',
        [
          { merchantNameListed: 'A', sellerId: '1' },
          { sellerId: '1', merchantNameListed: 'A' },
        ],
        fullAReq('2.3.1'),
      ],
    ])('the same item twice in %s is a duplicate', (name, items, message) => {
      expect(verdictOn(changed(message, name, items))).toBe(`204 ${name}`)
    })

    test('the same item twice was no error before', () => {
      expect(verdictOn(sampleAReq('2.2.0', { messageExtension: [extension(), extension()] as Json }))).toBe('accepted')
    })
  })

  test('an empty object is valid if all its members are optional', () => {
    const empty = {
      acctInfo: {},
      merchantRiskIndicator: {},
      threeDSRequestorAuthenticationInfo: {},
      threeDSRequestorPriorAuthenticationInfo: {},
    }
    expect(verdictOn(sampleAReq('2.2.0', empty))).toBe('accepted')
    expect(verdictOn(sampleAReq('2.2.0', { homePhone: {} }))).toBe('201 homePhone.cc,homePhone.subscriber')
  })

  test.each([
    { purchaseCurrency: '392', purchaseExponent: '2' },
    { purchaseCurrency: '840', purchaseExponent: '0' },
    { purchaseCurrency: '414', purchaseExponent: '2' },
  ])('currency $purchaseCurrency with exponent $purchaseExponent is rejected, and both are named', purchase => {
    expect(verdictOn(sampleAReq('2.2.0', purchase))).toBe('304 purchaseCurrency,purchaseExponent')
  })
})

describe.each(versions)('the other channels in %s', version => {
  // Reference 3.8 and 3.1, 3.2: the required elements.
  const ofApp = ['sdkAppID', 'sdkTransID', 'sdkReferenceNumber', 'sdkMaxTimeout', 'sdkEphemPubKey']
  const app = [...ofApp, 'deviceRenderOptions', 'deviceInfo', ...(version === '2.3.1' ? ['sdkType'] : [])]

  test('a payment in an app and one that the merchant initiates (3RI) are accepted', () => {
    expect([verdictOn(sampleAppAReq(version)), verdictOn(sample3RIAReq(version))]).toEqual(['accepted', 'accepted'])
  })

  test.each(app)('%s is required of an app and not of a browser', name => {
    expect(verdictOn(sampleAppAReq(version, { [name]: undefined }))).toBe(`201 ${name}`)
    expect(verdictOn(sampleAppAReq(version, { [name]: 7 }))).toBe(`203 ${name}`)
    expect(verdictOn(sampleAReq(version, { [name]: 7 }))).toBe('accepted')
  })

  test('a 3RI request needs its kind', () => {
    expect(verdictOn(sample3RIAReq(version, { threeRIInd: undefined }))).toBe('201 threeRIInd')
    expect(verdictOn(sample3RIAReq(version, { threeRIInd: '00' }))).toBe('203 threeRIInd')
  })

  test('the URLs that certified servers omit from 2.1.0 3RI messages are required from 2.2.0 on', () => {
    const gaps = { dsURL: undefined, threeDSServerURL: undefined }
    const verdict = version === '2.1.0' ? 'accepted' : '201 threeDSServerURL,dsURL'
    expect(verdictOn(sample3RIAReq(version, gaps))).toBe(verdict)
  })
})

describe('what the specification requires us to ignore', () => {
  test('unknown elements are ignored, on every level', () => {
    const extra = { futureElement: { a: [1, null, ''] }, acctInfo: { chAccAgeInd: '01', future: null }, x: '', y: null }
    expect(verdictOn(sampleAReq('2.2.0', extra))).toBe('accepted')
  })

  test('[Req 209] elements of another channel are ignored, with any value', () => {
    const ofOtherChannels = { threeRIInd: 'zz', sdkTransID: 7, sdkMaxTimeout: '', deviceRenderOptions: [] }
    expect(verdictOn(sampleAReq('2.2.0', ofOtherChannels))).toBe('accepted')
  })

  test('the order of the elements does not matter', () => {
    expect(verdictOn(Object.fromEntries(Object.entries(fullAReq('2.2.0')).reverse()))).toBe('accepted')
  })
})

describe('one Erro for all faults', () => {
  test('names every missing element', () => {
    const gaps = { mcc: undefined, dsURL: null, acctNumber: '', homePhone: { cc: '81' } }
    expect(verdictOn(sampleAReq('2.2.0', gaps))).toBe('201 dsURL,acctNumber,homePhone.subscriber,mcc')
  })

  test('names every malformed element once', () => {
    const malformed = { mcc: 'x', acctInfo: { chAccAgeInd: '9', chAccDate: '1' }, messageExtension: ['a', 'b'] }
    expect(verdictOn(sampleAReq('2.2.0', malformed))).toBe(
      '203 messageExtension,acctInfo.chAccAgeInd,acctInfo.chAccDate,mcc',
    )
  })

  test('reports missing elements first, then malformed ones, ISO codes and extensions', () => {
    const critical = [extension({ criticalityIndicator: true }) as JsonObject]
    const steps = [
      sampleAReq('2.2.0', { acquirerBIN: null, mcc: 'x', merchantCountryCode: '999', messageExtension: critical }),
      sampleAReq('2.2.0', { mcc: 'x', merchantCountryCode: '999', messageExtension: critical }),
      sampleAReq('2.2.0', { merchantCountryCode: '999', messageExtension: critical }),
      sampleAReq('2.2.0', { messageExtension: critical }),
    ]
    expect(steps.map(verdictOn)).toEqual([
      '201 acquirerBIN',
      '203 mcc',
      '304 merchantCountryCode',
      '202 A000000025-001',
    ])
  })
})

describe('message extensions', () => {
  const withExtensions = (...extensions: object[]) => sampleAReq('2.2.0', { messageExtension: extensions as Json[] })

  test('[Req 210] every unknown critical one is named by its id, and uncritical ones are ignored', () => {
    const three = [
      extension({ id: 'first', criticalityIndicator: true }),
      extension({ id: 'second' }),
      extension({ id: 'third', criticalityIndicator: true }),
    ]
    expect(verdictOn(withExtensions(...three))).toBe('202 first,third')
  })

  test.each([
    { what: 'a name of 65', change: { name: 'x'.repeat(65) }, at: 'name' },
    { what: 'an id of 65', change: { id: 'x'.repeat(65) }, at: 'id' },
    { what: 'a string as the criticality', change: { criticalityIndicator: 'true' }, at: 'criticalityIndicator' },
    { what: 'data that is not an object', change: { data: 'x' }, at: 'data' },
    { what: 'data of 8060', change: { data: { a: 'x'.repeat(8052) } }, at: 'data' },
  ])('$what is malformed', ({ change, at }) => {
    expect(verdictOn(withExtensions(extension(change)))).toBe(`203 messageExtension.${at}`)
  })

  test.each(['name', 'id', 'criticalityIndicator', 'data'])('%s is required', member => {
    expect(verdictOn(withExtensions(extension({ [member]: undefined })))).toBe(`201 messageExtension.${member}`)
  })
})

describe('before any element is checked', () => {
  test.each(['2.0.0', '2.3.0', '2.4.0', '1.0.2', '10.20.30'])(
    '[Req 195, 311] version %s is rejected, and the supported ones are named',
    version => {
      expect(verdictOn(sampleAReq('2.2.0', { messageVersion: version, mcc: 'x' }))).toBe('102 2.1.0,2.2.0,2.3.1')
    },
  )

  test.each([220, '2.2', 'v2.2.0', '2.2.0 ', '2.2.0.0', ['2.2.0'], true])('rejects %j as a version', version => {
    expect(verdictOn(sampleAReq('2.2.0', { messageVersion: version }))).toBe('203 messageVersion')
  })

  test.each([undefined, null, ''])('rejects the version %j', version => {
    expect(verdictOn(sampleAReq('2.2.0', { messageVersion: version }))).toBe('201 messageVersion')
  })

  test.each([undefined, null, '', 'CReq', 'Erro', 'areq', 7, ['AReq']])(
    '[Req 197, 199, 203] rejects the messageType %j',
    type => {
      expect(verdictOn(sampleAReq('2.2.0', { messageType: type }))).toBe('101 messageType')
    },
  )

  test.each([
    { what: 'at the top', from: '"mcc":', to: '"mcc":"5732","mcc":', named: 'mcc' },
    { what: 'in an object', from: '"cc":', to: '"cc":"1","cc":', named: 'homePhone.cc' },
    { what: 'in a list', from: '"id":', to: '"id":"x","id":', named: 'messageExtension.id' },
    { what: 'spelled with an escape', from: '"mcc":', to: '"m\\u0063c":"5732","mcc":', named: 'mcc' },
    { what: 'three times', from: '"mcc":', to: '"mcc":"5732","mcc":"5732","mcc":', named: 'mcc' },
    { what: 'unknown to us', from: '"mcc":', to: '"new":1,"new":2,"mcc":', named: 'new' },
  ])('a duplicate element is named: $what', ({ from, to, named }) => {
    const phone = { homePhone: { cc: '81', subscriber: '312345678' }, messageExtension: [extension() as JsonObject] }
    const json = JSON.stringify(sampleAReq('2.2.0', { ...phone, dsURL: null }))
    expect(verdictOn(json.replace(from, to))).toBe(`204 ${named}`)
  })

  test('the same name in two objects, or as a value, is not a duplicate', () => {
    const twins = {
      homePhone: { cc: '81', subscriber: '1' },
      workPhone: { cc: '81', subscriber: '1' },
      acctID: 'acctID',
    }
    expect(verdictOn(sampleAReq('2.2.0', twins))).toBe('accepted')
  })

  test.each([
    { what: 'nothing', input: '', says: 'not JSON' },
    { what: 'a page', input: '<html></html>', says: 'not JSON' },
    { what: 'half a message', input: JSON.stringify(sampleAReq('2.2.0')).slice(0, 200), says: 'not JSON' },
    { what: 'a list', input: JSON.stringify([sampleAReq('2.2.0')]), says: 'not a JSON object' },
    { what: 'a word', input: '"AReq"', says: 'not a JSON object' },
    { what: 'null', input: 'null', says: 'not a JSON object' },
    { what: 'lists within lists', input: nested('[', ']'), says: 'nested too deeply' },
    { what: 'objects within objects', input: nested('{"a":', '}'), says: 'nested too deeply' },
    { what: 'a lone surrogate', input: withMerchant('\\ud83d'), says: 'not Unicode text' },
    { what: 'surrogates the wrong way round', input: withMerchant('\\ude00\\ud83d'), says: 'not Unicode text' },
    { what: 'U+0000', input: withMerchant('a\\u0000b'), says: 'not Unicode text' },
    { what: 'U+0000 in a name', input: '{"messageType":"AReq","a\\u0000":1}', says: 'not Unicode text' },
    { what: 'bytes that are not UTF-8', input: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), says: 'not UTF-8' },
    { what: 'a surrogate as UTF-8', input: new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]), says: 'not UTF-8' },
  ])('[Req 198] $what is unreadable', ({ input, says }) => {
    const received = receiveAReq(input)
    expect(received).toMatchObject({ kind: 'refused', message: {}, erro: { errorCode: '101', errorDetail: says } })
  })

  test('an escaped emoji and an escaped backslash are ordinary text', () => {
    expect([verdictOn(withMerchant('\\ud83d\\ude00')), verdictOn(withMerchant('\\\\u0000'))]).toEqual([
      'accepted',
      'accepted',
    ])
  })
})

function nested(open: string, close: string): string {
  return `{"messageType":"AReq","deep":${open.repeat(10_000)}1${close.repeat(10_000)}}`
}

/** The sample as JSON text with this encoding of the merchant's name. */
function withMerchant(spelling: string): string {
  return JSON.stringify(sampleAReq('2.2.0')).replace('"merchantName":"Sample Shop"', `"merchantName":"${spelling}"`)
}

describe('any input', () => {
  const anyVersion = fc.constantFrom<Version>(...versions)
  const anyName = fc.constantFrom(
    'messageType',
    'messageVersion',
    'unknown',
    '__proto__',
    ...elements.map(({ name }) => name),
  )
  const planted = fc.constantFrom<Json>(
    sampleCard,
    `${sampleCard} `,
    [sampleCard],
    { [sampleCard]: sampleCard },
    Number(sampleCard),
  )
  const mutation = fc.tuple(anyName, fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, null, '', 'Y', '03')))
  const mutated = fc
    .tuple(anyVersion, fc.array(mutation, { maxLength: 6 }))
    .map(([version, mutations]) =>
      mutations.reduce((message, [name, value]) => changed(message, name, value), fullAReq(version)),
    )
  const isAnswer = (input: Uint8Array | string) => ['message', 'refused'].includes(receiveAReq(input).kind)

  test('of bytes gets an answer', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), isAnswer))
  })

  test('of JSON gets an answer', () => {
    fc.assert(fc.property(fc.json(), isAnswer))
  })

  test('of a valid AReq with elements replaced by anything gets an answer', () => {
    fc.assert(fc.property(mutated, message => isAnswer(JSON.stringify(message))))
  })

  test('of a valid AReq with characters replaced by anything gets an answer', () => {
    const json = JSON.stringify(fullAReq('2.2.0'))
    const cut = fc.tuple(fc.nat(json.length), fc.nat(20), fc.string({ maxLength: 20, unit: 'binary' }))
    fc.assert(fc.property(cut, ([at, length, put]) => isAnswer(json.slice(0, at) + put + json.slice(at + length))))
  })

  test('never has its card number repeated in an Erro', () => {
    fc.assert(
      fc.property(mutated, planted, (message, acctNumber) => {
        const received = receiveAReq(JSON.stringify({ ...message, acctNumber }))
        return received.kind === 'message' || !JSON.stringify(received.erro).includes(sampleCard)
      }),
    )
  })
})
