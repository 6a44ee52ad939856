import type { Json, JsonObject } from '../field.ts'
import type { MessageVersion } from '../version.ts'

/** Members to set in a sample; `undefined` takes an element out. */
export type Overrides = { readonly [name: string]: Json | undefined }

/** The payment system's own test number: 15 digits, good by Luhn, no real card. */
export const sampleCard = '344131234567848'

/** What has to stand in a browser payment of this version, and no more: ¥12,800 at a merchant in Japan. */
export function sampleAReq(version: MessageVersion, overrides: Overrides = {}): JsonObject {
  return withOverrides(
    {
      messageType: 'AReq',
      messageVersion: version,
      deviceChannel: '02',
      messageCategory: '01',
      threeDSServerTransID: '5b1a3f52-7d5c-4bb5-9a39-0d2f6e0a7c11',
      threeDSServerRefNumber: '3DS_LOA_SER_SAMP_020200_00001',
      threeDSServerURL: 'https://3dss.example/3ds',
      threeDSRequestorID: 'REQUESTOR-0001',
      threeDSRequestorName: 'Sample Shop',
      threeDSRequestorURL: 'https://shop.example',
      dsTransID: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922',
      dsReferenceNumber: 'DS_LOA_DIS_SAMP_020200_00001',
      dsURL: 'https://ds.example/rreq',
      threeDSRequestorAuthenticationInd: '01',
      threeDSCompInd: 'Y',
      acctNumber: sampleCard,
      ...(version === '2.3.1' && { acquirerCountryCode: '392', acquirerCountryCodeSource: '01' }),
      acquirerBIN: '400000',
      acquirerMerchantID: '9876543210',
      mcc: '5732',
      merchantCountryCode: '392',
      merchantName: 'Sample Shop',
      purchaseAmount: '12800',
      purchaseCurrency: '392',
      purchaseExponent: '0',
      purchaseDate: '20261122061500',
      browserAcceptHeader: 'text/html,application/xhtml+xml',
      browserUserAgent: 'Mozilla/5.0 (X11; Linux x86_64) Sample/1.0',
      ...(version !== '2.1.0' && { browserJavascriptEnabled: true }),
      browserJavaEnabled: false,
      browserLanguage: 'ja-JP',
      ...(version === '2.3.1' && { acceptLanguage: ['ja-JP', 'en'] }),
      browserColorDepth: '24',
      browserScreenHeight: '1080',
      browserScreenWidth: '1920',
      browserTZ: '-540',
      notificationURL: 'https://shop.example/3ds/notify',
    },
    overrides,
  )
}

/** A card added to a wallet: a browser non-payment with nothing about a purchase or a merchant. */
export function sampleNonPayment(version: MessageVersion, overrides: Overrides = {}): JsonObject {
  const purchase = ['purchaseAmount', 'purchaseCurrency', 'purchaseExponent', 'purchaseDate']
  const merchant = ['acquirerBIN', 'acquirerMerchantID', 'mcc', 'merchantCountryCode', 'merchantName']
  return withOverrides(without(sampleAReq(version), [...purchase, ...merchant]), {
    messageCategory: '02',
    threeDSRequestorAuthenticationInd: '04',
    ...overrides,
  })
}

const ofBrowser = [
  ...['threeDSCompInd', 'browserAcceptHeader', 'browserUserAgent', 'browserJavascriptEnabled', 'browserJavaEnabled'],
  ...['browserLanguage', 'acceptLanguage', 'browserColorDepth', 'browserScreenHeight', 'browserScreenWidth'],
  ...['browserTZ', 'notificationURL'],
]

/** What has to stand in a payment in an app, as the directory server hands it on. */
export function sampleAppAReq(version: MessageVersion, overrides: Overrides = {}): JsonObject {
  return withOverrides(without(sampleAReq(version), ofBrowser), {
    deviceChannel: '01',
    sdkAppID: '8f6e1a5c-6a0c-4f0e-9d39-2a7c3e5b9d01',
    sdkTransID: '1c0b7d2e-5e2f-4b7a-8a43-6f9d0c1e2b02',
    sdkReferenceNumber: '3DS_LOA_SDK_SAMP_020200_00001',
    sdkMaxTimeout: '05',
    sdkEphemPubKey: {
      kty: 'EC',
      crv: 'P-256',
      x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
      y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
    },
    deviceRenderOptions: { sdkInterface: '03', sdkUiType: ['01', '02', '03', '04', '05'] },
    deviceInfo: Buffer.from('{"DV":"1.0","DD":{"C001":"Android"}}').toString('base64url'),
    ...(version === '2.3.1' && { sdkType: '01', defaultSdkType: { sdkVariant: '01', wrappedInd: 'Y' } }),
    ...overrides,
  })
}

