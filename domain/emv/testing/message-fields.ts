import {
  type Element,
  extension,
  extensions,
  type Form,
  jsonObject,
  list,
  text,
  url,
  uuid,
  type Version,
} from './areq-fields.ts'

/**
 * The elements of the other messages: a second transcription of the reference (sections 2, 4, 5, 7, 10), apart from the
 * code's tables, so that a slip in either shows. Payments; in the browser channel, unless the message is an app's.
 */

const exactly = (length: number): Form => ({
  form: 'written out',
  good: ['0'.repeat(length), '9'.repeat(length)],
  bad: { 'too short': '1'.repeat(length - 1), 'too long': '1'.repeat(length + 1), letters: 'a'.repeat(length) },
})

const sequenceNumber: Form = {
  form: 'written out',
  good: ['01', '99'],
  bad: { none: '00', 'one digit': '1', 'three digits': '001' },
}

const onlyTrue: Form = { form: 'written out', good: [true], bad: { false: false, 'the word true': 'true' } }

const messageExtension: Element = {
  name: 'messageExtension',
  is: version => ({
    form: 'written out',
    good: [extensions(version === '2.3.1' ? 15 : 10)],
    bad: { 'an object': extension(), 'one too many': extensions(version === '2.3.1' ? 16 : 11), 'a word': ['x'] },
  }),
}

const ids = (...names: string[]): Element[] => names.map(name => ({ name, is: uuid, required: 'always' }))

const reasonCodes: Readonly<Record<Version, Form>> = (() => {
  const to = (last: number) => Array.from({ length: last }, (_, index) => String(index + 1).padStart(2, '0')).join(' ')
  return {
    '2.1.0': list(to(21), '00 22 26 27 79', true),
    '2.2.0': list(to(26), '00 27 30 79', true),
    '2.3.1': list(to(30), '00 | 31 79', true),
  }
})()

/** Reference 7.2, one code. */
const method = (version: Version): Form =>
  version === '2.1.0'
    ? list('01 02 03 04 05 06 07 08 09 10', '00 11 12 79', true)
    : list('01 02 03 04 05 06 07 08 09 10 11', '00 12 16 79', true)
const methods: Form = {
  form: 'written out',
  good: [
    ['01'],
    ['05', '02'],
    ['16'],
    ['80'],
    ['01', '02', '03', '04', '05', '06', '07', '08', '09', '10', '11', '12'],
  ],
  bad: { 'a word': '02', 'an empty list': [], zero: ['00'], 'too many': Array.from({ length: 100 }, () => '02') },
  reserved: { 'reserved: 17': ['17'], 'reserved: 79': ['02', '79'] },
}

const type = (version: Version): Form =>
  version === '2.1.0' ? list('01 02 03', '00 04 79', true) : list('01 02 03 04', '00 05 79', true)

const value28: Form = {
  form: 'written out',
  good: ['ERAM9qdkDWkfXtRwwdP2J18N5ZI='],
  bad: { '19 bytes': 'ERAM9qdkDWkfXtRwwdP2J18N5Q==', hexadecimal: '0'.repeat(40), base64url: `${'_'.repeat(27)}=` },
}

const status = (name: string, since: '2.2.0' | '2.3.1', until?: '2.2.0'): Element[] => [
  { name, is: list('Y N E P R U', 'X y 01'), since, ...(until && { until }) },
  {
    name: `${name}Source`,
    is: version => (version === '2.3.1' ? list('01 02 03', '00 | 04 79', true) : list('01 02 03', '00 04 79', true)),
    since,
    ...(until && { until }),
    required: `with ${name}`,
  },
]

/** What ARes and RReq tell alike about the outcome. */
const outcome = (inFull: 'Y' | 'N'): Element[] => [
  {
    name: 'transStatusReason',
    is: version => reasonCodes[version],
    ...(inFull === 'N' && { required: 'with N' as const }),
  },
  { name: 'transStatusReasonInfo', is: text(256), since: '2.3.1' },
  { name: 'eci', is: exactly(2) },
  ...status('whiteListStatus', '2.2.0', '2.2.0'),
  ...status('trustListStatus', '2.3.1'),
]

