import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { chromium } from '@playwright/test'
import { Faults } from '../demo/faults.ts'
import { MailServer } from '../demo/inbox/smtp.ts'
import { startShop } from '../demo/shop/index.ts'
import { chromiumArguments, findChromium } from '../e2e/chromium.ts'
import { announceChallenge } from './cardholder.ts'
import { benchCards } from './customers.ts'
import { install } from './deployment.ts'
import { startProduct } from './product.ts'
import { median, spread } from './statistics.ts'
import { timeToUsable } from './usable.ts'

export interface WindowResult {
  /** From the merchant's form being sent to field and button being visible: milliseconds, medians. */
  readonly usableMilliseconds: number
  readonly bareMilliseconds: number
  /** Median over the rounds of the window's time divided by the bare form's, the lowest and the highest. */
  readonly ratio: number
  readonly ratioSpread: readonly [number, number]
  readonly rounds: number
}

const warmUps = 2
/** A card may be challenged ten times an hour. */
const mostRounds = 8

/**
 * Measures how long a cardholder waits for the window on a slow network and a slow processor, and for a bare HTML form
 * that a plain server sends in the same steps: a posted form, a redirect, a page. Each time in a new browser context,
 * without a cache.
 */
export async function measureWindow(rounds: number, say: (line: string) => void): Promise<WindowResult> {
  const built = spawnSync(process.execPath, ['--import', 'tsx', 'demo/main.ts', '--build-only'], { stdio: 'inherit' })
  if (built.status !== 0) throw new Error('The product could not be built')
  const measured = Math.min(rounds, mostRounds)
  const { customers, cards } = benchCards(1)
  const [customer] = customers
  if (!customer) throw new Error('no customer')
  const deployment = await install(cards)
  const { ports, origins, folder } = deployment
  const product = await startProduct(deployment, ['ds', 'web', 'worker'])
  const faults = new Faults()
  const mail = new MailServer(ports.smtp, faults, () => {})
  await mail.follow()
  const shop = await startShop({
    ...{ port: ports.shop, rreqPort: ports.rreq, origin: origins.shop, dsServer: `http://localhost:${ports.ds}` },
    ...{ dsReference: 'DEMO-DS-REF-0001', inboxOrigin: origins.inbox, methodURL: `${origins.web}/acs/method` },
    ...{ faults, dataDir: folder },
  })
  const bare = createServer(bareForm).listen(0, 'localhost')
  await once(bare, 'listening')
  const address = bare.address()
  const bareOrigin = `http://localhost:${typeof address === 'object' ? address?.port : ''}`
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No browser found: install chromium, or name one in CHROMIUM_PATH')
  const browser = await chromium.launch({ executablePath, args: chromiumArguments })
  const sides = {
    async window() {
      const { acsURL, creq } = await announceChallenge(deployment, customer)
      return timeToUsable(browser, bareOrigin, acsURL, { creq })
    },
    bare: () => timeToUsable(browser, bareOrigin, `${bareOrigin}/open`, { creq: 'bare' }),
  }
  try {
    const times: Record<keyof typeof sides, number[]> = { window: [], bare: [] }
    for (let round = 1 - warmUps; round <= measured; round++) {
      say(round > 0 ? `window: round ${round} of ${measured}` : 'window: warming up')
      for (const side of round % 2 === 0 ? (['window', 'bare'] as const) : (['bare', 'window'] as const)) {
        const time = await sides[side]()
        if (round > 0) times[side].push(time)
      }
    }
    const ratios = times.window.map((time, round) => time / (times.bare[round] ?? 0))
    return {
      usableMilliseconds: median(times.window),
      bareMilliseconds: median(times.bare),
      ratio: median(ratios),
      ratioSpread: spread(ratios),
      rounds: measured,
    }
  } finally {
    await browser.close()
    bare.close()
    await product.stop()
    await Promise.all([shop.close(), mail.close()])
    await deployment.remove()
  }
}

/** The merchant's page, and the bare form in the steps of the window. */
function bareForm(request: IncomingMessage, response: ServerResponse): void {
  if (request.method === 'POST') {
    request.resume().once('end', () => response.writeHead(303, { location: '/window' }).end())
    return
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' })
  if (request.url !== '/window') return void response.end('<!doctype html><title>Merchant</title><p>Kotori Store</p>')
  response.end(`<!doctype html><html lang="ja"><meta charset="utf-8"><title>Code</title>
    <meta name="viewport" content="width=device-width"><h1>Kotori Store</h1><p>¥1,200</p>
    <form method="post"><label>Code <input name="code" inputmode="numeric"></label><button>Confirm</button></form>`)
}
