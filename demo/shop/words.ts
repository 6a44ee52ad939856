import type { Language } from '../language.ts'
import type { MessageName, Presentation, Status, WindowSize } from './order.ts'

export interface Words {
  shop: string
  lead: string
  otherLanguage: string
  demo: string
  inbox: string
  phone: string
  account: string
  site: string
  arrivals: string
  backToShop: string
  welcome: string
  product: string
  card: string
  expiry: string
  challengeInd: string
  cardholder: string
  whereabouts: Record<'here' | 'away', string>
  challengeInds: Record<'01' | '02' | '03' | '04' | '08' | '09', string>
  windowSize: string
  windowSizes: Record<WindowSize, string>
  presentation: string
  presentations: Record<Presentation, string>
  messageVersion: string
  settings: string
  settingsHelp: string
  pay: string
  checkout: string
  checkoutLead: string
  openWindow: string
  openAgain: string
  window: string
  seeOrder: string
  order: string
  total: string
  payingWith: string
  orderedAt: string
  apiOrder: string
  result: Record<Status, { title: string; text: string }>
  /** In place of the result, if the cardholder cancelled. */
  cancelled: { title: string; text: string }
  fromIssuer: string
  continueChallenge: string
  refresh: string
  problem: string
  messages: string
  messagesLead: string
  checkMessage: string
  curl: string
  copy: string
  copied: string
  curlCard: string
  noMessages: string
  route: Record<MessageName, string>
  windowClosed: string
  windowClosedText: string
  windowClosedInSandbox: string
}

