/**
 * AReq elements of all channels, 2.1.0 to 2.3.1: a second transcription of the reference (section 3), apart from
 * `domain/emv/areq.ts`, so that a slip in either shows. Import nothing of the code here, or both say the same by birth.
 */

export type Version = '2.1.0' | '2.2.0' | '2.3.1'
export type Channel = '01' | '02' | '03'

/** Which AReq is looked at. */
export interface Kind {
  readonly version: Version
  readonly channel: Channel
  readonly category: '01' | '02'
}

export type Form =
  | { readonly form: 'text'; readonly longest: number; readonly shortest: number }
  | { readonly form: 'digits'; readonly longest: number; readonly shortest: number }
  | {
      readonly form: 'list'
      readonly members: readonly string[]
      /** Of a later version, or no member at all. */
      readonly others: readonly string[]
      /** Some of those that are reserved for EMVCo: 203, and 207 in 2.3.1. */
      readonly reserved: readonly string[]
      /** 80–99 is the directory server's: accepted by form. `unsaid`: the reference is silent. `refused`: see docs. */
      readonly directoryServer: boolean | 'unsaid' | 'refused'
    }
  | { readonly form: 'uuid' | 'currency' | 'country' | 'boolean' }
  | { readonly form: 'url'; readonly longest: number }
  | { readonly form: 'date'; readonly like: 'YYYYMMDD' | 'YYYYMMDDHHMM' | 'YYYYMMDDHHMMSS' }
  | { readonly form: 'json object'; readonly longest?: number }
  | { readonly form: 'array of objects'; readonly most: number }
  | {
      readonly form: 'written out'
      readonly good: readonly unknown[]
      readonly bad: Readonly<Record<string, unknown>>
      readonly reserved?: Readonly<Record<string, unknown>>
    }

export interface Element {
  /** Dotted for a member of an object. */
  readonly name: string
  readonly is: Form | ((version: Version, channel: Channel) => Form)
  /** Of these channels alone; elsewhere it is not looked at. */
  readonly of?: readonly Channel[] | ((version: Version) => readonly Channel[])
  readonly since?: '2.2.0' | '2.3.1'
  readonly until?: '2.2.0'
  /**
   * `payment`: in PA alone. Otherwise the condition that the full sample meets, in words.
   * Members count as required where their parent is there.
   */
  readonly required?: 'always' | 'payment' | 'always, but without script' | `with ${string}` | ((kind: Kind) => boolean)
}

export const text = (longest: number, shortest = 1): Form => ({ form: 'text', longest, shortest })
const digits = (longest: number, shortest = 1): Form => ({ form: 'digits', longest, shortest })
const exactDigits = (length: number): Form => digits(length, length)
export const url = (longest: number): Form => ({ form: 'url', longest })
const date = (like: 'YYYYMMDD' | 'YYYYMMDDHHMM' | 'YYYYMMDDHHMMSS'): Form => ({ form: 'date', like })
export const uuid: Form = { form: 'uuid' }
const currency: Form = { form: 'currency' }
const country: Form = { form: 'country' }
const boolean: Form = { form: 'boolean' }
export const jsonObject: Form = { form: 'json object' }

type DirectoryServer = boolean | 'unsaid' | 'refused'

/** `others`: never members; after `|`, those reserved for EMVCo. */
export function list(members: string, others: string, directoryServer: DirectoryServer = false): Form {
  const [never = '', reserved = ''] = others.split('|').map(part => part.trim())
  const words = (of: string) => of.split(' ').filter(Boolean)
  return { form: 'list', members: words(members), others: words(never), reserved: words(reserved), directoryServer }
}

/** An object before 2.3.1, then a list of up to three. */
const upToThree = (version: Version): Form =>
  version === '2.3.1' ? { form: 'array of objects', most: 3 } : { form: 'json object' }

const ipAddress: Form = {
  form: 'written out',
  good: ['192.0.2.1', '255.255.255.255', '2001:db8::1', '::', '::ffff:192.0.2.1', '2001:DB8:0:0:0:0:0:1'],
  bad: {
    'too long': `2001:db8::${'0'.repeat(36)}`,
    'a number over 255': '192.0.2.256',
    'three numbers': '192.0.2',
    'five numbers': '192.0.2.1.1',
    'a dot at the end': '192.0.2.1.',
    'a name': 'localhost',
    'hexadecimal alone': 'cafe',
  },
}

const phone = (name: string): Element[] => [
  { name, is: jsonObject },
  { name: `${name}.cc`, is: digits(3), required: 'always' },
  { name: `${name}.subscriber`, is: digits(15), required: 'always' },
]

const address = (prefix: string): Element[] => [
  { name: `${prefix}Line1`, is: text(50) },
  { name: `${prefix}Line2`, is: text(50) },
  { name: `${prefix}Line3`, is: text(50) },
  { name: `${prefix}City`, is: text(50) },
  { name: `${prefix}PostCode`, is: text(16) },
  { name: `${prefix}State`, is: text(3) },
  { name: `${prefix}Country`, is: country, required: `with ${prefix}State` },
]

