import type { Language } from '../language.ts'

export interface DemoCard {
  number: string
  /** As embossed; undefined for cards without a holder. */
  cardholderName: string | undefined
  /** Who the holder is and what to expect. */
  label: Record<Language, { holder: string; expect: string }>
}

/** Test numbers, all with expiry 12/30. */
export const cards: readonly DemoCard[] = [
  {
    number: '378282246310005',
    cardholderName: 'HANAKO YAMADA',
    label: {
      ja: { holder: '山田 花子', expect: '認証コードをメールとSMSで受け取ります' },
      en: { holder: 'Hanako Yamada', expect: 'gets codes by e-mail and text message' },
    },
  },
  {
    number: '371449635398431',
    cardholderName: 'ALEX SMITH',
    label: {
      ja: { holder: 'Alex Smith', expect: '認証コードが英語のメールとSMSで届きます' },
      en: { holder: 'Alex Smith', expect: 'gets codes by e-mail and text message, in English' },
    },
  },
  {
    number: '378734493671000',
    cardholderName: 'KEN SATO',
    label: {
      ja: { holder: '佐藤 謙', expect: '携帯電話番号の登録がありません' },
      en: { holder: 'Ken Sato', expect: 'has no mobile number on file' },
    },
  },
  {
    number: '370000000000002',
    cardholderName: 'YUI TANAKA',
    label: {
      ja: {
        holder: '田中 結衣',
        expect: '連絡先が未登録のため、お支払いの画面で登録します(口座 0427、1990年4月1日生まれ)',
      },
      en: {
        holder: 'Yui Tanaka',
        expect: 'has no contact on file, so registers one in the window (account 0427, born 1990-04-01)',
      },
    },
  },
  {
    number: '375555555550003',
    cardholderName: 'MEI NAKAMURA',
    label: {
      ja: { holder: '中村 芽衣', expect: 'デモの電話を準備すると、電話で承認できます' },
      en: { holder: 'Mei Nakamura', expect: 'approves on the demo phone, once it is set up' },
    },
  },
  {
    number: '341111111111111',
    cardholderName: undefined,
    label: {
      ja: { holder: '盗難届のあるカード', expect: '認証されません' },
      en: { holder: 'Reported stolen', expect: 'is refused' },
    },
  },
  {
    number: '340000000000009',
    cardholderName: undefined,
    label: {
      ja: { holder: '期限切れのカード', expect: '認証されません' },
      en: { holder: 'Expired card', expect: 'is refused' },
    },
  },
  {
    number: '370000000100018',
    cardholderName: undefined,
    label: {
      ja: { holder: '存在しないカード', expect: '発行会社の番号帯ですが、未発行です' },
      en: { holder: 'No such card', expect: 'in the issuer’s range, but never issued' },
    },
  },
  {
    number: '4111111111111111',
    cardholderName: undefined,
    label: {
      ja: { holder: '他社のカード', expect: 'エラー（Erro）が返ります' },
      en: { holder: 'Another issuer’s card', expect: 'is answered with an error (Erro)' },
    },
  },
]

export function cardholderNameOf(number: string): string | undefined {
  return cards.find(card => card.number === number)?.cardholderName
}