export const words: Record<Language, Words> = {
  ja: {
    shop: 'ことり商店',
    lead: '小さな暮らしの道具店',
    otherLanguage: 'English',
    demo: 'これはデモです。実在の店舗ではなく、実際の支払いや発送は行われません。',
    inbox: '届いたメールを見る（デモの受信箱）',
    phone: '電話で承認する（デモの電話）',
    account: '会員ページ',
    site: 'SafeKeyのサイト',
    arrivals: 'お客様の電話（デモ）',
    backToShop: '買い物を続ける',
    welcome: 'お買い物と本人認証をお試しください',
    product: '商品を選ぶ',
    card: 'カードを選ぶ',
    expiry: '有効期限 12/30',
    challengeInd: '店舗の希望',
    cardholder: 'お客様のいる場所',
    whereabouts: {
      here: 'お店のページ（ブラウザー）',
      away: 'ほかの場所（3RI）',
    },
    challengeInds: {
      '01': '01 希望なし',
      '02': '02 追加認証を希望しない',
      '03': '03 追加認証を希望する',
      '04': '04 追加認証を必須とする',
      '08': '08 信頼するお店の例外を使う（2.2.0から）',
      '09': '09 追加認証と、信頼するお店への追加（2.2.0から）',
    },
    windowSize: '認証画面の大きさ',
    windowSizes: {
      '01': '01 250×400',
      '02': '02 390×400',
      '03': '03 500×600',
      '04': '04 600×400',
      '05': '05 全画面',
    },
    presentation: '認証画面の開き方',
    presentations: {
      page: 'ページ全体',
      iframe: 'iframe',
      sandbox: 'iframe（sandbox）',
      strict: 'iframe（厳しいsandbox）',
    },
    messageVersion: 'EMV 3DSのバージョン',
    settings: '3-Dセキュアの設定',
    settingsHelp: '動作を確かめるための設定です。そのままでもお試しいただけます。',
    pay: '支払う',
    checkout: '本人認証',
    checkoutLead: 'カード会社の本人認証画面で手続きを進めてください。',
    openWindow: '本人認証へ進む',
    openAgain: '画面が表示されないときは、もう一度開く',
    window: 'カード会社の本人認証画面',
    seeOrder: '注文の結果を見る',
    order: 'ご注文',
    total: '合計',
    payingWith: 'お支払いカード',
    orderedAt: '注文日時',
    apiOrder: 'お買い物',
    result: {
      authenticated: {
        title: 'お支払いが完了しました',
        text: 'カード会社による本人認証が完了しました。ご購入ありがとうございます。',
      },
      attempted: {
        title: 'お支払いが完了しました',
        text: '本人認証を試みた記録を受け取り、お支払いを受け付けました。',
      },
      refused: {
        title: 'お支払いを完了できませんでした',
        text: 'カード会社が本人認証を承認しませんでした。別のカードをお試しください。',
      },
      unavailable: {
        title: 'お支払いを完了できませんでした',
        text: '本人認証を実行できませんでした。時間をおいてお試しください。',
      },
      informed: {
        title: 'お支払いを受け付けました',
        text: 'カード会社は店舗の希望を受け付け、追加認証は行いませんでした。',
      },
      decoupled: {
        title: 'カード会社からの連絡をお待ちください',
        text: '本人認証は、この画面とは別に行われます。承認または拒否のあと、更新してください。',
      },
      challenge: {
        title: '本人認証が必要です',
        text: 'カード会社の認証画面で手続きを進めると、お支払いが完了します。',
      },
      unconfirmed: {
        title: '結果を確認しています',
        text: '認証画面は終了しましたが、認証結果（RReq）がまだ届いていません。しばらくしてから更新してください。',
      },
      error: {
        title: 'お支払いを完了できませんでした',
        text: '本人認証の通信でエラーが起きました。下のメッセージで内容を確認できます。',
      },
    },
    cancelled: { title: 'ご購入を取りやめました', text: 'お客様が購入を取りやめたため、お支払いは行われていません。' },
    fromIssuer: 'カード会社からのお知らせ',
    continueChallenge: '本人認証へ進む',
    refresh: '最新の状態に更新する',
    problem: '応答の問題点',
    messages: '送受信されたメッセージ',
    messagesLead: '3-Dセキュアの電文を、届いた順に並べています。カード番号は一部を伏せています。',
    checkMessage: 'この電文を確認する',
    curl: 'curl のコマンド',
    copy: 'コピーする',
    copied: 'コピーしました',
    curlCard: '先に CARD=カード番号 を実行してください。お店はカード番号の一部しか表示しません。',
    noMessages: 'まだありません。',
    route: {
      AReq: '認証要求：店舗 → カード会社',
      ARes: '認証応答：カード会社 → 店舗',
      CReq: '追加認証の開始：ブラウザー → カード会社',
      CRes: '追加認証の終了：カード会社 → ブラウザー → 店舗',
      RReq: '認証結果：カード会社 → 店舗',
      RRes: '認証結果の受領：店舗 → カード会社',
      Erro: 'エラー',
    },
    windowClosed: '本人認証の画面は終了しました',
    windowClosedText: 'まもなく注文の画面に移動します。移動しないときは、次のリンクから進んでください。',
    windowClosedInSandbox:
      'まもなくお店のページが注文の画面に移動します。移動しないときは、この画面の外にある「注文の結果を見る」から進んでください。',
  },
  en: {
    shop: 'Kotori Store',
    lead: 'Small things for everyday life',
    otherLanguage: '日本語',
    demo: 'This is a demo: not a real shop. Nothing is charged or shipped.',
    inbox: 'See the e-mails sent (demo inbox)',
    phone: 'Approve on a phone (demo phone)',
    account: 'Account',
    site: 'SafeKey’s site',
    arrivals: 'The customer’s phone (demo)',
    backToShop: 'Continue shopping',
    welcome: 'Try a purchase with cardholder authentication',
    product: 'Choose a product',
    card: 'Choose a card',
    expiry: 'Expires 12/30',
    challengeInd: 'What the shop asks for',
    cardholder: 'The cardholder is',
    whereabouts: { here: 'At the shop’s page (browser)', away: 'Away (3RI)' },
    challengeInds: {
      '01': '01 No preference',
      '02': '02 No challenge',
      '03': '03 Challenge preferred',
      '04': '04 Challenge required',
      '08': '08 Use the trust list (from 2.2.0 on)',
      '09': '09 Challenge, and ask about the trust list (from 2.2.0 on)',
    },
    windowSize: 'Size of the challenge window',
    windowSizes: {
      '01': '01 250×400',
      '02': '02 390×400',
      '03': '03 500×600',
      '04': '04 600×400',
      '05': '05 Full screen',
    },
    presentation: 'How the window opens',
    presentations: {
      page: 'As a page',
      iframe: 'In an iframe',
      sandbox: 'In a sandboxed iframe',
      strict: 'In a strictly sandboxed iframe',
    },
    messageVersion: 'EMV 3DS version',
    settings: '3-D Secure settings',
    settingsHelp: 'For trying things out; leave them as they are if you like.',
    pay: 'Pay',
    checkout: 'Cardholder authentication',
    checkoutLead: 'Please continue in your card issuer’s window.',
    openWindow: 'Continue to authentication',
    openAgain: 'Nothing to see? Open it again',
    window: 'Your card issuer’s authentication window',
    seeOrder: 'See the order',
    order: 'Your order',
    total: 'Total',
    payingWith: 'Card',
    orderedAt: 'Ordered',
    apiOrder: 'Purchase',
    result: {
      authenticated: { title: 'Paid', text: 'Your card issuer has authenticated you. Thank you for your purchase.' },
      attempted: { title: 'Paid', text: 'The attempt to authenticate is on record, and the payment was accepted.' },
      refused: {
        title: 'Not paid',
        text: 'Your card issuer did not authenticate this payment. Please try another card.',
      },
      unavailable: { title: 'Not paid', text: 'Authentication could not be carried out. Please try again later.' },
      informed: {
        title: 'Payment accepted',
        text: 'Your card issuer took note of what the shop asked for; no challenge was made.',
      },
      decoupled: {
        title: 'Your card issuer will contact you',
        text: 'Authentication takes place apart from this page. Refresh once you have answered.',
      },
      challenge: {
        title: 'Authentication needed',
        text: 'Continue in your card issuer’s window to complete the payment.',
      },
      unconfirmed: {
        title: 'Waiting for the result',
        text: 'The window has closed, but the result (RReq) has not arrived yet. Please refresh in a little while.',
      },
      error: {
        title: 'Not paid',
        text: 'Something went wrong in the authentication messages; see below for what it was.',
      },
    },
    cancelled: { title: 'Purchase cancelled', text: 'You cancelled the purchase. Nothing has been paid.' },
    fromIssuer: 'Message from your card issuer',
    continueChallenge: 'Continue to authentication',
    refresh: 'Refresh',
    problem: 'What is wrong with the answer',
    messages: 'Messages that passed',
    messagesLead: 'Every 3-D Secure message, in order. Card numbers are shown in part.',
    checkMessage: 'Check this message',
    curl: 'As a curl command',
    copy: 'Copy as curl',
    copied: 'Copied',
    curlCard: 'Run CARD=the-card-number first: a shop shows only a part of it.',
    noMessages: 'None yet.',
    route: {
      AReq: 'asks for authentication: shop → issuer',
      ARes: 'answer: issuer → shop',
      CReq: 'opens the challenge: browser → issuer',
      CRes: 'ends the challenge: issuer → browser → shop',
      RReq: 'result: issuer → shop',
      RRes: 'receipt of the result: shop → issuer',
      Erro: 'error',
    },
    windowClosed: 'The authentication window has closed',
    windowClosedText: 'You will be taken to your order in a moment. If not, follow this link.',
    windowClosedInSandbox:
      'The shop’s page will take you to your order in a moment. If not, follow “See the order” outside this window.',
  },
}
