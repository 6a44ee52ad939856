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
  /** The name of the product's web app among notifications. */
  webApp: string
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
  steps: {
    title: string
    setUp: string
    start: string
    failed: string
    ready: string
    again: string
    pay: string
    approve: string
    byHand: string
    manual: readonly string[]
  }
  /** The issuer's own app. */
  app: {
    name: string
    title: string
    lead: string
    pairHelp: string
    code: string
    pair: string
    nothingWaits: string
    question: string
    merchant: string
    amount: string
    noAmount: string
    card: string
    cardEnding: (lastFour: string) => string
    place: string
    time: string
    until: string
    number: string
    numberHelp: string
    approve: string
    decline: string
    report: string
    about: string
    aboutText: string
    forget: string
    /** By the answer, or by the code of an error (docs/approval-devices.md). */
    outcomes: Readonly<Record<string, string>>
    otherOutcome: string
  }
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
    webApp: 'SafeKey（ウェブアプリ）',
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
      'register-device': '画面ロックを解除して、この電話を登録（パスキー）',
      answer: '画面ロックを解除して承認（パスキー）',
      notify: 'この電話で通知を受け取る',
    },
    refused: '受け付けられませんでした。表示されているページの内容をご確認ください。',
    steps: {
      title: '電話で承認してみる',
      setUp:
        'この電話を中村芽衣さんの電話として準備します。利用登録、パスキーの作成、端末の登録、カード会社のアプリの登録を、実際のページで順に行います（数秒かかります）。',
      start: '電話を準備する',
      failed: '準備を終えられませんでした。詳しい理由は、デモを起動した画面に表示されています。',
      ready: '準備できています。お支払いの確認がこの電話に届きます。',
      again: 'もう一度準備する',
      pay: 'デモの店舗で、中村芽衣さんのカードで10,000円を超える商品を購入します。確認画面に2桁の番号が表示されます。',
      approve: '届いた通知を開き、お支払いの内容を確かめ、番号を入力して承認します。',
      byHand: '手で準備する',
      manual: [
        '受信箱の「登録コードの書面」で登録コードを受け取り、会員ページで利用登録をします。',
        '「セキュリティ」→「パスキー」でパスキーを作成します。',
        '「セキュリティ」→「承認用の端末」でこの電話を登録し、通知を受け取るようにします。',
        '同じページに表示した端末コードを、カード会社のアプリに入力します（どちらか一方でもかまいません）。',
        '「設定」で、お支払いのときの認証方法に「登録した端末で承認する」を選びます。',
      ],
    },
    app: {
      name: 'カード会社のアプリ',
      title: 'カード会社のアプリ（デモ）',
      lead: 'カード会社が自社のアプリに組み込む部分の見本です。承認は、この電話の中だけにある鍵で署名します。',
      pairHelp: '会員ページの「セキュリティ」→「承認用の端末」に表示される端末コードを入力してください。',
      code: '端末コード',
      pair: '登録する',
      nothingWaits: '確認をお待ちのお支払いはありません。',
      question: 'このお支払いを承認しますか？',
      merchant: '店舗',
      amount: '金額',
      noAmount: 'お支払いではない確認です',
      card: 'カード',
      cardEnding: lastFour => `末尾 ${lastFour}`,
      place: '国・地域',
      time: '時刻',
      until: '期限',
      number: '確認画面に表示されている番号',
      numberHelp: '2桁です。違う番号を入力すると、この確認は終了します。',
      approve: '承認する',
      decline: '承認しない',
      report: '心当たりがないことを知らせる',
      about: 'この見本について',
      aboutText: '「docs/approval-devices.md」に書かれた呼び出しだけを使っています。会員ページのCookieは使いません。',
      forget: 'アプリを削除する',
      outcomes: {
        paired: '登録しました。',
        approved: '承認しました。',
        declined: '承認しませんでした。お支払いは成立しません。',
        reported: 'お知らせを受け付けました。お支払いは成立しません。',
        'number-wrong': '番号が違います。この確認は終了しました。',
        'request-over': 'この確認は終了しています。',
        'device-unknown': 'この端末の登録は取り消されています。アプリを削除して、登録し直してください。',
        'code-unknown': '端末コードが違うか、使えなくなっています。新しい端末コードを表示してください。',
        'devices-spent': '登録できる端末の数の上限に達しています。',
        limited: '回数が多すぎます。しばらくしてからお試しください。',
        'no-answer': 'サービスに接続できません。しばらくしてからお試しください。',
      },
      otherOutcome: '受け付けられませんでした。',
    },
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
    webApp: 'SafeKey (web app)',
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
      'register-device': 'Unlock to register this phone (passkey)',
      answer: 'Unlock to approve (passkey)',
      notify: 'Turn notifications on',
    },
    refused: 'That was not accepted. Check what the page says.',
    steps: {
      title: 'Approve a payment on the phone',
      setUp:
        'Set this phone up as Mei Nakamura’s: it enrols, creates a passkey, registers this phone and pairs the issuer’s app on the real pages, which takes a few seconds.',
      start: 'Set up the phone',
      failed: 'The set-up was not completed. The reason is in the output of the demo.',
      ready: 'The phone is set up. Payments can be approved here.',
      again: 'Set up again',
      pay: 'In the demo shop, buy something for more than ¥10,000 with Mei Nakamura’s card. The window shows a number of two digits.',
      approve: 'Open the notification, check the payment, type the number and approve.',
      byHand: 'Set up by hand',
      manual: [
        'Have a letter with an activation code sent in the inbox, and enrol in the account.',
        'Under Security, Passkeys, create a passkey.',
        'Under Security, Approval devices, register this phone and turn notifications on.',
        'On the same page, show a code, and type it in the issuer’s app. One of the two devices is enough.',
        'Under Settings, choose your devices for checking payments.',
      ],
    },
    app: {
      name: 'Issuer’s app',
      title: 'Issuer’s app (demo)',
      lead: 'An example of what an issuer builds into its own app. It signs approvals with a key that only this phone has.',
      pairHelp: 'Type the code that the account shows under Security, Approval devices.',
      code: 'Code',
      pair: 'Pair',
      nothingWaits: 'No payment is waiting.',
      question: 'Do you approve this payment?',
      merchant: 'Shop',
      amount: 'Amount',
      noAmount: 'Not a payment',
      card: 'Card',
      cardEnding: lastFour => `ending in ${lastFour}`,
      place: 'Place',
      time: 'Time',
      until: 'Approve before',
      number: 'Number in the window',
      numberHelp: 'Two digits. A wrong number ends this request.',
      approve: 'Approve',
      decline: 'Do not approve',
      report: 'This was not me',
      about: 'About this example',
      aboutText: 'It uses only the calls in docs/approval-devices.md, and no cookie of the account.',
      forget: 'Delete the app',
      outcomes: {
        paired: 'Paired.',
        approved: 'Approved.',
        declined: 'Not approved. The payment does not go ahead.',
        reported: 'Thank you for telling us. The payment does not go ahead.',
        'number-wrong': 'That was not the number. This request has ended.',
        'request-over': 'This request has ended.',
        'device-unknown': 'This device has been removed. Delete the app and pair it again.',
        'code-unknown': 'That code is wrong or no longer valid. Show a new one.',
        'devices-spent': 'You have the greatest number of devices.',
        limited: 'There have been too many tries. Try again later.',
        'no-answer': 'The service cannot be reached. Try again later.',
      },
      otherOutcome: 'That was not accepted.',
    },
  },
}