const app: readonly Channel[] = ['01']
const point = '_'.repeat(43)
const coordinate: Form = {
  form: 'written out',
  good: [point, `${point}=`],
  bad: { 'too short': '_'.repeat(42), 'too long': '_'.repeat(44), 'base64 of another kind': `${'_'.repeat(42)}+` },
}

const signed: Form = {
  form: 'written out',
  good: ['x', 'x'.repeat(100_000)],
  bad: { 'a list': ['x'] },
}

// 3.8 App channel
const appElements: readonly Element[] = [
  { name: 'sdkAppID', of: app, is: uuid, required: 'always' },
  { name: 'sdkTransID', of: app, is: uuid, required: 'always' },
  { name: 'sdkReferenceNumber', of: app, is: text(32), required: 'always' },
  {
    name: 'sdkMaxTimeout',
    of: app,
    is: {
      form: 'written out',
      good: ['05', '10', '99'],
      bad: { 'under five minutes': '04', none: '00', 'one digit': '5', 'three digits': '100', letters: 'xx' },
    },
    required: 'always',
  },
  { name: 'sdkEphemPubKey', of: app, is: jsonObject, required: 'always' },
  { name: 'sdkEphemPubKey.kty', of: app, is: list('EC', 'RSA ec'), required: 'always' },
  { name: 'sdkEphemPubKey.crv', of: app, is: list('P-256', 'P-384 secp256k1'), required: 'always' },
  { name: 'sdkEphemPubKey.x', of: app, is: coordinate, required: 'always' },
  { name: 'sdkEphemPubKey.y', of: app, is: coordinate, required: 'always' },
  { name: 'deviceRenderOptions', of: app, is: jsonObject, required: 'always' },
  { name: 'deviceRenderOptions.sdkInterface', of: app, is: list('01 02 03', '00 04 1'), required: 'always' },
  {
    name: 'deviceRenderOptions.sdkUiType',
    of: app,
    is: version => ({
      form: 'written out',
      good: [['01'], ['01', '02', '03', '04', '05'], ...(version === '2.3.1' ? [['06', '07']] : [])],
      bad: {
        'a word': '01',
        'an empty list': [],
        'outside the list': ['08'],
        ...(version !== '2.3.1' && { 'of 2.3.1': ['06'] }),
      },
    }),
    required: 'always',
  },
  {
    name: 'deviceRenderOptions.sdkAuthenticationType',
    of: app,
    is: {
      form: 'written out',
      good: [['01'], ['02', '03']],
      bad: { 'a word': '01', 'an empty list': [], long: ['001'] },
    },
    since: '2.2.0',
    until: '2.2.0',
  },
  {
    name: 'deviceRenderOptions.sdkAuthenticationType',
    of: app,
    // 12 is reserved by the list, and stands in the specification's own example.
    is: {
      form: 'written out',
      good: [['01'], ['02', '11'], ['12'], ['80', '99']],
      bad: { 'a word': '01', 'an empty list': [], long: ['001'], zero: ['00'] },
      reserved: { 'reserved: 13': ['13'], 'reserved: 79': ['01', '79'] },
    },
    since: '2.3.1',
  },
  {
    name: 'deviceInfo',
    of: app,
    is: {
      form: 'written out',
      // Requirements file 4.3: white space is ignored, wherever it stands.
      good: [
        'eyJEViI6IjEuMCJ9',
        'eyJEViI6IjEuMCJ9==',
        'a'.repeat(64_000),
        'eyJEViI6\r\n  IjEuMCJ9\t=\n=\n',
        '\neyJEViI6IjEuMCJ9',
      ],
      bad: {
        'too long': 'a'.repeat(64_001),
        'JSON itself': '{}',
        'base64 of another kind': 'a+/b',
        'padding within': 'ab=cd',
        'white space alone': ' \n',
      },
    },
    required: 'always',
  },
  { name: 'sdkType', of: app, is: list('01 02', '00 1 | 03 79', true), since: '2.3.1', required: 'always' },
  { name: 'defaultSdkType', of: app, is: jsonObject, since: '2.3.1', required: 'with sdkType 01' },
  { name: 'defaultSdkType.sdkVariant', of: app, is: list('01', '00 1', 'unsaid'), since: '2.3.1', required: 'always' },
  { name: 'defaultSdkType.wrappedInd', of: app, is: list('Y', 'N y 01'), since: '2.3.1' },
  { name: 'splitSdkType', of: app, is: jsonObject, since: '2.3.1' },
  {
    name: 'splitSdkType.sdkVariant',
    of: app,
    is: list('01 02 03', '00 1', 'unsaid'),
    since: '2.3.1',
    required: 'always',
  },
  { name: 'splitSdkType.limitedInd', of: app, is: list('Y', 'N y 01'), since: '2.3.1' },
  // Requirements file 2.8: no maximum.
  { name: 'sdkServerSignedContent', of: app, is: signed, since: '2.3.1' },
]

/** Members of an object that 2.3.1 added, requirements file 2.10. */
function membersOf231(parent: string, members: readonly Element[]): Element[] {
  return members.map(member => ({ ...member, name: `${parent}.${member.name}`, since: '2.3.1' as const }))
}

function of231(name: string, members: readonly Element[]): Element[] {
  return [{ name, is: jsonObject, since: '2.3.1' }, ...membersOf231(name, members)]
}

