import { isAccessible, isAccessibleAs } from './accessible.ts'
import { addresses } from './shop.ts'
import { expect, test } from './test.ts'
import { openWindow } from './window.ts'

// No page of the window has a barrier that a program can find: narrow and wide, light and dark.

for (const language of ['ja', 'en'] as const) {
  test(`[Req 359, 381, 382, 383, 384] the window as it opens, and with its help open, has no barriers (${language})`, async ({
    page,
    shop,
  }) => {
    const window = await openWindow(page, await shop.order({ locale: language }), language)
    await isAccessibleAs(page, language)
    for (const summary of [window.say.help, window.say.safety]) await page.getByText(summary, { exact: true }).click()
    await isAccessibleAs(page, language)
  })

  test(`the window with an error, and with a notice, has no barriers (${language})`, async ({ page, shop, inbox }) => {
    const window = await openWindow(page, await shop.order({ locale: language }), language)
    await window.enter('12')
    await expect(window.summary).toBeVisible()
    await isAccessibleAs(page, language)
    await inbox.advance(31)
    await window.resend.click()
    await expect(window.notice).toHaveText(window.say.resent)
    await isAccessibleAs(page, language)
  })

  test(`the last page has no barriers, however it ends (${language})`, async ({ page, shop, inbox }) => {
    // Keeps the page open: its script would lead back to the shop at once.
    await page.route('**/return.js', route => route.abort())
    const request = { locale: language }
    const done = await openWindow(page, await shop.order(request), language)
    await done.enter(await inbox.codeFor(addresses.hanako))
    await expect(done.heading).toHaveText(done.say.authenticated)
    await isAccessibleAs(page, language)

    const late = await openWindow(page, await shop.order(request), language)
    await inbox.advance(601)
    await page.reload()
    await expect(late.heading).toHaveText(late.say.timedOut)
    await isAccessibleAs(page, language)
  })
}

test('pages for errors have no barriers', async ({ page, product }) => {
  const { acs } = product.addresses
  await page.goto(`${acs}/acs/challenge/unknown`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('この画面は表示できません')
  await isAccessible(page)

  await page.goto('about:blank')
  await page.setContent(`<form method="post" action="${acs}/acs/challenge"><input name="creq" value="no"></form>`)
  await page.locator('form').evaluate(form => (form as HTMLFormElement).submit())
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('この画面は表示できません')
  await isAccessible(page)
})
