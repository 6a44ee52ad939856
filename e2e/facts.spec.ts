import { Account, type Language } from './account.ts'
import { newCardholderWithFacts } from './cardholder.ts'
import { expect, test, withScripts } from './test.ts'

// Enrolment of a cardholder for whom the issuer has no contact: two facts that no checkout asks for replace a code.

const say = {
  ja: { wrong: 'ご登録の情報と一致しません。', birth: '生年月日', limited: '本日の入力回数の上限に達しました。' },
  en: { wrong: 'does not match our records.', birth: 'date', limited: 'There are no tries left today.' },
} as const

for (const language of ['ja', 'en'] as readonly Language[]) {
  const javaScriptEnabled = withScripts[language]
  test.describe(`${language}, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, () => {
    test.use({ javaScriptEnabled })

    test('a letter and two facts lead into the account; errors are shown, and no fact stays on the page', async ({
      page,
      product,
      inbox,
    }) => {
      const account = new Account(page, product, inbox, language)
      const tell = async (facts: readonly [string, string, string, string]) => {
        const names = ['debitAccountLastFour', 'birthYear', 'birthMonth', 'birthDay']
        for (const [index, name] of names.entries()) await account.field(name).fill(facts[index] ?? '')
        await account.submit.click()
      }
      const { ref } = await newCardholderWithFacts(product, language)
      const letter: string = JSON.parse(await product.cards('activation', ref)).activationCode
      await account.open('/enrol')
      await account.fill('activationCode', letter)
      await account.field('birthYear').waitFor()
      await tell(['042', '1990', '2', '30'])
      await expect(account.summary).toContainText(say[language].birth)
      await tell(['9999', '1990', '4', '1'])
      await expect(account.summary).toContainText(say[language].wrong)
      if (!javaScriptEnabled) await expect(account.field('debitAccountLastFour')).toHaveValue('')
      // As people type them: full-width, with a leading zero.
      await tell(['０４２７', '１９９０', '04', '01'])
      await account.field('email').waitFor()
      const address = `${crypto.randomUUID()}@mail.example`
      await account.fill('email', address)
      await account.field('code').waitFor()
      await account.fill('code', await inbox.freshCode('email', address))
      await page.locator('form:has(input[name=accepted]) button').click()
      await expect(account.heading).toHaveText(account.say.passkeys)
    })
  })
}

test('three wrong attempts are the limit for a day, even with a new letter', async ({ page, product, inbox }) => {
  const account = new Account(page, product, inbox, 'en')
  const { ref } = await newCardholderWithFacts(product, 'en')
  const begin = async () => {
    await page.context().clearCookies()
    await account.open('/enrol')
    await account.fill('activationCode', JSON.parse(await product.cards('activation', ref)).activationCode)
    await account.field('birthYear').waitFor()
  }
  const tell = async (account4: string) => {
    await account.field('debitAccountLastFour').fill(account4)
    await account.field('birthYear').fill('1990')
    await account.field('birthMonth').fill('4')
    await account.field('birthDay').fill('1')
    await account.submit.click()
    await expect(account.summary).toBeVisible()
  }
  await begin()
  for (const wrong of ['1111', '2222', '3333']) {
    await tell(wrong)
    await expect(account.summary).toContainText(say.en.wrong)
  }
  await begin()
  await tell('0427')
  await expect(account.summary).toContainText(say.en.limited)
  await expect(account.field('email')).toHaveCount(0)
})