const sellers = (length: number) =>
  Array.from({ length }, (_, index) => ({ sellerName: `Seller ${index}`, sellerId: `${index}` }))

const browser: readonly Channel[] = ['02']
const appOrBrowser: readonly Channel[] = ['01', '02']
const appOrBrowserBefore231 = (version: Version): readonly Channel[] =>
  version === '2.3.1' ? ['01', '02', '03'] : appOrBrowser
/** Real 2.1.0 messages of merchants lack them. */
const notIn3RIOf210 = ({ version, channel }: Kind) => channel !== '03' || version !== '2.1.0'
/** The full samples are payments, or non-payments of which only the merchant's regular one (3RI 01) is about a purchase. */
const purchase = ({ channel, category }: Kind) => category === '01' || channel === '03'
const recurring = ({ channel }: Kind) => channel === '03'
/** The full samples of 2.3.1 have a fixed frequency in recurringInd, and an amount. */
const fixedFrequency = () => true
const withRecurringAmount = () => true

export const elements: readonly Element[] = [
  // 3.1 Envelope and routing. messageType and messageVersion are judged before the table: see areq.test.ts.
  { name: 'deviceChannel', is: (_version, channel) => list(channel, '00 2 BR | 04 79', 'refused'), required: 'always' },
  { name: 'messageCategory', is: list('01 02', '00 1 PA | 03 79', 'refused'), required: 'always' },
  { name: 'threeDSServerTransID', is: uuid, required: 'always' },
  { name: 'threeDSServerRefNumber', is: text(32), required: 'always' },
  { name: 'threeDSServerOperatorID', is: text(32) },
  { name: 'threeDSServerURL', is: url(2048), required: notIn3RIOf210 },
  { name: 'threeDSRequestorID', is: text(35), required: 'always' },
  { name: 'threeDSRequestorName', is: text(40), required: 'always' },
  { name: 'threeDSRequestorURL', is: url(2048), required: 'always' },
  { name: 'dsTransID', is: uuid, required: 'always' },
  { name: 'dsReferenceNumber', is: text(32), required: 'always' },
  { name: 'dsURL', is: url(2048), required: notIn3RIOf210 },
  {
    name: 'messageExtension',
    is: version => ({
      form: 'written out',
      good: [extensions(version === '2.3.1' ? 15 : 10), [extension({ data: { a: 'x'.repeat(8051) } })]],
      bad: {
        'an object': extension(),
        'one too many': extensions(version === '2.3.1' ? 16 : 11),
        'a word in the list': ['extension'],
        ...(version === '2.3.1' && { 'too long in all': extensions(11, { a: 'x'.repeat(8051) }) }),
      },
    }),
  },

  // 3.2 Authentication context
  {
    name: 'threeDSRequestorAuthenticationInd',
    of: appOrBrowser,
    is: version =>
      ({
        '2.1.0': list('01 02 03 04 05 06', '00 07 08 79 1', true),
        '2.2.0': list('01 02 03 04 05 06 07', '00 08 09 10 79 1', true),
        '2.3.1': list('01 02 03 04 05 06 07 08 09 10', '00 1 | 11 79', true),
      })[version],
    required: 'always',
  },
  {
    name: 'threeDSRequestorChallengeInd',
    of: appOrBrowser,
    is: version =>
      version === '2.1.0'
        ? list('01 02 03 04', '00 05 06 09 79', true)
        : list('01 02 03 04 05 06 07 08 09', '00 10 14 79', true),
    until: '2.2.0',
  },
  {
    name: 'threeDSRequestorChallengeInd',
    is: {
      form: 'written out',
      good: [...'01 02 03 04 05 06 07 08 09 10 11 12 13 14 80 99'.split(' ').map(each => [each]), ['04', '09']],
      bad: { 'a word': '01', 'an empty list': [], 'three of them': ['01', '02', '03'], zero: ['00'], 'a number': [1] },
      reserved: { 'reserved: 15': ['15'], 'reserved: 79': ['01', '79'] },
    },
    since: '2.3.1',
  },
  {
    name: 'threeRIInd',
    of: ['03'],
    is: version =>
      ({
        '2.1.0': list('01 02 03 04 05', '00 06 12 79', true),
        '2.2.0': list('01 02 03 04 05 06 07 08 09 10 11 12', '00 13 19 79', true),
        '2.3.1': list('01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19', '00 1 | 20 79', true),
      })[version],
    required: 'always',
  },
  { name: 'threeDSCompInd', of: browser, is: list('Y N U', 'y X 01'), required: 'always' },
  {
    name: 'threeDSRequestorDecReqInd',
    is: version => (version === '2.3.1' ? list('Y N F B', 'U y') : list('Y N', 'F B U y')),
    since: '2.2.0',
  },
  {
    name: 'threeDSRequestorDecMaxTime',
    is: {
      form: 'written out',
      good: ['00001', '00060', '10080', '09999', '10079'],
      bad: {
        zero: '00000',
        'too many minutes': '10081',
        'far too many': '99999',
        'too short': '60',
        'too long': '000060',
      },
    },
    since: '2.2.0',
    required: 'with threeDSRequestorDecReqInd Y',
  },
  { name: 'threeDSRequestorAuthenticationInfo', is: upToThree, of: appOrBrowserBefore231 },
  {
    name: 'threeDSRequestorAuthenticationInfo.threeDSReqAuthMethod',
    of: appOrBrowserBefore231,
    is: version =>
      ({
        '2.1.0': list('01 02 03 04 05 06', '00 07 08 09', 'unsaid'),
        '2.2.0': list('01 02 03 04 05 06 07 08', '00 09 10', 'unsaid'),
        '2.3.1': list('01 02 03 04 05 06 07 08 09 10', '00 1 | 11 79', true),
      })[version],
  },
  {
    name: 'threeDSRequestorAuthenticationInfo.dsAuthInfVerifInd',
    is: list('01 02 03', '00 1 | 04 79', true),
    since: '2.3.1',
  },
  {
    name: 'threeDSRequestorAuthenticationInfo.threeDSReqAuthTimestamp',
    of: appOrBrowserBefore231,
    is: date('YYYYMMDDHHMM'),
  },
  {
    name: 'threeDSRequestorAuthenticationInfo.threeDSReqAuthData',
    of: appOrBrowserBefore231,
    is: version => text(version === '2.1.0' ? 2048 : 20_000),
    until: '2.2.0',
  },
  {
    name: 'threeDSRequestorAuthenticationInfo.threeDSReqAuthData',
    of: appOrBrowserBefore231,
    is: {
      form: 'written out',
      good: ['x', 'x'.repeat(50_000), { clientDataJSON: 'e30' }],
      bad: { 'too long': 'x'.repeat(50_001), 'a list': ['x'] },
    },
    since: '2.3.1',
  },
  { name: 'threeDSRequestorPriorAuthenticationInfo', is: upToThree },
  { name: 'threeDSRequestorPriorAuthenticationInfo.threeDSReqPriorRef', is: text(36, 36) },
  {
    name: 'threeDSRequestorPriorAuthenticationInfo.threeDSReqPriorAuthMethod',
    is: version =>
      version === '2.3.1' ? list('01 02 03 04 05', '00 1 | 06 79', true) : list('01 02 03 04', '00 05 79', 'unsaid'),
  },
  { name: 'threeDSRequestorPriorAuthenticationInfo.threeDSReqPriorDsTransId', is: text(36, 36), since: '2.3.1' },
  { name: 'threeDSRequestorPriorAuthenticationInfo.threeDSReqPriorAuthTimestamp', is: date('YYYYMMDDHHMM') },
  {
    name: 'threeDSRequestorPriorAuthenticationInfo.threeDSReqPriorAuthData',
    is: version => text(version === '2.3.1' ? 20_000 : 2048),
  },
  {
    name: 'threeDSReqAuthMethodInd',
    of: appOrBrowser,
    is: list('01 02 03', '00 04 79', true),
    since: '2.2.0',
    until: '2.2.0',
  },
  { name: 'whiteListStatus', is: list('Y N', 'E P R U y'), since: '2.2.0', until: '2.2.0' },
  {
    name: 'whiteListStatusSource',
    is: list('01 02 03', '00 04 79', true),
    since: '2.2.0',
    until: '2.2.0',
    required: 'with whiteListStatus',
  },
  { name: 'trustListStatus', is: list('Y N', 'E P R U y'), since: '2.3.1' },
  {
    name: 'trustListStatusSource',
    is: list('01 02 03', '00 | 04 79', true),
    since: '2.3.1',
    required: 'with trustListStatus',
  },
  { name: 'broadInfo', is: { form: 'json object', longest: 4096 }, until: '2.2.0' },

  // Requirements file 2.10 (A.27) and 2.11
  { name: 'broadInfo', is: jsonObject, since: '2.3.1' },
  { name: 'broadInfo.category', is: list('01 02 03 04 05 06', '00 | 07 79', true), since: '2.3.1', required: 'always' },
  { name: 'broadInfo.severity', is: list('01 02 03 04', '00 05 79'), since: '2.3.1', required: 'always' },
  {
    name: 'broadInfo.recipients',
    is: {
      form: 'written out',
      good: [['01'], ['02', '03', '04']],
      bad: {
        'a word': '01',
        'an empty list': [],
        'outside the list': ['05'],
        'four of them': ['01', '02', '03', '04'],
      },
    },
    since: '2.3.1',
    required: 'always',
  },
  { name: 'broadInfo.source', is: list('01 02 03', '00 04 79'), since: '2.3.1', required: 'always' },
  {
    name: 'broadInfo.description',
    // Up to 4,000 characters, and the whole object up to 4,096.
    is: { form: 'written out', good: ['x', '𠮷'.repeat(3900)], bad: { 'a list': ['x'] } },
    since: '2.3.1',
  },
  { name: 'broadInfo.expDate', is: date('YYYYMMDD'), since: '2.3.1' },
  {
    name: 'deviceBindingStatus',
    is: list('01 02 03 04 05 11 12 13 14 15', '00 Y | 06 10 16 79', true),
    since: '2.3.1',
  },
  {
    name: 'deviceBindingStatusSource',
    is: list('01 02 03', '00 | 04 79', true),
    since: '2.3.1',
    required: 'with deviceBindingStatus',
  },

  // 3.3 Card, account, cardholder
  { name: 'acctNumber', is: digits(19, 13), required: 'always' },
  { name: 'acctType', is: list('01 02 03', '00 | 04 79', true) },
  { name: 'acctID', is: text(64) },
  {
    name: 'cardExpiryDate',
    is: {
      form: 'written out',
      good: ['2912', '0001'],
      bad: {
        'a thirteenth month': '2913',
        'no month': '2900',
        'too short': '291',
        'too long': '202912',
        letters: '29DE',
      },
    },
  },
  { name: 'cardholderName', is: version => text(45, version === '2.3.1' ? 1 : 2) },
  {
    name: 'email',
    is: {
      form: 'written out',
      good: ['a@b.example', `${'a'.repeat(64)}@${'b'.repeat(181)}.example`],
      bad: { 'too long': `${'a'.repeat(64)}@${'b'.repeat(182)}.example`, 'no at sign': 'hanako.mail.example' },
    },
  },
  ...phone('homePhone'),
  ...phone('mobilePhone'),
  ...phone('workPhone'),
  ...address('billAddr'),
  ...address('shipAddr'),
  { name: 'addrMatch', of: appOrBrowser, is: list('Y N', 'U y 01') },
  {
    name: 'payTokenInd',
    is: { form: 'written out', good: [true], bad: { false: false, 'the word true': 'true', 'a number': 1 } },
  },
  {
    name: 'payTokenSource',
    is: list('01 02', '00 | 03 79', true),
    since: '2.2.0',
    required: 'with payTokenInd',
  },
  ...of231('payTokenInfo', [
    { name: 'token', is: digits(19, 13) },
    { name: 'tokenAdditionalData', is: { form: 'json object', longest: 500 } },
    { name: 'tokenAssuranceMethod', is: text(2, 2) },
    { name: 'tokenRequestorId', is: text(11, 11) },
    { name: 'tokenCryptogram', is: text(4000) },
    { name: 'tokenCryptogramValidityIndicator', is: list('01 02 03', '00 | 04 79', true) },
    { name: 'tokenStatusIndicator', is: text(40) },
  ]),
  { name: 'taxId', is: text(45), since: '2.3.1' },
  { name: 'userId', of: ['02'], is: text(64), since: '2.3.1' },
  { name: 'deviceId', of: ['02'], is: text(64), since: '2.3.1' },
  { name: 'appIp', of: app, is: ipAddress, since: '2.3.1' },
  { name: 'cardSecurityCode', is: digits(4, 3), since: '2.3.1' },
  { name: 'cardSecurityCodeStatus', is: list('Y N U', 'y 01'), since: '2.3.1' },
  {
    name: 'cardSecurityCodeStatusSource',
    is: list('01 02', '00 | 03 79', true),
    since: '2.3.1',
    required: 'with cardSecurityCodeStatus',
  },

  // 3.4 Purchase and merchant
  { name: 'acquirerBIN', is: text(11), required: 'payment' },
  { name: 'acquirerMerchantID', is: text(35), required: 'payment' },
  { name: 'mcc', is: exactDigits(4), required: 'payment' },
  { name: 'merchantCountryCode', is: country, required: 'payment' },
  { name: 'merchantName', is: text(40), required: 'payment' },
  { name: 'purchaseAmount', is: digits(48), required: purchase },
  { name: 'purchaseCurrency', is: currency, required: purchase },
  {
    name: 'purchaseExponent',
    is: { form: 'written out', good: ['0'], bad: { 'too long': '00', 'a letter': 'a', 'a minus': '-' } },
    required: purchase,
  },
  { name: 'purchaseDate', is: date('YYYYMMDDHHMMSS'), required: purchase },
  {
    name: 'purchaseInstalData',
    is: {
      form: 'written out',
      good: ['2', '02', '002', '999'],
      bad: { none: '0', 'one instalment': '1', 'one, padded': '001', 'too long': '0012', letters: 'two' },
    },
  },
  { name: 'recurringExpiry', is: date('YYYYMMDD'), required: kind => recurring(kind) && kind.version !== '2.3.1' },
  { name: 'recurringFrequency', is: digits(4), until: '2.2.0', required: recurring },
  {
    name: 'recurringFrequency',
    is: {
      form: 'written out',
      good: ['1', '28', '9999', '0001'],
      bad: { none: '0', 'none, padded': '0000', 'too long': '10000', letters: 'a' },
    },
    since: '2.3.1',
    required: fixedFrequency,
  },
  { name: 'acquirerCountryCode', is: country, since: '2.3.1', required: 'always' },
  { name: 'acquirerCountryCodeSource', is: list('01 02', '00 | 03 79', true), since: '2.3.1', required: 'always' },
  { name: 'recurringAmount', is: digits(48), since: '2.3.1', required: recurring },
  { name: 'recurringCurrency', is: currency, since: '2.3.1', required: withRecurringAmount },
  {
    name: 'recurringExponent',
    is: { form: 'written out', good: ['0'], bad: { 'too long': '00', 'a letter': 'a' } },
    since: '2.3.1',
    required: withRecurringAmount,
  },
  { name: 'recurringDate', is: date('YYYYMMDD'), since: '2.3.1', required: fixedFrequency },
  { name: 'recurringInd', is: jsonObject, since: '2.3.1', required: recurring },
  ...membersOf231('recurringInd', [
    { name: 'amountInd', is: list('01 02', '00 | 03 79', 'unsaid'), required: 'always' },
    { name: 'frequencyInd', is: list('01 02', '00 | 03 79', 'unsaid'), required: 'always' },
  ]),
  {
    name: 'sellerInfo',
    is: {
      form: 'written out',
      good: [sellers(1), sellers(50)],
      bad: { 'fifty-one of them': sellers(51), 'an empty list': [] },
    },
    since: '2.3.1',
  },
  ...membersOf231('sellerInfo', [
    { name: 'sellerName', is: text(100), required: 'always' },
    { name: 'sellerId', is: text(50), required: 'with multiTransaction.sellerId' },
    { name: 'sellerBusinessName', is: text(100) },
    { name: 'sellerAccDate', is: date('YYYYMMDD') },
    { name: 'sellerAddrLine1', is: text(50) },
    { name: 'sellerAddrLine2', is: text(50) },
    { name: 'sellerAddrLine3', is: text(50) },
    { name: 'sellerAddrCity', is: text(50) },
    { name: 'sellerAddrState', is: text(3) },
    { name: 'sellerAddrPostCode', is: text(16) },
    { name: 'sellerAddrCountry', is: country },
    { name: 'sellerEmail', is: text(254) },
    { name: 'sellerPhone', is: jsonObject },
    { name: 'sellerPhone.cc', is: digits(3), required: 'always' },
    { name: 'sellerPhone.subscriber', is: digits(15), required: 'always' },
  ]),
  ...of231('multiTransaction', [
    { name: 'merchantList', is: { form: 'array of objects', most: 50 }, required: 'always' },
    { name: 'merchantList.merchantNameListed', is: text(40), required: 'always' },
    { name: 'merchantList.acquirerMerchantIdListed', is: text(35) },
    { name: 'merchantList.merchantAmount', is: digits(48) },
    { name: 'merchantList.merchantCurrency', is: currency, required: 'with merchantAmount' },
    {
      name: 'merchantList.merchantExponent',
      is: { form: 'written out', good: ['0'], bad: { 'too long': '00', 'a letter': 'a' } },
      required: 'with merchantAmount',
    },
    { name: 'merchantList.sellerId', is: text(50) },
    { name: 'avValidityTime', is: digits(3) },
    { name: 'avNumberUse', is: digits(2) },
  ]),
  { name: 'transType', of: appOrBrowser, is: list('01 03 10 11 28', '00 02 12 29') },

  // 3.5 Browser
  { name: 'browserAcceptHeader', of: browser, is: text(2048), required: 'always' },
  { name: 'browserUserAgent', of: browser, is: text(2048), required: 'always' },
  {
    name: 'browserIP',
    of: browser,
    is: ipAddress,
  },
  { name: 'browserJavascriptEnabled', of: browser, is: boolean, since: '2.2.0', required: 'always' },
  { name: 'browserJavaEnabled', of: browser, is: boolean, required: 'always, but without script' },
  // Requirements file 4.5: only its length is a rule for the value.
  { name: 'browserLanguage', of: browser, is: text(8), until: '2.2.0', required: 'always' },
  { name: 'browserLanguage', of: browser, is: text(35), since: '2.3.1', required: 'always, but without script' },
  {
    name: 'acceptLanguage',
    of: browser,
    is: {
      form: 'written out',
      good: [['ja'], ['en;q=0.8', '*'], Array.from({ length: 99 }, (_, index) => `${index}`.padEnd(100, 'x'))],
      bad: {
        'a word': 'ja',
        'an empty list': [],
        'a hundred of them': Array.from({ length: 100 }, (_, index) => `${index}`),
        'one too long': ['x'.repeat(101)],
        'a number': [1],
      },
    },
    since: '2.3.1',
    required: 'always',
  },
  {
    name: 'browserColorDepth',
    of: browser,
    is: version =>
      version === '2.3.1'
        ? list('1 8 24 30 64 99', '0 00 08 100 -1 a', 'unsaid')
        : list('1 4 8 15 16 24 32 48', '0 2 30 64 08'),
    required: 'always, but without script',
  },
  { name: 'browserScreenHeight', of: browser, is: digits(6), required: 'always, but without script' },
  { name: 'browserScreenWidth', of: browser, is: digits(6), required: 'always, but without script' },
  {
    name: 'browserTZ',
    of: browser,
    is: {
      form: 'written out',
      good: ['0', '-540', '+540', '1234', '-1234'],
      bad: { 'too long': '12345', 'a sign alone': '-', hours: '9:00', 'two signs': '+-54' },
    },
    required: 'always, but without script',
  },
  { name: 'notificationURL', of: browser, is: url(256), required: 'always' },
  { name: 'threeDSMethodId', of: browser, is: uuid, since: '2.3.1' },
  { name: 'threeDSRequestorSpcSupport', of: browser, is: list('Y', 'N y 01'), since: '2.3.1' },
  {
    name: 'payeeOrigin',
    of: browser,
    is: url(2048),
    since: '2.3.1',
    required: 'with threeDSRequestorSpcSupport',
  },
  { name: 'spcIncompInd', of: browser, is: list('01 02 03', '00 1 | 04 79', 'refused'), since: '2.3.1' },

  // 3.6 Account information and merchant's risk indicator
  { name: 'acctInfo', is: jsonObject },
  { name: 'acctInfo.chAccAgeInd', is: list('01 02 03 04 05', '00 06 79') },
  { name: 'acctInfo.chAccDate', is: date('YYYYMMDD') },
  { name: 'acctInfo.chAccChange', is: date('YYYYMMDD') },
  { name: 'acctInfo.chAccChangeInd', is: list('01 02 03 04', '00 05 79') },
  { name: 'acctInfo.chAccPwChange', is: date('YYYYMMDD') },
  { name: 'acctInfo.chAccPwChangeInd', is: list('01 02 03 04 05', '00 06 79') },
  { name: 'acctInfo.nbPurchaseAccount', is: digits(4), until: '2.2.0' },
  {
    name: 'acctInfo.nbPurchaseAccount',
    is: {
      form: 'written out',
      good: ['0', '999', '0999'],
      bad: { 'over 999': '1000', 'too long': '00999', letters: 'a' },
    },
    since: '2.3.1',
  },
  { name: 'acctInfo.provisionAttemptsDay', is: digits(3) },
  { name: 'acctInfo.txnActivityDay', is: digits(3) },
  { name: 'acctInfo.txnActivityYear', is: digits(3) },
  { name: 'acctInfo.paymentAccAge', is: date('YYYYMMDD') },
  { name: 'acctInfo.paymentAccInd', is: list('01 02 03 04 05', '00 06 79') },
  { name: 'acctInfo.shipAddressUsage', is: date('YYYYMMDD') },
  { name: 'acctInfo.shipAddressUsageInd', is: list('01 02 03 04', '00 05 79') },
  { name: 'acctInfo.shipNameIndicator', is: list('01 02', '00 03 79') },
  { name: 'acctInfo.suspiciousAccActivity', is: list('01 02', '00 03 79') },
  { name: 'acctInfo.chAccReqID', is: text(64), since: '2.3.1' },
  { name: 'merchantRiskIndicator', is: jsonObject },
  { name: 'merchantRiskIndicator.deliveryEmailAddress', is: text(254) },
  { name: 'merchantRiskIndicator.deliveryTimeframe', is: list('01 02 03 04', '00 05 79') },
  { name: 'merchantRiskIndicator.giftCardAmount', is: digits(15) },
  { name: 'merchantRiskIndicator.giftCardCount', is: exactDigits(2) },
  { name: 'merchantRiskIndicator.giftCardCurr', is: currency },
  { name: 'merchantRiskIndicator.preOrderDate', is: date('YYYYMMDD') },
  { name: 'merchantRiskIndicator.preOrderPurchaseInd', is: list('01 02', '00 03 79') },
  { name: 'merchantRiskIndicator.reorderItemsInd', is: list('01 02', '00 03 79') },
  {
    name: 'merchantRiskIndicator.shipIndicator',
    is: version =>
      version === '2.3.1' ? list('01 02 03 04 05 06 07 08 09', '00 79') : list('01 02 03 04 05 06 07', '00 08 09 79'),
  },
  {
    name: 'merchantRiskIndicator.transChar',
    is: {
      form: 'written out',
      good: [['01'], ['02'], ['01', '02']],
      bad: { 'a word': '01', 'an empty list': [], 'outside the list': ['03'] },
    },
    since: '2.3.1',
  },

  ...appElements,
]