/** The browser's full sample as an app or a merchant (3RI) would send it, with every optional element of that channel. */
export function fullAReqOf(
  channel: '01' | '02' | '03',
  version: MessageVersion,
  overrides: Overrides = {},
): JsonObject {
  if (channel === '02') return fullAReq(version, overrides)
  const least = channel === '01' ? sampleAppAReq(version) : sample3RIAReq(version)
  const spc = ['threeDSRequestorSpcSupport', 'payeeOrigin', 'spcIncompInd']
  const never = [...ofBrowser, 'browserIP', 'threeDSMethodId', 'userId', 'deviceId', ...spc]
  const notOf3RI = ['threeDSRequestorAuthenticationInd', 'addrMatch', 'transType', 'threeDSReqAuthMethodInd']
  const before231 = ['threeDSRequestorChallengeInd', 'threeDSRequestorAuthenticationInfo']
  const strange = channel === '01' ? [] : [...notOf3RI, ...(version === '2.3.1' ? [] : before231)]
  const optional = {
    deviceRenderOptions: {
      sdkInterface: '03',
      sdkUiType: ['01'],
      ...(version !== '2.1.0' && { sdkAuthenticationType: ['02'] }),
    },
    ...(version === '2.3.1' && {
      appIp: '192.0.2.10',
      splitSdkType: { sdkVariant: '01', limitedInd: 'Y' },
      sdkServerSignedContent: 'signed',
    }),
  }
  const { recurringInd: _, ...needed } = least
  return withOverrides(
    { ...without(fullAReq(version), [...never, ...strange]), ...needed, ...(channel === '01' && optional) },
    overrides,
  )
}

/** What has to stand in a recurring payment that the merchant starts by itself (3RI); 2.1.0 knows it for non-payments alone. */
export function sample3RIAReq(version: MessageVersion, overrides: Overrides = {}): JsonObject {
  const regular =
    version === '2.3.1'
      ? { recurringInd: { amountInd: '02', frequencyInd: '02' } }
      : { recurringExpiry: '20271122', recurringFrequency: '28' }
  return withOverrides(without(sampleAReq(version), [...ofBrowser, 'threeDSRequestorAuthenticationInd']), {
    deviceChannel: '03',
    messageCategory: version === '2.1.0' ? '02' : '01',
    threeRIInd: '01',
    ...regular,
    ...overrides,
  })
}

/** The sample with every optional element of the browser channel that the version knows, each well formed. */
export function fullAReq(version: MessageVersion, overrides: Overrides = {}): JsonObject {
  const since220 = {
    threeDSRequestorDecReqInd: 'Y',
    threeDSRequestorDecMaxTime: '00060',
    payTokenSource: '02',
  }
  const in220 = { threeDSReqAuthMethodInd: '01', whiteListStatus: 'N', whiteListStatusSource: '02' }
  return sampleAReq(version, {
    threeDSServerOperatorID: '10075020',
    messageExtension: [{ name: 'Sample', id: 'A000000025-001', criticalityIndicator: false, data: { any: 'thing' } }],
    acctType: '02',
    acctID: 'customer-4711',
    cardExpiryDate: '2912',
    cardholderName: 'HANAKO YAMADA',
    email: 'hanako@mail.example',
    homePhone: { cc: '81', subscriber: '312345678' },
    mobilePhone: { cc: '81', subscriber: '9012345678' },
    workPhone: { cc: '81', subscriber: '387654321' },
    ...sampleAddress('billAddr'),
    ...sampleAddress('shipAddr'),
    addrMatch: 'Y',
    payTokenInd: true,
    acctInfo: {
      chAccAgeInd: '05',
      chAccDate: '20190401',
      chAccChange: '20260102',
      chAccChangeInd: '04',
      chAccPwChange: '20260102',
      chAccPwChangeInd: '05',
      nbPurchaseAccount: '12',
      provisionAttemptsDay: '0',
      txnActivityDay: '1',
      txnActivityYear: '20',
      paymentAccAge: '20190401',
      paymentAccInd: '05',
      shipAddressUsage: '20190401',
      shipAddressUsageInd: '04',
      shipNameIndicator: '01',
      suspiciousAccActivity: '01',
      ...(version === '2.3.1' && { chAccReqID: 'login-4711' }),
    },
    merchantRiskIndicator: {
      deliveryEmailAddress: 'gift@mail.example',
      deliveryTimeframe: '03',
      giftCardAmount: '100',
      giftCardCount: '01',
      giftCardCurr: '392',
      preOrderDate: '20261224',
      preOrderPurchaseInd: '01',
      reorderItemsInd: '01',
      shipIndicator: '01',
      ...(version === '2.3.1' && { transChar: ['01'] }),
    },
    ...(version === '2.3.1' ? inLists(contextOfRequestor) : { ...contextOfRequestor, broadInfo: { source: 'sample' } }),
    purchaseInstalData: '3',
    recurringExpiry: '20271122',
    recurringFrequency: '28',
    transType: '01',
    browserIP: '192.0.2.10',
    ...(version === '2.1.0' ? {} : since220),
    ...(version === '2.2.0' ? in220 : {}),
    ...(version === '2.3.1' ? since231 : {}),
    ...overrides,
  })
}

