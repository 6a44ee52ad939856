import type { Json, JsonObject } from '../field.ts'
import type { MessageVersion } from '../version.ts'

/** Members to set in a sample; `undefined` takes an element out. */
export type Overrides = { readonly [name: string]: Json | undefined }

/** The payment system's own test number: 15 digits, good by Luhn, nobody's card. */
export const sampleCard = '344131234567848'

/** What has to stand in a browser payment of this version, and no more: ¥12,800 at a shop in Japan. */
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
  const without = Object.fromEntries([...purchase, ...merchant].map(name => [name, undefined]))
  return sampleAReq(version, {
    ...without,
    messageCategory: '02',
    threeDSRequestorAuthenticationInd: '04',
    ...overrides,
  })
}

/** The sample with every optional element of the browser channel that the version knows, each well formed. */
export function fullAReq(version: MessageVersion, overrides: Overrides = {}): JsonObject {
  const since220 = {
    threeDSRequestorDecReqInd: 'Y',
    threeDSRequestorDecMaxTime: '00060',
    threeDSReqAuthMethodInd: '01',
    whiteListStatus: 'N',
    whiteListStatusSource: '02',
    payTokenSource: '02',
  }
  return sampleAReq(version, {
    threeDSServerOperatorID: '10075020',
    messageExtension: [{ name: 'Sample', id: 'A000000025-001', criticalityIndicator: false, data: { any: 'thing' } }],
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
    broadInfo: { source: 'sample' },
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
    },
    purchaseInstalData: '3',
    recurringExpiry: '20271122',
    recurringFrequency: '28',
    transType: '01',
    browserIP: '192.0.2.10',
    ...(version === '2.1.0' ? {} : since220),
    ...overrides,
  })
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

function withOverrides(sample: JsonObject, overrides: Overrides): JsonObject {
  const message = { ...sample }
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) delete message[name]
    else message[name] = value
  }
  return message
}