/** Whether an element stands in a version's tables, and in a channel's. */
export function standsIn({ since, until, of }: Element, version: Version, channel?: Channel): boolean {
  const channels = typeof of === 'function' ? of(version) : of
  const lives = (!since || since <= version) && (!until || version <= until)
  return lives && (!channel || !channels || channels.includes(channel))
}

export function formOf({ is }: Element, { version, channel }: Kind): Form {
  return typeof is === 'function' ? is(version, channel) : is
}

/** Whether a full sample of this kind must have it. */
export function isRequired({ required }: Element, kind: Kind): boolean {
  if (typeof required === 'function') return required(kind)
  return required !== undefined && (required !== 'payment' || kind.category === '01')
}

/** One well-formed message extension (section 10). */
export function extension(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return { name: 'Sample', id: 'A000000025-001', criticalityIndicator: false, data: {}, ...changes }
}

export function extensions(length: number, data: object = {}): unknown[] {
  return Array.from({ length }, (_, index) => extension({ id: `A000000025-${index}`, data }))
}

/** Values that the form admits. */
export function goodValues(form: Form): readonly unknown[] {
  switch (form.form) {
    case 'text':
      return ['x'.repeat(form.shortest), 'x'.repeat(form.longest), '語'.repeat(form.longest), '𠮷'.repeat(form.longest)]
    case 'digits':
      return ['1'.repeat(form.shortest), '9'.repeat(form.longest)]
    case 'list':
      return [...form.members, ...(form.directoryServer === true ? ['80', '99'] : [])]
    case 'uuid':
      return ['00000000-0000-1000-8000-00000000000f', 'ABCDEF01-2345-6789-ABCD-EF0123456789']
    case 'url':
      return ['https://a.example', `https://a.example/${'x'.repeat(form.longest - 18)}`]
    case 'date':
      return ['20240229', '20261231'].map(day => `${day}235959`.slice(0, form.like.length))
    case 'currency':
      return ['392']
    case 'country':
      return ['392', '840', '004']
    case 'boolean':
      return [true, false]
    case 'array of objects':
      // With members of a version to come, for no two may be the same. Where members are required, see those.
      return form.most > 3 ? [] : [Array.from({ length: form.most }, (_, index) => ({ future: index })), [{}]]
    case 'json object':
      return form.longest ? [{}, { a: 'x'.repeat(form.longest - 8) }] : []
    case 'written out':
      return form.good
  }
}

