import type { Language } from '../language.ts'
import type { Ceremony } from './ceremonies.ts'

export interface Words {
  title: string
  lead: string
  otherLanguage: string
  lockScreen: string
  reload: string
  noNotifications: string
  open: string
  apps: string
  account: string
  state: string
  registered: string
  notRegistered: string
  turnOff: string
  turnOffHelp: string
  toShop: string
  toInbox: string
  backToLockScreen: string
  ceremonies: Record<Ceremony, string>
  refused: string
}

export const words: Record<Language, Words> = {
  ja: {
    title: 'デモの電話',
    lead: 'お客様のスマートフォンの代わりです。プッシュ通知を本物と同じ仕組み（Web Push）で受け取り、画面ロックの代わりにパスキーで署名します。表示されるページは、サービスが実際に配信しているものです。',
    otherLanguage: 'English',
    lockScreen: 'ロック画面',
    reload: '再読み込み',
    noNotifications: '通知はありません。',
    open: '開く',
    apps: 'アプリ',
    account: '会員ページ',
    state: 'プッシュ通知',
    registered: '受け取る設定になっています。',
    notRegistered: 'まだ受け取る設定になっていません。',
    turnOff: '通知を切る',
    turnOffHelp: '通知を切ると、プッシュサービスはこの電話への通知を410で断ります。',
    toShop: 'デモの店舗',
    toInbox: 'デモの受信箱',
    backToLockScreen: '← ロック画面へ戻る',
    ceremonies: {
      'sign-in': '画面ロックを解除してサインイン（パスキー）',
      confirm: '画面ロックを解除して確認（パスキー）',
      register: 'この電話にパスキーを作成',
    },
    refused: '受け付けられませんでした。表示されているページの内容をご確認ください。',
  },
  en: {
    title: 'Demo phone',
    lead: 'In place of the cardholder’s phone. It receives push notifications as a real one does (Web Push), and signs with a passkey in place of its screen lock. The pages that it shows are those that the service really serves.',
    otherLanguage: '日本語',
    lockScreen: 'Lock screen',
    reload: 'Reload',
    noNotifications: 'No notifications.',
    open: 'Open',
    apps: 'Apps',
    account: 'Account',
    state: 'Push notifications',
    registered: 'This phone receives them.',
    notRegistered: 'This phone does not receive them yet.',
    turnOff: 'Turn notifications off',
    turnOffHelp: 'The push service then refuses notifications to this phone with 410.',
    toShop: 'Demo shop',
    toInbox: 'Demo inbox',
    backToLockScreen: '← Back to the lock screen',
    ceremonies: {
      'sign-in': 'Unlock to sign in (passkey)',
      confirm: 'Unlock to confirm (passkey)',
      register: 'Create a passkey on this phone',
    },
    refused: 'That was not accepted. Check what the page says.',
  },
}
