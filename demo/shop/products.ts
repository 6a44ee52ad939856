import { Html } from '#server/platform/html.ts'
import type { Language } from '../language.ts'
import { type Currency, currencies } from './order.ts'

export interface Product {
  id: string
  name: Record<Language, string>
  note: Record<Language, string>
  /** What its payment shows, with the settings as they are at first. */
  expect: Record<Language, string>
  /** In the currency's minor unit. */
  amount: number
  currency: Currency
  picture: Html
}

const [jpy, usd] = currencies as readonly [Currency, Currency]

const picture = (shapes: string): Html =>
  new Html(`<svg viewBox="0 0 120 90" width="120" height="90" aria-hidden="true" focusable="false">${shapes}</svg>`)

export const products: readonly Product[] = [
  {
    id: 'coffee',
    name: { ja: 'ことりブレンド', en: 'Little Bird Blend' },
    note: { ja: 'コーヒー豆 200g', en: 'coffee beans, 200 g' },
    expect: { ja: '認証なしで支払えます', en: 'passes without a question' },
    amount: 1_200,
    currency: jpy,
    picture: picture(
      `<rect width="120" height="90" fill="#f3e3cf"/><path d="M40 24h40l5 54H35z" fill="#6d4530"/><path d="M40 24h40l-2-9H42z" fill="#8a5b41"/>
<rect x="44" y="38" width="32" height="26" rx="3" fill="#fbf3e8"/><path d="M51 54c0-7 6-11 12-10 3 0 4 2 4 4l4 2-4 2c0 5-5 8-10 8-4 0-6-3-6-6z" fill="#d9793b"/><circle cx="63" cy="47.500" r="1.200" fill="#3a2418"/>`,
    ),
  },
  {
    id: 'teapot',
    name: { ja: '白磁の急須', en: 'White porcelain teapot' },
    note: { ja: '茶こし付き・400ml', en: 'with strainer, 400 ml' },
    expect: {
      ja: '認証をお願いします（信頼したお店では不要）',
      en: 'asks for verification, but not at a trusted shop',
    },
    amount: 12_800,
    currency: jpy,
    picture: picture(
      `<rect width="120" height="90" fill="#d5e5de"/><ellipse cx="60" cy="76" rx="34" ry="4" fill="#b4cbc1"/><path d="M84 44c14-4 18-12 22-18l5 4c-4 10-10 22-26 28z" fill="#fdfdfb" stroke="#9fb5ab"/>
<path d="M34 44c-14-4-20 8-16 16 3 6 11 8 19 6" fill="none" stroke="#fdfdfb" stroke-width="6"/><path d="M32 48c0-12 12-19 28-19s28 7 28 19c0 15-12 27-28 27S32 63 32 48z" fill="#fdfdfb" stroke="#9fb5ab"/>
<path d="M44 31c3-6 29-6 32 0" fill="#fdfdfb" stroke="#9fb5ab"/><circle cx="60" cy="23" r="4" fill="#3f6b58"/>`,
    ),
  },
  {
    id: 'chair',
    name: { ja: 'ナラ材の椅子', en: 'Oak chair' },
    note: { ja: '職人の手づくり', en: 'made by hand' },
    expect: { ja: '信頼したお店でも認証をお願いします', en: 'asks for verification even at a trusted shop' },
    amount: 48_000,
    currency: jpy,
    picture: picture(
      `<rect width="120" height="90" fill="#e9dfd0"/><path d="M42 10v70M78 10v70" stroke="#a5713f" stroke-width="5" stroke-linecap="round"/><path d="M42 16h36M42 27h36M42 38h36" stroke="#bd8850" stroke-width="5"/>
<path d="M36 52h48l4 8H32z" fill="#cf9b62"/><path d="M36 60v22M84 60v22" stroke="#a5713f" stroke-width="5" stroke-linecap="round"/><path d="M39 72h42" stroke="#a5713f" stroke-width="3"/>`,
    ),
  },
  {
    id: 'notebooks',
    name: { ja: '鳥の図鑑ノート（輸入品）', en: 'Field guide notebooks' },
    note: { ja: '3冊組・米ドル払い', en: 'set of three, paid in US dollars' },
    expect: { ja: '認証なしで支払えます（米ドル）', en: 'passes without a question, in dollars' },
    amount: 2_500,
    currency: usd,
    picture: picture(
      `<rect width="120" height="90" fill="#dbe0ec"/><rect x="52" y="16" width="44" height="58" rx="3" fill="#7c4a5f" transform="rotate(10 74 45)"/><rect x="38" y="16" width="44" height="58" rx="3" fill="#4c7a8c" transform="rotate(2 60 45)"/>
<rect x="26" y="17" width="44" height="58" rx="3" fill="#e0a84e" transform="rotate(-6 48 46)"/><path d="M38 52c0-8 7-13 14-12 3 0 5 2 5 5l5 2-5 2c0 6-6 10-11 10-5 0-8-3-8-7z" fill="#fbf6ea" transform="rotate(-6 48 46)"/>`,
    ),
  },
]

/** 12,800円 / ¥12,800; 25.00米ドル / US$25.00. */
export function price(amount: number, currency: Currency, language: Language): string {
  const figures = (amount / 10 ** currency.exponent).toLocaleString('en-US', {
    minimumFractionDigits: currency.exponent,
    maximumFractionDigits: currency.exponent,
  })
  if (language === 'ja') return `${figures}${currency.code === 'JPY' ? '円' : '米ドル'}`
  return `${currency.code === 'JPY' ? '¥' : 'US$'}${figures}`
}
