import { parsePhoneNumberFromString } from 'libphonenumber-js/mobile'

export type ReadMobile =
  /** E.164. */
  | { readonly kind: 'mobile'; readonly number: string }
  | { readonly kind: 'mobile-missing' }
  | { readonly kind: 'mobile-malformed' }
  /** A real number that cannot receive text messages: a landline, or 050. */
  | { readonly kind: 'mobile-no-sms' }
  | { readonly kind: 'mobile-country' }

/** Japanese mobile numbers in national format; 020 is for pagers and M2M, 050 for IP telephones. */
const mobileInJapan = /^0[6-9]0/
const landlineOrInternet = /^0[1-9]/

/**
 * Reads a mobile number as people write it: 090-1234-5678, +81 90 1234 5678, ０９０ー１２３４ー５６７８, 0081…. A number without a
 * country code is Japanese. `countries`: the countries to which text messages are sent; all if undefined.
 */
export function readMobile(typed: string, countries?: readonly string[]): ReadMobile {
  const plain = typed
    .slice(0, 60)
    .normalize('NFKC')
    .replace(/[\s\p{Cf}\p{Pd}ーｰ−‐().・/]/gu, '')
    .replace(/^(?:00|010)(?=[1-9])/, '+')
  if (plain === '') return { kind: 'mobile-missing' }
  if (!/^\+?[0-9]{4,17}$/.test(plain)) return { kind: 'mobile-malformed' }
  // People add the country code and keep the zero: +81 090-….
  const number = parsePhoneNumberFromString(plain.replace(/^\+810/, '+81'), 'JP')
  if (!number) return { kind: 'mobile-malformed' }
  if (number.countryCallingCode === '81')
    return sentTo('JP', countries) ? inJapan(number.number) : { kind: 'mobile-country' }
  if (!number.country || !sentTo(number.country, countries)) return { kind: 'mobile-country' }
  return number.isValid() ? { kind: 'mobile', number: number.number } : { kind: 'mobile-malformed' }
}

function sentTo(country: string, countries: readonly string[] | undefined): boolean {
  return countries === undefined || countries.includes(country)
}

function inJapan(e164: string): ReadMobile {
  const national = `0${e164.slice(3)}`
  if (mobileInJapan.test(national)) {
    const whole = national.length === 11 && national[3] !== '0'
    return whole ? { kind: 'mobile', number: e164 } : { kind: 'mobile-malformed' }
  }
  return landlineOrInternet.test(national) && national.length >= 10 && national.length <= 11
    ? { kind: 'mobile-no-sms' }
    : { kind: 'mobile-malformed' }
}
