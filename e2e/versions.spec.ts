import { addresses, cards } from './shop.ts'
import { expect, test } from './test.ts'
import { creqOf, encode } from './visitor.ts'
import { openWindow } from './window.ts'

// Every way through the browser channel, in every version: what the shop's servers get is that version's.

for (const messageVersion of ['2.1.0', '2.2.0', '2.3.1'] as const) {
  test.describe(messageVersion, () => {
    const lists = messageVersion === '2.3.1'
    const how = (method: string) =>
      lists ? { authenticationMethod: [method] } : { authenticationType: '02', authenticationMethod: method }

    test(`a small purchase passes without a challenge (${messageVersion})`, async ({ shop }) => {
      const order = await shop.order({ messageVersion, amount: 1200 })
      expect(order).toMatchObject({
        status: 'authenticated',
        problem: null,
        ares: { messageType: 'ARes', messageVersion, transStatus: 'Y', eci: '05' },
      })
    })

    test(`a card that is refused tells its holder why (${messageVersion})`, async ({ shop }) => {
      const { ares } = await shop.order({ messageVersion, card: cards.unknown, locale: 'en' })
      expect(ares).toMatchObject({ messageVersion, transStatus: 'N', transStatusReason: '08', eci: '07' })
      const told = /^We could not find this card/
      expect(ares.cardholderInfo).toEqual(lists ? { text: expect.stringMatching(told) } : expect.stringMatching(told))
    })

    test(`a code opens the way, and the result comes before the shop’s page (${messageVersion})`, async ({
      page,
      shop,
      inbox,
    }) => {
      const order = await shop.order({ messageVersion })
      expect(order.ares).toMatchObject({
        transStatus: 'C',
        acsChallengeMandated: 'Y',
        ...(lists ? { authenticationMethod: ['05'] } : { authenticationType: '02' }),
      })
      const window = await openWindow(page, order)
      await window.enter(await inbox.codeFor(addresses.hanako))
      await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')
      const { rreq, rres, cres, problem } = await shop.returned(order)
      expect(problem).toBeNull()
      expect(rreq).toMatchObject({ messageVersion, transStatus: 'Y', eci: '05', ...how('05') })
      expect(lists && 'authenticationType' in (rreq ?? {})).toBe(false)
      expect(rres).toMatchObject({ messageVersion, resultsStatus: '01' })
      expect(cres).toMatchObject({ messageVersion, transStatus: 'Y' })
      expect('challengeCompletionInd' in (cres ?? {})).toBe(!lists)
    })

    test(`who cancels is not authenticated (${messageVersion})`, async ({ page, shop }) => {
      const order = await shop.order({ messageVersion })
      const window = await openWindow(page, order)
      await window.cancel.click()
      await expect(page.locator('.result')).toHaveAttribute('data-status', 'refused')
      const { rreq, cres } = await shop.returned(order)
      const transStatusReason = lists ? '19' : '01'
      expect(rreq).toMatchObject({ messageVersion, transStatus: 'N', transStatusReason, challengeCancel: '01' })
      expect(cres).toMatchObject({ messageVersion, transStatus: 'N' })
    })

    test(`a window that nobody opens is told as that (${messageVersion})`, async ({ shop, inbox }) => {
      const order = await shop.order({ messageVersion })
      await inbox.advance(31)
      const { rreq } = await shop.result(order)
      expect(rreq).toMatchObject({ messageVersion, transStatus: 'N', transStatusReason: '14', challengeCancel: '05' })
    })

    test(`a broken CReq ends the challenge, and says so (${messageVersion})`, async ({ shop, visitor }) => {
      const order = await shop.order({ messageVersion })
      await visitor.postCReq({ creq: encode({ ...creqOf(order), challengeWindowSize: '09' }) })
      const { rreq } = await shop.result(order)
      expect(rreq).toMatchObject({ messageVersion, transStatus: 'U', challengeCancel: lists ? '10' : '06' })
      const reported = { messageType: 'Erro', messageVersion, errorCode: '203', errorDetail: 'challengeWindowSize' }
      if (lists) expect(rreq).toMatchObject({ challengeErrorReporting: reported })
      else expect(rreq).not.toHaveProperty('challengeErrorReporting')
    })

    test(`a non-payment and a data-only request (${messageVersion})`, async ({ shop }) => {
      const nonPayment = { messageCategory: '02', threeDSRequestorAuthenticationInd: '04' }
      const added = await shop.order({ messageVersion, amount: 1200, areq: nonPayment })
      expect(added.ares).toMatchObject({ messageVersion, transStatus: 'Y' })
      expect(added.ares).not.toHaveProperty('authenticationValue')
      const dataOnly = await shop.order({ messageVersion, challengeInd: '06' })
      // 2.1.0 has no such request.
      if (messageVersion === '2.1.0') expect(dataOnly.ares).toMatchObject({ messageType: 'Erro', errorCode: '203' })
      else expect(dataOnly.ares).toMatchObject({ messageVersion, transStatus: 'I' })
    })

    test(`a value that has no meaning is named (${messageVersion})`, async ({ shop }) => {
      const { ares } = await shop.order({ messageVersion, areq: { acctType: '04' } })
      expect(ares).toMatchObject({ messageType: 'Erro', errorCode: lists ? '207' : '203', errorDetail: 'acctType' })
    })
  })
}