const value = (required: boolean): Element => ({
  name: 'authenticationValue',
  is: version => (version === '2.3.1' ? text(4000) : value28),
  ...(required && { required: 'with Y' as const }),
})

const base64url = (longest: number, shortest: number): Form => ({
  form: 'written out',
  good: ['_'.repeat(shortest), `-A9${'_'.repeat(shortest)}`, 'Z'.repeat(longest)],
  bad: {
    'too short': '_'.repeat(shortest - 1),
    'too long': '_'.repeat(longest + 1),
    'base64 of another kind': `+/${'_'.repeat(shortest)}`,
    padded: `${'_'.repeat(shortest)}=`,
  },
})

/** A.5 and A.28, requirements file 2.10: letters, without those of metals, units of account and tests. */
const letters: Form = {
  form: 'written out',
  good: ['JPY', 'USD', 'EUR', 'XOF', 'XAF'],
  bad: {
    ...{ number: '392', small: 'jpy', 'too short': 'JP', 'too long': 'JPYX' },
    ...Object.fromEntries('XBA XBB XBC XBD XAU XDR XAG XPT XTS XPD XXX'.split(' ').map(code => [code, code])),
  },
}

/** A fully qualified URL of at most 2048 characters, or a data URL with the image. */
const picture = (longest: number): Form => ({
  form: 'written out',
  good: [
    'https://issuer.example/card.png',
    `https://issuer.example/${'a'.repeat(2048 - 23)}`,
    `data:image/png;base64,${'A'.repeat(longest - 22)}`,
  ],
  bad: {
    ...{ 'no address': 'card.png', 'in clear text': 'http://issuer.example/card.png', 'no data': 'data:image/png' },
    'an address that is too long': `https://issuer.example/${'a'.repeat(2048 - 22)}`,
    'a data URL that is too long': `data:image/png;base64,${'A'.repeat(longest - 21)}`,
  },
})

const credential = (length: number) => ({ rpID: 'issuer.example', credentialIds: '_'.repeat(length) })

export interface Message {
  readonly messageType: string
  /** Absent: every version has the message. */
  readonly since?: '2.3.1'
  readonly elements: readonly Element[]
  /** All that the version has, well formed. */
  full(version: Version): Record<string, unknown>
}

const uuids = {
  threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
  dsTransID: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922',
  acsTransID: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
}
const { dsTransID: _, ...uuidsOfWindow } = uuids
const lists = (version: Version) =>
  ({
    '2.1.0': {},
    '2.2.0': { whiteListStatus: 'N', whiteListStatusSource: '03' },
    '2.3.1': { trustListStatus: 'N', trustListStatusSource: '03', transStatusReasonInfo: 'in words' },
  })[version]
const head = (messageType: string, messageVersion: Version) => ({
  messageType,
  messageVersion,
  messageExtension: [extension()],
})