interface Bad {
  readonly value: unknown
  readonly code: '203' | '207' | '304'
}

const hasArray = (form: Form) => form.form === 'written out' && form.good.some(Array.isArray)
const hasObject = (form: Form) =>
  form.form === 'written out' && form.good.some(good => typeof good === 'object' && !Array.isArray(good))

/** Values that the form does not admit, each with what is wrong about it; error code 203 unless it says another. */
export function badValues(form: Form, version: Version): ReadonlyMap<string, Bad> {
  const bad = new Map<string, Bad>()
  const add = (what: string, value: unknown, code: Bad['code'] = '203') => bad.set(what, { value, code })
  const addReserved = (what: string, value: unknown) => add(what, value, version === '2.3.1' ? '207' : '203')
  add('a number', 7)
  if (!hasArray(form)) add('an array', ['01'])
  if (form.form !== 'json object' && !hasObject(form)) add('an object', { a: '01' })
  if (form.form !== 'boolean' && !(form.form === 'written out' && form.good.includes(true))) add('a boolean', true)
  switch (form.form) {
    case 'text':
      if (form.shortest > 1) add('too short', 'x'.repeat(form.shortest - 1))
      if (form.shortest > 1) add('too short in wide characters', '𠮷'.repeat(form.shortest - 1))
      add('too long', 'x'.repeat(form.longest + 1))
      add('far too long', 'x'.repeat(form.longest * 3))
      break
    case 'digits':
      if (form.shortest > 1) add('too short', '1'.repeat(form.shortest - 1))
      add('too long', '1'.repeat(form.longest + 1))
      add('letters', 'a'.repeat(form.longest))
      add('full-width digits', '１'.repeat(form.longest))
      add('a line break', `${'1'.repeat(form.longest - 1)}\n`)
      break
    case 'list':
      for (const other of form.others) add(`outside the list: ${other}`, other)
      for (const other of form.reserved) addReserved(`reserved: ${other}`, other)
      if (form.directoryServer === 'refused') addReserved('a directory server’s value', '85')
      if (form.directoryServer === false) add('a directory server’s value', '85')
      add('blanks around', ` ${form.members[0]} `)
      add('an inherited name', 'constructor')
      break
    case 'uuid':
      add('too short', '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c1')
      add('too long', '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c110')
      add('no dashes', '5b1a3f527d5c4bb59a390d2f6e0a7c110000')
      add('not hexadecimal', '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c1g')
      break
    case 'url':
      add('too long', `https://a.example/${'x'.repeat(form.longest - 17)}`)
      add('no scheme', 'a.example/path')
      add('another scheme', 'javascript://a.example/%0aalert(1)')
      add('a blank inside', 'https://a.example/a b')
      add('no host', 'https://')
      break
    case 'date':
      add('too short', '20260101000000'.slice(0, form.like.length - 1))
      add('too long', `${'20260101000000'.slice(0, form.like.length)}0`)
      add('no such day', '20260230000000'.slice(0, form.like.length))
      add('no such month', '20261301000000'.slice(0, form.like.length))
      add('dashes', '2026-01-010000'.slice(0, form.like.length))
      if (form.like !== 'YYYYMMDD') add('no such hour', '20260101240000'.slice(0, form.like.length))
      if (form.like !== 'YYYYMMDD') add('no such minute', '20260101236000'.slice(0, form.like.length))
      if (form.like === 'YYYYMMDDHHMMSS') add('no such second', '20260101235960')
      break
    case 'currency':
    case 'country':
      add('letters', form.form === 'currency' ? 'JPY' : 'JPN')
      add('too short', '39')
      add('too long', '0392')
      add('nobody’s code', '000', '304')
      // 2.1: 955–964 and 999 are no currencies, 901–999 no countries.
      for (const code of form.form === 'currency' ? ['955', '959', '964', '999'] : ['901', '950', '983', '999']) {
        add(`excluded: ${code}`, code, '304')
      }
      break
    case 'boolean':
      add('the word true', 'true')
      add('the word N', 'N')
      break
    case 'json object':
      add('a word', 'object')
      if (form.longest) add('too long', { a: 'x'.repeat(form.longest - 7) })
      break
    case 'array of objects':
      add('an object alone', {})
      add('an empty list', [])
      add(
        'one too many',
        Array.from({ length: form.most + 1 }, (_, index) => ({ merchantNameListed: `${index}` })),
      )
      break
    case 'written out':
      for (const [what, value] of Object.entries(form.bad)) add(what, value)
      for (const [what, value] of Object.entries(form.reserved ?? {})) addReserved(what, value)
      break
  }
  return bad
}
