/**
 * How the product keeps a sentence that the public site says. `shownBy`: tests that show it do so, each a file and the
 * beginning of the test's title. `onlyWith`: the capabilities without which no page says the sentence; a test shows
 * that, too. `saidBy`: whose word it is, where the product has no part in it.
 */
interface Kept {
  readonly shownBy?: readonly (readonly [file: string, title: string])[]
  readonly onlyWith?: 'push' | 'registration' | 'trustedMerchants' | 'watch'
  readonly saidBy?: 'issuer'
}

const purchase = ['e2e/purchase.spec.ts', 'a customer pays in the shop, with a code from an e-mail'] as const
const webApp = ['e2e/web-app.spec.ts', 'a payment is approved on a registered browser'] as const
const eachCode = ['e2e/text-messages.spec.ts', 'each message has a code of its own'] as const
const withoutPush = [
  'e2e/identity-provider.spec.ts',
  'where passkeys are not SafeKey’s, the site mentions neither them nor push',
] as const
const codeInstead = ['e2e/method-choice.spec.ts', 'a cardholder who continues too soon is told so'] as const
const absent = ['app/[locale]/(site)/help/questions.test.ts', 'promises it nowhere in the questions'] as const
const brand = ['e2e/brand.spec.ts', 'every page of the site has the second brand, in both languages'] as const

/** The facts that cardholders must find on the site, by the number that pages mark them with (`data-fact`). */
export const siteFacts: Readonly<Record<string, Kept>> = {
  // The Service confirms that the person who pays is the cardholder.
  F01: { shownBy: [purchase, ['e2e/codes.spec.ts', 'five wrong codes end the challenge']] },
  // It works at merchants that show its mark.
  F02: { shownBy: [brand] },
  // The terms are one link away from the top of the home page.
  F03: { shownBy: [['e2e/site-content.spec.ts', 'the terms are one link away at the top of the home page']] },
  // Details of the service may change without notice.
  F04: { saidBy: 'issuer' },
  // Step 1: the card's details at the checkout; the Service starts by itself.
  F05: { shownBy: [purchase] },
  // Step 2: a push, or a code by text message, e-mail or both.
  F06: { shownBy: [eachCode, webApp, withoutPush] },
  // Step 3: approving or entering the code completes it, and the window says so.
  F07: { shownBy: [purchase, webApp] },
  // A payment that is confirmed automatically needs nothing of the cardholder.
  F08: { shownBy: [['e2e/purchase.spec.ts', 'a small purchase is authenticated without the cardholder']] },
  // Each method needs something beforehand.
  F09: { shownBy: [['domain/methods/selection.test.ts', 'offers a code to each contact'], webApp, withoutPush] },
  // Without a push: the notification settings of the device.
  F10: { shownBy: [withoutPush, absent], onlyWith: 'push' },
  // The list of approval devices says whether notifications are on.
  F11: { shownBy: [webApp, withoutPush, absent], onlyWith: 'push' },
  // Without a device a code can be used.
  F12: { shownBy: [codeInstead, withoutPush, absent], onlyWith: 'push' },
  // Codes go to the registered number and address.
  F13: {
    shownBy: [eachCode, ['server/challenge/both-channels.test.ts', 'is sent to the e-mail address, another one']],
  },
  // A contact can be registered in the window.
  F14: {
    shownBy: [['e2e/registration.spec.ts', 'two facts, an address and its code authenticate a purchase'], absent],
    onlyWith: 'registration',
  },
  // A new number takes days, a new address is effective at once; both need enrolment.
  F15: {
    shownBy: [
      ['e2e/contacts.spec.ts', 'a new mobile number becomes effective on its day'],
      ['e2e/contacts.spec.ts', 'a new e-mail address is effective once its code is entered'],
    ],
  },
  // Six digits, once, ten minutes; a new one in the window; after a time-out the purchase starts again.
  F16: {
    shownBy: [
      ['server/challenge/submit.test.ts', 'a code older than ten minutes is refused'],
      ['e2e/robustness.spec.ts', '50 right codes sent concurrently authenticate once'],
      ['e2e/codes.spec.ts', 'a new code is sent after 30 seconds'],
      ['e2e/outcomes.spec.ts', 'a window left alone for ten minutes times out'],
    ],
  },
  // The window shows the masked address; the sender's address is named.
  F17: { shownBy: [['e2e/window.spec.ts', 'the window shows in Japanese who asks'], brand] },
  // Still no code: the number on the back of the card.
  F18: { shownBy: [brand] },
  // No code is given out by telephone: no person at the issuer can read one.
  F19: { shownBy: [['e2e/secrets.spec.ts', 'no planted value can be found in the log']] },
  // No push: a code is sent and entered instead.
  F20: { shownBy: [codeInstead, withoutPush, absent], onlyWith: 'push' },
  // Several security measures protect the card.
  F21: { saidBy: 'issuer' },
  // Unusual payments: watched day and night, the cardholder notified at once …
  F22: {
    shownBy: [
      ['domain/watch/rules.test.ts', 'tells the cardholder of a payment that was refused as unusual, once'],
      ['server/watch/watch.test.ts', 'tells the cardholder of payments that failed, on every contact'],
      absent,
    ],
    onlyWith: 'watch',
  },
  // … and asked whether it was theirs, on every contact.
  F23: {
    shownBy: [
      ['server/watch/watch.test.ts', 'leads to "this was not me", without a sign-in'],
      ['server/watch/watch.test.ts', 'makes the next attempt a challenge on a device, for 30 minutes'],
      absent,
    ],
    onlyWith: 'watch',
  },
  // Links that leave the site are marked.
  F24: { shownBy: [['e2e/site-content.spec.ts', 'a link that leaves the site says so']] },
  // Free of charge.
  F25: { saidBy: 'issuer' },
  // No application is needed; additional cardholders have contacts of their own.
  F26: {
    shownBy: [
      purchase,
      ['server/challenge/both-channels.test.ts', 'goes to the contacts of the cardholder of the card'],
    ],
  },
  // Trusted merchants ask less often.
  F27: {
    shownBy: [['e2e/merchants.spec.ts', 'a shop ticked in the window needs no code next time'], absent],
    onlyWith: 'trustedMerchants',
  },
  // Merchant, amount and card ending are the same in window and message; the window asks for no card number.
  F28: {
    shownBy: [
      ['e2e/window.spec.ts', 'the window shows in English who asks'],
      ['server/messaging/write-sms.test.ts', 'with a payment’s code begins with merchant and amount'],
      ['e2e/window.spec.ts', 'a screen reader gets each step with its roles and names'],
    ],
  },
  // Merchant and amount before the code, no link; what to do if it was not asked for.
  F29: {
    shownBy: [
      ['e2e/window.spec.ts', 'the message has merchant and amount before the code, and no link'],
      ['server/messaging/write-sms.test.ts', 'has at most 134 UTF-16 units, no link'],
    ],
  },
  // How a device is registered.
  F30: { shownBy: [webApp, withoutPush, absent], onlyWith: 'push' },
  // No text message: settings of the carrier; the sender's numbers are named.
  F31: { shownBy: [brand] },
}