export const messages: readonly Message[] = [
  {
    messageType: 'CReq',
    elements: [
      ...ids('threeDSServerTransID', 'acsTransID'),
      { name: 'challengeWindowSize', is: list('01 02 03 04 05', '00 06 2'), required: 'always' },
      messageExtension,
    ],
    full: version => ({ ...head('CReq', version), ...uuidsOfWindow, challengeWindowSize: '02' }),
  },
  {
    messageType: 'CRes',
    elements: [
      ...ids('threeDSServerTransID', 'acsTransID'),
      {
        name: 'transStatus',
        is: version => (version === '2.3.1' ? list('Y N D', 'U A R C y') : list('Y N', 'D U A R C y')),
        required: 'always',
      },
      messageExtension,
    ],
    full: version => ({ ...head('CRes', version), ...uuidsOfWindow, transStatus: 'Y' }),
  },
  {
    messageType: 'ARes',
    elements: [
      ...ids('threeDSServerTransID', 'dsTransID', 'acsTransID'),
      { name: 'dsReferenceNumber', is: text(32), required: 'always' },
      { name: 'acsReferenceNumber', is: text(32), required: 'always' },
      { name: 'acsOperatorID', is: text(32) },
      ...outcome('Y'),
      value(false),
      { name: 'acsChallengeMandated', is: list('Y N', 'U y 01'), required: 'with C' },
      { name: 'authenticationType', is: type, until: '2.2.0', required: 'with C' },
      { name: 'authenticationMethod', is: methods, since: '2.3.1', required: 'with C' },
      { name: 'acsURL', is: url(2048), required: 'with C' },
      { name: 'acsDecConInd', is: list('Y N', 'U y'), since: '2.2.0' },
      { name: 'cardSecurityCodeStatus', is: list('Y N U', 'y 01'), since: '2.3.1' },
      {
        name: 'cardSecurityCodeStatusSource',
        is: list('01 02', '00 | 03 79', true),
        since: '2.3.1',
        required: 'with cardSecurityCodeStatus',
      },
      {
        name: 'deviceBindingStatus',
        is: list('01 02 03 04 05 11 12 13 14 15', '00 | 06 10 16 79', true),
        since: '2.3.1',
      },
      {
        name: 'deviceBindingStatusSource',
        is: list('01 02 03', '00 | 04 79', true),
        since: '2.3.1',
        required: 'with deviceBindingStatus',
      },
      { name: 'transChallengeExemption', is: list('05 08 10 11 79', '00 | 01 07 12 78', true), since: '2.3.1' },
      { name: 'cardholderInfo', is: text(128), until: '2.2.0' },
      { name: 'cardholderInfo', is: jsonObject, since: '2.3.1' },
      { name: 'cardholderInfo.text', is: text(128), since: '2.3.1', required: 'always' },
      { name: 'cardholderInfo.issuerImage', is: url(256), since: '2.3.1' },
      { name: 'cardholderInfo.paymentSystemImage', is: url(256), since: '2.3.1' },
      messageExtension,
    ],
    full: version => ({
      ...head('ARes', version),
      ...uuids,
      dsReferenceNumber: 'DS',
      acsReferenceNumber: 'ACS',
      acsOperatorID: 'OPERATOR',
      transStatus: 'C',
      transStatusReason: '16',
      eci: '05',
      authenticationValue: 'ERAM9qdkDWkfXtRwwdP2J18N5ZI=',
      acsChallengeMandated: 'Y',
      ...(version === '2.3.1' ? { authenticationMethod: ['05'] } : { authenticationType: '02' }),
      acsURL: 'https://acs.example/challenge',
      ...(version !== '2.1.0' && { acsDecConInd: 'N' }),
      cardholderInfo:
        version === '2.3.1'
          ? { text: 'Call us', issuerImage: 'https://a.example/i', paymentSystemImage: 'https://a.example/p' }
          : 'Call us',
      ...(version === '2.3.1' && {
        cardSecurityCodeStatus: 'U',
        cardSecurityCodeStatusSource: '02',
        deviceBindingStatus: '01',
        deviceBindingStatusSource: '03',
        transChallengeExemption: '79',
      }),
      ...lists(version),
    }),
  },
  // Requirements file 2.10 (A.28): the ARes that asks for a secure payment confirmation.
  {
    messageType: 'ARes',
    since: '2.3.1',
    elements: [
      { name: 'spcTransData', is: jsonObject, required: 'with S' },
      { name: 'spcTransData.challenge', is: base64url(100, 43), required: 'always' },
      { name: 'spcTransData.currency', is: letters, required: 'always' },
      { name: 'spcTransData.displayName', is: text(40), required: 'always' },
      { name: 'spcTransData.icon', is: picture(4096), required: 'always' },
      {
        name: 'spcTransData.timeout',
        is: {
          form: 'written out',
          good: ['60000', '99999', '100000', '499999', '500000'],
          bad: {
            'too short': '59999',
            'too long': '500001',
            number: 60_000,
            'a leading zero': '060000',
            words: 'long',
          },
        },
        required: 'always',
      },
      { name: 'spcTransData.value', is: text(40), required: 'always' },
      { name: 'spcTransData.payeeName', is: text(40) },
      { name: 'spcTransData.payeeOrigin', is: url(2048) },
      { name: 'spcTransData.challengeInfoText', is: text(350) },
      { name: 'spcTransData.issuerImageSpc', is: jsonObject },
      { name: 'spcTransData.issuerImageSpc.default', is: picture(30_000), required: 'always' },
      { name: 'spcTransData.issuerImageSpc.dark', is: picture(30_000) },
      { name: 'spcTransData.issuerImageSpc.monochrome', is: picture(30_000) },
      { name: 'spcTransData.psImageSpc', is: jsonObject },
      { name: 'spcTransData.psImageSpc.default', is: picture(30_000), required: 'always' },
      { name: 'spcTransData.extInd', is: list('Y', 'N y 01') },
      { name: 'spcTransData.additionalData', is: jsonObject },
      {
        name: 'webAuthnCredList',
        is: {
          form: 'written out',
          good: [
            [credential(16)],
            [credential(1000)],
            Array.from({ length: 10 }, (_, index) => credential(16 + index)),
          ],
          bad: {
            ...{ 'an object': credential(16), empty: [] },
            'too many': Array.from({ length: 11 }, (_, index) => credential(16 + index)),
          },
        },
        required: 'with S',
      },
    ],
    full: version => ({
      ...head('ARes', version),
      ...uuids,
      dsReferenceNumber: 'DS',
      acsReferenceNumber: 'ACS',
      transStatus: 'S',
      spcTransData: {
        challenge: '_'.repeat(43),
        currency: 'JPY',
        displayName: 'Card',
        icon: 'https://issuer.example/card.png',
        timeout: '300000',
        value: '12800',
        payeeName: 'Sample Shop',
        payeeOrigin: 'https://shop.example',
        challengeInfoText: 'Confirm',
        issuerImageSpc: {
          default: 'https://issuer.example/logo.png',
          dark: 'https://issuer.example/logo.png',
          monochrome: 'https://issuer.example/logo.png',
        },
        psImageSpc: { default: 'https://issuer.example/logo.png' },
        extInd: 'Y',
        additionalData: { any: 'thing' },
      },
      webAuthnCredList: [credential(16)],
    }),
  },
  {
    messageType: 'RReq',
    elements: [
      ...ids('threeDSServerTransID', 'dsTransID', 'acsTransID'),
      { name: 'messageCategory', is: list('01 02', '00 1 PA | 03 79', 'refused'), required: 'always' },
      {
        name: 'transStatus',
        is: version => (version === '2.3.1' ? list('Y N U A R D', 'C I S y') : list('Y N U A R', 'C D I S y')),
        required: 'payment',
      },
      ...outcome('N'),
      value(false),
      { name: 'authenticationType', is: type, until: '2.2.0', required: 'with N' },
      { name: 'authenticationMethod', is: method, until: '2.2.0' },
      // Requirements file 2.4: for Y and N, time-outs and cancellations included.
      { name: 'authenticationMethod', is: methods, since: '2.3.1', required: 'with N' },
      { name: 'interactionCounter', is: exactly(2) },
      {
        name: 'challengeCancel',
        is: version =>
          ({
            '2.1.0': list('01 04 05 06 07 08', '00 02 03 09 79', true),
            '2.2.0': list('01 03 04 05 06 07 08', '00 02 09 10 79', true),
            '2.3.1': list('01 03 04 05 06 07 08', '00 | 02 11 79', true),
          })[version],
        required: 'with transStatusReason 14',
      },
      messageExtension,
    ],
    full: version => ({
      ...head('RReq', version),
      ...uuids,
      messageCategory: '01',
      transStatus: 'N',
      transStatusReason: '14',
      eci: '07',
      authenticationValue: 'ERAM9qdkDWkfXtRwwdP2J18N5ZI=',
      ...(version === '2.3.1'
        ? { authenticationMethod: ['05'] }
        : { authenticationType: '02', authenticationMethod: '05' }),
      interactionCounter: '03',
      challengeCancel: '04',
      ...lists(version),
    }),
  },
  {
    messageType: 'RRes',
    elements: [
      ...ids('threeDSServerTransID', 'dsTransID', 'acsTransID'),
      {
        name: 'resultsStatus',
        is: version =>
          version === '2.3.1' ? list('01 02 03 04', '00 1 | 05 79', true) : list('01 02 03', '00 04 1', true),
        required: 'always',
      },
      messageExtension,
    ],
    full: version => ({ ...head('RRes', version), ...uuids, resultsStatus: '01' }),
  },
  {
    messageType: 'Erro',
    elements: [
      { name: 'errorCode', is: exactly(3), required: 'always' },
      { name: 'errorComponent', is: list('C S D A', 'X a 01'), required: 'always' },
      { name: 'errorDescription', is: text(2048), required: 'always' },
      { name: 'errorDetail', is: text(2048), required: 'always' },
      { name: 'threeDSServerTransID', is: uuid },
      { name: 'dsTransID', is: uuid },
      { name: 'acsTransID', is: uuid },
      { name: 'sdkTransID', is: uuid },
    ],
    full: version => ({
      messageType: 'Erro',
      messageVersion: version,
      errorCode: '203',
      errorComponent: 'D',
      errorDescription: 'A form is wrong',
      errorDetail: 'mcc',
      ...uuids,
      sdkTransID: uuids.acsTransID,
    }),
  },
  // Requirements file 2.8.
  {
    messageType: 'OReq',
    since: '2.3.1',
    elements: [
      ...ids('dsTransID'),
      { name: 'dsReferenceNumber', is: text(32), required: 'always' },
      { name: 'opCategory', is: list('01 02 03 04 05 06', '00 1 | 07 79', true), required: 'always' },
      { name: 'opSeverity', is: list('01 02 03 04', '00 1 | 05 79', true), required: 'always' },
      { name: 'opDescription', is: text(20_000), required: 'always' },
      { name: 'opExpDate', is: { form: 'date', like: 'YYYYMMDD' }, required: 'always' },
      { name: 'opPriorTransRef', is: jsonObject },
      { name: 'opPriorTransRef.transIdType', is: list('01 02 03', '00 04'), required: 'always' },
      { name: 'opPriorTransRef.transId', is: uuid, required: 'always' },
      { name: 'opSeq', is: jsonObject, required: 'always' },
      { name: 'opSeq.seqId', is: uuid, required: 'always' },
      { name: 'opSeq.seqNum', is: sequenceNumber, required: 'always' },
      { name: 'opSeq.seqTotal', is: sequenceNumber, required: 'always' },
      messageExtension,
    ],
    full: version => ({
      ...head('OReq', version),
      dsTransID: uuids.dsTransID,
      dsReferenceNumber: 'DS',
      opCategory: '02',
      opSeverity: '03',
      opDescription: 'Maintenance tonight',
      opExpDate: '20261201',
      opPriorTransRef: { transIdType: '03', transId: uuids.acsTransID },
      opSeq: { seqId: uuids.threeDSServerTransID, seqNum: '01', seqTotal: '01' },
    }),
  },
  // Requirements file 2.6.
  {
    messageType: 'ORes',
    since: '2.3.1',
    elements: [
      ...ids('dsTransID', 'acsTransID'),
      { name: 'acsReferenceNumber', is: text(32), required: 'always' },
      { name: 'opStatus', is: list('01 02 03', '00 1 | 04 79', true), required: 'always' },
      messageExtension,
    ],
    full: version => ({
      ...head('ORes', version),
      dsTransID: uuids.dsTransID,
      acsTransID: uuids.acsTransID,
      acsReferenceNumber: 'ACS',
      opStatus: '01',
    }),
  },
  // Requirements file 2.8, and reference 6 for the versions before.
  {
    messageType: 'CReq',
    elements: [
      ...ids('threeDSServerTransID', 'acsTransID', 'sdkTransID'),
      {
        name: 'threeDSRequestorAppURL',
        is: {
          form: 'written out',
          good: ['shop-app://back', 'x'.repeat(256)],
          bad: { 'too long': 'x'.repeat(257) },
        },
        since: '2.2.0',
        until: '2.2.0',
      },
      { name: 'threeDSRequestorAppURL', is: url(2048), since: '2.3.1' },
      { name: 'challengeCancel', is: list('01 04 05 06 07 08', '00 1', 'unsaid'), until: '2.2.0' },
      { name: 'challengeCancel', is: list('01 03 04 05 06 07 08 09 10', '00 | 02 11 79', true), since: '2.3.1' },
      { name: 'challengeDataEntry', is: text(45) },
      { name: 'challengeHTMLDataEntry', is: text(256) },
      { name: 'challengeNoEntry', is: list('Y', 'N y'), since: '2.2.0' },
      { name: 'oobContinue', is: onlyTrue, until: '2.2.0' },
      { name: 'oobContinue', is: list('01 02', '00 1 | 03 79 99', 'refused'), since: '2.3.1' },
      { name: 'resendChallenge', is: version => (version === '2.3.1' ? list('Y', 'N y') : list('Y N', 'y U')) },
      { name: 'whitelistingDataEntry', is: list('Y N', 'y U'), since: '2.2.0', until: '2.2.0' },
      { name: 'oobAppURLInd', is: list('01 02 03', '00 1 | 04 79', true), since: '2.3.1', required: 'always' },
      { name: 'oobAppStatus', is: list('01', '00 1 | 02 79 99', 'refused'), since: '2.3.1' },
      { name: 'challengeDataEntryTwo', is: text(45), since: '2.3.1' },
      { name: 'challengeAddCode', is: list('Y', 'N y'), since: '2.3.1' },
      { name: 'infoContinueIndicator', is: onlyTrue, since: '2.3.1' },
      { name: 'deviceBindingDataEntry', is: list('Y N', 'y U'), since: '2.3.1' },
      { name: 'trustListDataEntry', is: list('Y N', 'y U'), since: '2.3.1' },
      messageExtension,
    ],
    full: version => ({
      ...head('CReq', version),
      ...uuidsOfWindow,
      sdkTransID: '1c0b7d2e-5e2f-4b7a-8a43-6f9d0c1e2b02',
      sdkCounterStoA: '000',
      challengeCancel: '01',
      challengeDataEntry: '123456',
      challengeHTMLDataEntry: 'code=123456',
      resendChallenge: 'Y',
      oobContinue: version === '2.3.1' ? '01' : true,
      ...(version !== '2.1.0' && { threeDSRequestorAppURL: 'https://app.example', challengeNoEntry: 'Y' }),
      ...(version === '2.2.0' && { whitelistingDataEntry: 'N' }),
      ...(version === '2.3.1' && {
        oobAppURLInd: '01',
        oobAppStatus: '01',
        challengeDataEntryTwo: '123456',
        challengeAddCode: 'Y',
        infoContinueIndicator: true,
        deviceBindingDataEntry: 'N',
        trustListDataEntry: 'N',
      }),
    }),
  },
]
