import type { Customer } from './cardholder.ts'

/** Cardholders with a card and an e-mail address each, and the lines of the issuer's list for them (docs/cards.md). */
export function benchCards(count: number): { readonly customers: Customer[]; readonly cards: object[] } {
  const customers = Array.from({ length: count }, (_, index) => ({
    card: withCheckDigit(`3799990000${String(index).padStart(4, '0')}`),
    email: `bench-${index}@cardholder.example`,
  }))
  return { customers, cards: customers.map(cardOf) }
}

function cardOf({ card, email }: Customer): object {
  const names = { kanji: '計測 太郎', romaji: 'TARO KEISOKU' }
  const holder = { cardholderId: email.replace('@cardholder.example', ''), names, language: 'ja', email }
  return { cardNumber: card, expiry: '2030-12', status: 'active', ...holder }
}

/** Luhn: every second digit is doubled, beginning next to the check digit. */
function withCheckDigit(digits: string): string {
  const sum = [...digits].toReversed().reduce((total, digit, place) => {
    const value = place % 2 === 0 ? Number(digit) * 2 : Number(digit)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}
