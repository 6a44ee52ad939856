import type { FrameLocator, Locator, Page } from '@playwright/test'
import type { Order } from './shop.ts'

export type Language = 'ja' | 'en'

/** The window's text, as a person reads it. */
export const words = {
  ja: {
    title: 'ご本人の確認',
    heading: '認証コードを入力してください',
    continue: '続行',
    resend: '認証コードを再送する',
    cancel: '購入をやめる',
    confirmCancel: '購入をやめてお店に戻る',
    other: 'English',
    back: 'お店の画面に戻る',
    help: 'コードが届かないとき',
    safety: 'コードを入力する前に',
    arrived: '•••••••78 に届きました',
    sending: '•••••••78 に送信しています',
    delayed: 'h•••@•••.example への送信に時間がかかっています',
    lostNumber: '•••••••78 の番号はもう使っていません',
    lost: 'このお支払いでは、その連絡先を使いません',
    look: '送信の状況を確かめる',
    otherMethod: '別の方法で認証する',
    error: 'エラー：',
    wrong: (left: number) => `認証コードが違います。あと${left}回入力できます。`,
    earlier: '前にお送りした認証コードです。最後にお送りした認証コードを入力してください。',
    missing: '認証コードを入力してください。',
    malformed: '認証コードは6桁の数字です。届いたとおりに入力してください。',
    expired: 'この認証コードは有効期限が切れました。',
    resent: '新しい認証コードをお送りしました。前のコードは使えません。',
    tooSoon: '認証コードはお送りしたばかりです。',
    resendsSpent: 'これ以上、認証コードをお送りできません。',
    authenticated: '認証が完了しました',
    attemptsSpent: '認証できませんでした',
    cancelled: '購入を取りやめました',
    timedOut: '時間切れになりました',
    locked: 'ただいま認証できません',
  },
  en: {
    title: 'Confirm that it is you',
    heading: 'Enter your verification code',
    continue: 'Continue',
    resend: 'Send a new code',
    cancel: 'Cancel the purchase',
    confirmCancel: 'Yes, cancel the purchase',
    other: '日本語',
    back: 'Back to the shop',
    help: 'If the code does not arrive',
    safety: 'Before you enter the code',
    arrived: '•••••••89: arrived',
    sending: '•••••••89: sending',
    delayed: 'a•••@•••.example: taking longer than usual',
    lostNumber: 'I no longer have the number •••••••89',
    lost: 'We will not use that contact for this payment',
    look: 'Check whether it was sent',
    otherMethod: 'Choose another method',
    error: 'Error: ',
    wrong: (left: number) => `That code is not correct. You have ${left} ${left === 1 ? 'try' : 'tries'} left.`,
    earlier: 'That is an earlier code. Enter the last one we sent.',
    missing: 'Enter the verification code.',
    malformed: 'A verification code has 6 digits. Enter it exactly as it arrived.',
    expired: 'This verification code has expired.',
    resent: 'We sent a new verification code. The previous code no longer works.',
    tooSoon: 'We have only just sent a code.',
    resendsSpent: 'We cannot send more codes for this payment.',
    authenticated: 'Verification complete',
    attemptsSpent: 'We could not verify you',
    cancelled: 'The purchase is cancelled',
    timedOut: 'Time is up',
    locked: 'We cannot verify you at the moment',
  },
} as const

/** The challenge window, as a page or in a frame. */
export class ChallengeWindow {
  readonly say: (typeof words)[Language]
  readonly heading: Locator
  readonly code: Locator
  readonly submit: Locator
  readonly resend: Locator
  readonly cancel: Locator
  readonly confirmCancel: Locator
  readonly otherLanguage: Locator
  readonly back: Locator
  /** The error, at the field or above the form. */
  readonly summary: Locator
  /** The state, such as "a new code was sent". */
  readonly notice: Locator
  readonly purchase: Locator
  /** How far the code is, for each contact. */
  readonly deliveries: Locator

  constructor(
    readonly root: Page | FrameLocator,
    language: Language = 'ja',
  ) {
    const say = words[language]
    this.say = say
    const button = (name: string) => root.getByRole('button', { name, exact: true })
    this.heading = root.getByRole('heading', { level: 1 })
    this.code = root.getByRole('textbox', { name: say.heading, exact: true })
    this.submit = button(say.continue)
    this.resend = button(say.resend)
    this.cancel = root.locator('summary').filter({ hasText: say.cancel })
    this.confirmCancel = button(say.confirmCancel)
    this.otherLanguage = button(say.other)
    this.back = button(say.back)
    this.summary = root.getByRole('alert')
    this.notice = root.locator('#code-notice, #summary').and(root.getByRole('status'))
    this.purchase = root.locator('dl').first()
    this.deliveries = root.locator('#destinations')
  }

  /** The same window after a change of language. */
  in(language: Language): ChallengeWindow {
    return new ChallengeWindow(this.root, language)
  }

  async enter(code: string): Promise<void> {
    await this.code.fill(code)
    await this.submit.click()
  }

  /**
   * Enters a code that ends the challenge, and leads back by the button, which takes less time than the script. That the
   * script leads back by itself is shown in purchase.spec.ts and return.spec.ts.
   */
  async finish(code: string): Promise<void> {
    const page = 'clock' in this.root ? this.root : this.root.owner().page()
    await holdTimers(page)
    await this.enter(code)
    await this.back.click()
    await page.clock.resume()
  }
}

/** Stops the timers of all pages that load from now on: their scripts do nothing by themselves until a test says so. */
export async function holdTimers({ clock }: Page): Promise<void> {
  const now = Date.now()
  await clock.install({ time: now })
  await clock.pauseAt(now + 1000)
}

/** Opens the shop's checkout, which opens the window as a whole page. */
export async function openWindow(page: Page, order: Order, language: Language = 'ja'): Promise<ChallengeWindow> {
  await page.goto(order.checkoutURL)
  const window = new ChallengeWindow(page, language)
  await window.code.waitFor()
  return window
}
