import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import type { Product } from './product.ts'
import type { Language } from './window.ts'

/** A cardholder with their own card, so that no other test sees their changes. */
export interface Cardholder {
  readonly ref: string
  readonly card: string
  readonly email: string
  readonly mobile: string
  readonly language: Language
}

let people = 0

/** Adds a cardholder to the issuer's list. */
export async function newCardholder(product: Product, language: Language): Promise<Cardholder> {
  const number = newNumber()
  const contacts = { email: `e2e-${number}@cardholder.example`, mobile: `+8180${number.replace(/^0/, '1')}` }
  return { ...(await putOnList(product, language, number, contacts)), ...contacts }
}

/** A cardholder without an e-mail address: codes for payments go to the mobile number only. */
export async function newCardholderWithNumber(product: Product, language: Language) {
  const number = newNumber()
  const mobile = `+8180${number.replace(/^0/, '1')}`
  return { ...(await putOnList(product, language, number, { mobile })), mobile, email: '' }
}

/** A cardholder for whom the issuer has no contact, but two facts. */
export function newCardholderWithFacts(product: Product, language: Language) {
  const facts = { debitAccountLastFour: '0427', dateOfBirth: '1990-04-01' }
  return putOnList(product, language, newNumber(), facts)
}

function newNumber(): string {
  people += 1
  return String(process.pid % 10_000).padStart(4, '0') + String(people).padStart(4, '0')
}

async function putOnList(product: Product, language: Language, number: string, more: object) {
  const person = { ref: `e2e-${number}`, card: cardNumber(`3799${number}`), language }
  const file = join(product.dataDir, `${person.ref}.ndjson`)
  const line = { cardNumber: person.card, expiry: '2060-12', status: 'active', cardholderId: person.ref, language }
  const names = { kanji: '試験 一郎', romaji: 'ICHIRO TEST' }
  writeFileSync(file, `${JSON.stringify({ ...line, names, ...more })}\n`)
  await product.cards('import', file)
  return person
}

/** Fills in a field of the account, and submits its form. */
export async function fill(page: Page, id: string, value: string): Promise<void> {
  await page.locator(`#${id}`).fill(value)
  await page.locator(`form:has(#${id}) button[type=submit]`).click()
}

/** A card number with its check digit, 15 digits. */
function cardNumber(prefix: string): string {
  const body = prefix.padEnd(14, '0')
  const sum = [...body].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return body + String((10 - (sum % 10)) % 10)
}
