import { addresses } from './shop.ts'
import { expect, test } from './test.ts'
import { openWindow } from './window.ts'

// One purchase in each version but 2.2.0, which is that of purchase.spec.ts. All other flows: server/ds/mutual-tls.test.ts.

for (const messageVersion of ['2.1.0', '2.3.1'] as const) {
  const lists = messageVersion === '2.3.1'
  const how = (method: string) =>
    lists ? { authenticationMethod: [method] } : { authenticationType: '02', authenticationMethod: method }

  test(`a code authenticates, and the result arrives before the shop’s page is posted to (${messageVersion})`, async ({
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
    await window.finish(await inbox.codeFor(addresses.hanako))
    await expect(page.locator('.result')).toHaveAttribute('data-status', 'authenticated')
    const { rreq, rres, cres, problem } = await shop.returned(order)
    expect(problem).toBeNull()
    expect(rreq).toMatchObject({ messageVersion, transStatus: 'Y', eci: '05', ...how('05') })
    expect(lists && 'authenticationType' in (rreq ?? {})).toBe(false)
    expect(rres).toMatchObject({ messageVersion, resultsStatus: '01' })
    expect(cres).toMatchObject({ messageVersion, transStatus: 'Y' })
    expect('challengeCompletionInd' in (cres ?? {})).toBe(!lists)
  })
}
