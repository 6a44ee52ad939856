import { poll } from './poll.ts'
import { addresses, cards, numbers } from './shop.ts'
import { expect, test, withScripts } from './test.ts'
import { openWindow } from './window.ts'

// Codes go to the mobile number as well as to the e-mail address.

const people = {
  ja: { card: cards.hanako, number: numbers.hanako, address: addresses.hanako },
  en: { card: cards.alex, number: numbers.alex, address: addresses.alex },
} as const

for (const language of ['ja', 'en'] as const) {
  const { card, number, address } = people[language]
  const javaScriptEnabled = withScripts[language]
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled })

    test(`each message has a code of its own, and the text message’s pays (${language})`, async ({
      page,
      shop,
      inbox,
    }) => {
      const order = await shop.order({ card, locale: language })
      // The shop's page opens the window by script.
      const window = javaScriptEnabled ? await openWindow(page, order, language) : undefined
      if (!window) {
        await page.goto(order.checkoutURL)
        await page.getByRole('button').first().click()
      }
      const code = await inbox.codeByText(number)
      await inbox.codeFor(address)
      const [text] = await inbox.texts(number)
      expect(text?.text.length).toBeLessThanOrEqual(134)
      expect(text?.text).not.toMatch(/https?:|www\./)
      await page.locator('#code').fill(code)
      await page.locator('#code').press('Enter')
      // 02: the mobile number's code was entered, though the mailbox had one as well.
      await poll(async () => (await shop.see(order)).rreq).toMatchObject({
        transStatus: 'Y',
        authenticationMethod: '02',
      })
    })
  })

  test(`while the mail server is down the text message’s code pays, and the window says which message failed (${language})`, async ({
    page,
    shop,
    inbox,
  }) => {
    await inbox.fault({ smtp: 'down' })
    const order = await shop.order({ card, locale: language })
    const window = await openWindow(page, order, language)
    const code = await inbox.codeByText(number)
    // The page finds it out by itself.
    await expect(window.deliveries).toContainText(window.say.arrived)
    await expect(window.deliveries).toContainText(window.say.delayed)
    await window.finish(code)
    expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y' })
    await inbox.fault({ smtp: 'up' })
  })

  test(`while text messages fail the e-mail’s code pays (${language})`, async ({ page, shop, inbox }) => {
    await inbox.fault({ sms: 'down' })
    const order = await shop.order({ card, locale: language })
    const window = await openWindow(page, order, language)
    await window.finish(await inbox.codeFor(address))
    expect((await shop.returned(order)).rreq).toMatchObject({ transStatus: 'Y', authenticationMethod: '05' })
  })
}
