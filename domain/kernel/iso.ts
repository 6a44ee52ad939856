import currencies from 'currency-codes'
import countries from 'i18n-iso-countries'

const minorUnits = new Map(currencies.data.map(entry => [entry.number, { digits: entry.digits, code: entry.code }]))
const countryNumbers = new Set(Object.keys(countries.getNumericCodes()))

/** EMV 3DS table A.5: precious metals, funds codes and test codes are not valid purchase currencies. */
const excludedCurrency = /^(95[5-9]|96[0-4]|999)$/
/** EMV 3DS table A.5: 901–999 are not valid country codes. */
const excludedCountry = /^9(0[1-9]|[1-9][0-9])$/

export function isCurrency(numeric: string): boolean {
  return minorUnits.has(numeric) && !excludedCurrency.test(numeric)
}

export function isCountry(numeric: string): boolean {
  return countryNumbers.has(numeric) && !excludedCountry.test(numeric)
}

/** Digits after the decimal point that ISO 4217 gives a currency: 0 for JPY (392), 2 for USD (840). */
export function exponentOf(numeric: string): number | undefined {
  return minorUnits.get(numeric)?.digits
}

/** The ISO 4217 letter code for a numeric code: `392` → `JPY`. */
export function currencyCode(numeric: string): string | undefined {
  return minorUnits.get(numeric)?.code
}
