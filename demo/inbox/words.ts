import type { Condition, Gateway } from '../faults.ts'
import type { Language } from '../language.ts'
import type { Channel } from './messages.ts'

const minute = 60
const day = 86_400

/** The steps of the clock's buttons, in seconds. The last takes any three business days along, holidays included. */
export const steps = [minute, 11 * minute, day, 14 * day] as const

export interface Words {
  title: string
  lead: string
  otherLanguage: string
  clock: string
  clockHelp: string
  steps: Record<(typeof steps)[number], string>
  letters: string
  lettersHelp: string
  letterTo: string
  sendLetter: string
  letterFrom: string
  letterSubject: string
  letterText: (code: string) => string
  faults: string
  faultsHelp: string
  gateway: Record<Gateway, string>
  condition: Record<Condition, string>
  apply: string
  secret: string
  secretHelp: string
  messages: string
  reload: string
  arrived: string
  empty: string
  emptyFiltered: string
  newest: (shown: number, all: number) => string
  to: string
  from: string
  channel: string
  everyChannel: string
  channels: Record<Channel, string>
  filter: string
  noSubject: string
  htmlVersion: string
  phone: string
  shop: string
  account: string
  site: string
  arrivals: string
  noArrivals: string
  copyCode: string
  copied: string
  openPhone: string
  source: string
}

export const words: Record<Language, Words> = {
  ja: {
    title: 'デモの受信箱',
    lead: 'このデモで送られたメール、SMS、プッシュ通知、書面がすべてここに届きます。お使いのブラウザーで通知を受け取る設定にした場合を除き、外部には送信されません。',
    otherLanguage: 'English',
    clock: '時計',
    clockHelp: 'サービス側の時計を進めます。元には戻せません。',
    steps: {
      60: '1分進める',
      660: '11分進める',
      86400: '1日進める',
      1209600: '14日進める（変更した電話番号が有効になります）',
    },
    letters: '登録コードの書面',
    lettersHelp: 'カード会社が郵送する書面を、ここで受け取れます。会員ページの利用登録に使います。',
    letterTo: '会員',
    sendLetter: '書面を送る',
    letterFrom: 'カード会社（郵便）',
    letterSubject: '登録コードのお知らせ',
    letterText: code => `登録コード: ${code}\n\n会員ページの「オンライン・サービスへの登録」に入力してください。`,
    faults: '障害の再現',
    faultsHelp: '送信先の障害を再現し、そのときの動きを確かめられます。',
    gateway: { smtp: 'メール', sms: 'SMS', push: 'プッシュ通知', ds: 'ディレクトリサーバー（RReq）' },
    condition: { up: '正常', slow: '遅い（8秒）', down: '停止', gone: '登録なし（410）' },
    apply: '反映する',
    secret: '操作用の合言葉',
    secretHelp: 'プログラムから時計や障害を操作するときに、X-Demo-Secretヘッダーで送ります。起動するたびに変わります。',
    messages: 'メッセージ',
    reload: '再読み込み',
    arrived: '新しいメッセージが届きました。',
    empty: 'メッセージはまだありません。',
    emptyFiltered: '条件に合うメッセージはありません。',
    newest: (shown, all) => (shown < all ? `全${all}件のうち新しい${shown}件` : `${all}件`),
    to: '宛先',
    from: '差出人',
    channel: '種類',
    everyChannel: 'すべて',
    channels: { email: 'メール', sms: 'SMS', push: 'プッシュ', letter: '書面' },
    filter: '絞り込む',
    noSubject: '（件名なし）',
    htmlVersion: 'HTML版を表示',
    phone: '電話で承認する（デモの電話）',
    shop: 'ことり商店（デモのお店）',
    account: '会員ページ',
    site: 'SafeKeyのサイト',
    arrivals: 'お客様の電話（デモ）',
    noArrivals: 'メッセージが届くと、ここに表示されます。',
    copyCode: 'コードをコピー',
    copied: 'コピーしました',
    openPhone: 'デモの電話を開いて承認する',
    source: 'これはデモです。実在のカード会社、店舗とは関係ありません。',
  },
  en: {
    title: 'Demo inbox',
    lead: 'Every e-mail, text message, push notification and letter that the demo sends arrives here. Nothing leaves this computer, except notifications that you turn on in a browser of your own.',
    otherLanguage: '日本語',
    clock: 'Clock',
    clockHelp: 'Moves the service’s clock forward. It cannot be moved back.',
    steps: {
      60: '+ 1 minute',
      660: '+ 11 minutes',
      86400: '+ 1 day',
      1209600: '+ 14 days (a changed mobile number takes effect)',
    },
    letters: 'Letters with activation codes',
    lettersHelp: 'The letters that an issuer sends by post arrive here, too. They are for enrolling in the account.',
    letterTo: 'Cardholder',
    sendLetter: 'Send a letter',
    letterFrom: 'Card company (by post)',
    letterSubject: 'Your activation code',
    letterText: code => `Activation code: ${code}\n\nEnter it in the account, under “Enrol in online services”.`,
    faults: 'Faults',
    faultsHelp: 'Make a gateway fail, to see what happens then.',
    gateway: { smtp: 'E-mail', sms: 'Text messages', push: 'Push', ds: 'Directory server (RReq)' },
    condition: { up: 'Works', slow: 'Slow (8 s)', down: 'Down', gone: 'Gone (410)' },
    apply: 'Apply',
    secret: 'Secret for the controls',
    secretHelp:
      'Programs send it in the X-Demo-Secret header to move the clock or set faults. It changes at each start.',
    messages: 'Messages',
    reload: 'Reload',
    arrived: 'A new message has arrived.',
    empty: 'No messages yet.',
    emptyFiltered: 'No message matches.',
    newest: (shown, all) => (shown < all ? `the newest ${shown} of ${all}` : `${all} in all`),
    to: 'To',
    from: 'From',
    channel: 'Channel',
    everyChannel: 'All',
    channels: { email: 'E-mail', sms: 'Text', push: 'Push', letter: 'Letter' },
    filter: 'Filter',
    noSubject: '(no subject)',
    htmlVersion: 'Show the HTML version',
    phone: 'Approve on a phone (demo phone)',
    shop: 'Kotori Store (demo shop)',
    account: 'Account',
    site: 'SafeKey’s site',
    arrivals: 'The customer’s phone (demo)',
    noArrivals: 'Messages appear here as they arrive.',
    copyCode: 'Copy the code',
    copied: 'Copied',
    openPhone: 'Open the demo phone to approve',
    source: 'This is a demo. It has nothing to do with any real card issuer or shop.',
  },
}

/** 12月3日(木) 9:05:07 / Thu, 3 Dec, 09:05:07, in Japanese time. */
export function inJapan(time: Date, language: Language): string {
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone: 'Asia/Tokyo',
    year: 'numeric',
    month: language === 'ja' ? 'long' : 'short',
    day: 'numeric',
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).format(time)
}
