/** Numbers of the deployment's cards: valid by Luhn, but not real. */
export const cards = {
  /** Japanese, with e-mail address and mobile number. */
  hanako: '378282246310005',
  /** English, with e-mail address and mobile number. */
  alex: '371449635398431',
  /** Japanese, without a contact. */
  yui: '370000000000002',
  stolen: '341111111111111',
  expired: '340000000000009',
  closed: '343434343434343',
  /** In a range, but not on the list. */
  unknown: '378734493671000',
} as const

/** Personal data that the tests then look for where it must not be. */
export const hanako = {
  names: { kanji: '山田 花子', kana: 'ヤマダ ハナコ', romaji: 'HANAKO YAMADA' },
  email: 'hanako@cardholder.example',
  mobile: '+81 90-1234-5678',
  debitAccountLastFour: '1138',
  dateOfBirth: '1988-11-03',
} as const

const active = { expiry: '2036-12', status: 'active', language: 'ja' }

/** The issuer's list of this deployment. */
export const cardList: readonly object[] = [
  { ...active, cardNumber: cards.hanako, cardholderId: 'hanako', ...hanako },
  {
    ...active,
    cardNumber: cards.alex,
    cardholderId: 'alex',
    names: { romaji: 'ALEX SMITH' },
    language: 'en',
    email: 'alex@cardholder.example',
    mobile: '+81 80-2345-6789',
  },
  { ...active, cardNumber: cards.yui, cardholderId: 'yui', names: { kanji: '田中 結衣' } },
  { ...active, cardNumber: cards.stolen, cardholderId: 'stolen', names: {}, status: 'stolen' },
  { ...active, cardNumber: cards.expired, cardholderId: 'expired', names: {}, expiry: '2020-03' },
  { ...active, cardNumber: cards.closed, cardholderId: 'closed', names: {}, status: 'closed' },
]

/** The `index`th card number with a prefix, 15 digits with its check digit. */
export function cardNumber(index: number, prefix = '34'): string {
  const body = prefix + String(index).padStart(14 - prefix.length, '0')
  const sum = [...body].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return body + String((10 - (sum % 10)) % 10)
}
