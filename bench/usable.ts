import type { Browser } from '@playwright/test'

/** DevTools' slow 4G, as Lighthouse has it: 150 ms and 1.6 Mbit/s, converted to what DevTools delays. */
const slow4G = { offline: false, latency: 562.5, downloadThroughput: 184_320, uploadThroughput: 84_375 }
const slowCPU = { rate: 4 }

/** Posts a form from a merchant's page as the cardholder's browser does, and waits until the code can be entered. */
export async function timeToUsable(
  browser: Browser,
  merchant: string,
  action: string,
  fields: Readonly<Record<string, string>>,
): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 390, height: 664 } })
  try {
    const page = await context.newPage()
    await page.goto(merchant)
    const devTools = await context.newCDPSession(page)
    await devTools.send('Network.enable')
    await devTools.send('Network.emulateNetworkConditions', slow4G)
    await devTools.send('Emulation.setCPUThrottlingRate', slowCPU)
    let report: (at: number) => void = () => {}
    const usable = new Promise<number>(resolve => {
      report = resolve
    })
    await page.exposeFunction('reportAt', (at: number) => report(at))
    await page.addInitScript(reportUsable)
    const sentAt = await page.evaluate(post, { action, fields })
    return (await usable) - sentAt
  } finally {
    await context.close()
  }
}

/** Runs in the merchant's page. Returns when it sent the form. */
function post({ action, fields }: { action: string; fields: Readonly<Record<string, string>> }): number {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = action
  for (const [name, value] of Object.entries(fields))
    form.append(Object.assign(document.createElement('input'), { name, value }))
  document.body.append(form)
  // Not before this function has returned.
  setTimeout(() => form.submit())
  return performance.timeOrigin + performance.now()
}

/**
 * Runs in each page before its own content, and reports when field and button are drawn: the browser calls for a frame
 * only when no style sheet is missing. A text, because tsx would have the function call one of its own.
 */
const reportUsable = `requestAnimationFrame(function look() {
  const input = document.querySelector('input[name="code"]')
  const parts = [input, input?.form?.querySelector('button')]
  if (parts.every(part => part?.getBoundingClientRect().height > 0)) reportAt(performance.timeOrigin + performance.now())
  else requestAnimationFrame(look)
})`