const contextOfRequestor = {
  threeDSRequestorChallengeInd: '01',
  threeDSRequestorAuthenticationInfo: {
    threeDSReqAuthMethod: '02',
    threeDSReqAuthTimestamp: '202611220610',
    threeDSReqAuthData: 'signed in',
  },
  threeDSRequestorPriorAuthenticationInfo: {
    threeDSReqPriorRef: 'd7c1ee99-9478-44a6-b1f2-391e29c6b340',
    threeDSReqPriorAuthMethod: '02',
    threeDSReqPriorAuthTimestamp: '202610010830',
    threeDSReqPriorAuthData: 'earlier',
  },
}

const since231: JsonObject = {
  trustListStatus: 'N',
  trustListStatusSource: '02',
  deviceBindingStatus: '11',
  deviceBindingStatusSource: '02',
  broadInfo: {
    category: '01',
    severity: '04',
    recipients: ['04'],
    source: '02',
    description: 'sample',
    expDate: '20261231',
  },
  payTokenInfo: {
    token: '4895370012003478',
    tokenAdditionalData: { any: 'thing' },
    tokenAssuranceMethod: '10',
    tokenRequestorId: '50110030273',
    tokenCryptogram: 'AgAAAAAAAIR8CQrXcIhbQAAAAAA=',
    tokenCryptogramValidityIndicator: '01',
    tokenStatusIndicator: 'ACTIVE',
  },
  taxId: '12-3456789',
  userId: 'customer-4711',
  deviceId: 'device-4711',
  cardSecurityCode: '1234',
  cardSecurityCodeStatus: 'Y',
  cardSecurityCodeStatusSource: '01',
  recurringAmount: '1000',
  recurringCurrency: '392',
  recurringExponent: '0',
  recurringDate: '20261222',
  recurringInd: { amountInd: '01', frequencyInd: '01' },
  sellerInfo: [
    {
      sellerName: 'Sample Seller',
      sellerId: 'S-1',
      sellerBusinessName: 'Sample Seller KK',
      sellerAccDate: '20190401',
      sellerAddrLine1: '1-2-3 Kanda',
      sellerAddrLine2: 'Sample Building 4F',
      sellerAddrLine3: 'Room 405',
      sellerAddrCity: 'Chiyoda-ku',
      sellerAddrState: '13',
      sellerAddrPostCode: '101-0047',
      sellerAddrCountry: '392',
      sellerEmail: 'seller@mail.example',
      sellerPhone: { cc: '81', subscriber: '312345678' },
    },
  ],
  multiTransaction: {
    merchantList: [
      {
        merchantNameListed: 'Sample Shop',
        acquirerMerchantIdListed: '9876543210',
        merchantAmount: '1000',
        merchantCurrency: '392',
        merchantExponent: '0',
        sellerId: 'S-1',
      },
    ],
    avValidityTime: '90',
    avNumberUse: '2',
  },
  threeDSMethodId: '9f0e0a2c-0b53-4ac5-90a2-0d3f0b7a5f10',
  threeDSRequestorSpcSupport: 'Y',
  payeeOrigin: 'https://shop.example',
  spcIncompInd: '01',
}

/** 2.3.1 has lists of what versions before had one of, and one more member in each object. */
function inLists({ threeDSRequestorChallengeInd, ...objects }: typeof contextOfRequestor): JsonObject {
  const { threeDSRequestorAuthenticationInfo: now, threeDSRequestorPriorAuthenticationInfo: before } = objects
  return {
    threeDSRequestorChallengeInd: [threeDSRequestorChallengeInd],
    threeDSRequestorAuthenticationInfo: [{ ...now, dsAuthInfVerifInd: '01' }],
    threeDSRequestorPriorAuthenticationInfo: [
      { ...before, threeDSReqPriorDsTransId: 'c2b8f2a4-1d55-4f0b-8c4f-6f3de1b0a922' },
    ],
  }
}

function sampleAddress(prefix: 'billAddr' | 'shipAddr'): JsonObject {
  return {
    [`${prefix}Line1`]: '1-2-3 Kanda',
    [`${prefix}Line2`]: 'Sample Building 4F',
    [`${prefix}Line3`]: 'Room 405',
    [`${prefix}City`]: 'Chiyoda-ku',
    [`${prefix}PostCode`]: '101-0047',
    [`${prefix}State`]: '13',
    [`${prefix}Country`]: '392',
  }
}

function without(message: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(message).filter(([name]) => !names.includes(name)))
}

function withOverrides(sample: JsonObject, overrides: Overrides): JsonObject {
  const message = { ...sample }
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) delete message[name]
    else message[name] = value
  }
  return message
}
