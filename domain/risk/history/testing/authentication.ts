import type { Authentication, Ended } from '../event.ts'

/** Noon in Tokyo. */
export const noon = Date.UTC(2026, 10, 2, 3)

/** The yen is the issuer's currency; a dollar is 150. */
export const rates = { 392: 1, 840: 1.5 }

/** A payment of 5,000 yen at a merchant, by a known browser at home. */
export function authentication({ areq, ...changes }: Partial<Authentication> = {}): Authentication {
  return {
    kind: 'authentication',
    at: noon,
    id: '1',
    card: 'card-1',
    cardholder: 'cardholder-1',
    directoryServer: 'ds',
    network: 'home',
    device: 'phone',
    ...changes,
    areq: {
      deviceChannel: '02',
      messageCategory: '01',
      acquirerBIN: '400001',
      acquirerMerchantID: 'merchant-1',
      mcc: '5411',
      merchantCountryCode: '392',
      purchaseAmount: '5000',
      purchaseCurrency: '392',
      purchaseExponent: '0',
      browserLanguage: 'ja',
      browserTZ: '-540',
      ...areq,
    },
  }
}

export function ended(payment: Authentication, result: Ended['result'] = 'frictionless'): Ended {
  return { kind: 'ended', at: payment.at, authentication: payment, result }
}
