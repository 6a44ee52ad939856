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
 * code's tables, so that a slip in either shows. Browser channel, payment. OReq and ORes, which the reference does not
 * spell out, are not here.
 */

const exactly = (length: number): Form => ({
  form: 'written out',
  good: ['0'.repeat(length), '9'.repeat(length)],
  bad: { 'too short': '1'.repeat(length - 1), 'too long': '1'.repeat(length + 1), letters: 'a'.repeat(length) },
})

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
  good: [['01'], ['05', '02'], ['16'], ['80'], Array.from({ length: 99 }, () => '02')],
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

export interface Message {
  readonly messageType: string
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
      { name: 'cardholderInfo', is: text(128), until: '2.2.0' },
      { name: 'cardholderInfo', is: jsonObject, since: '2.3.1' },
      { name: 'cardholderInfo.text', is: text(128), since: '2.3.1', required: 'always' },
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
      cardholderInfo: version === '2.3.1' ? { text: 'Call us' } : 'Call us',
      ...lists(version),
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
      { name: 'authenticationMethod', is: methods, since: '2.3.1' },
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
        is: version => (version === '2.3.1' ? list('01 02 03 04', '00 05 1') : list('01 02 03', '00 04 1')),
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
]
