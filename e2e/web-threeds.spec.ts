import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { join } from 'node:path'
import { projectFolder } from './product.ts'
import { addresses, type Message, type Order } from './shop.ts'
import { test as base, expect } from './test.ts'
import { decode } from './visitor.ts'
import { ChallengeWindow } from './window.ts'

// A merchant's client that is not ours, from npm. Its `createSession` calls its makers' service; its `startChallenge`,
// the only part that an ACS meets, needs just two static pages, served here from the package.

const library = join(projectFolder, 'node_modules/@basis-theory/web-threeds/dist')

interface Merchant {
  readonly origin: string
  /** The CRes that was posted to the notification address. */
  received(): Message | undefined
}

const test = base.extend<{ merchant: Merchant }>({
  merchant: async ({ product }, use) => {
    const origin = product.addresses.spare
    let cres: Message | undefined
    const server = createServer(async (request, response) => {
      response.setHeader('content-type', request.url === '/client.js' ? 'text/javascript' : 'text/html; charset=utf-8')
      if (request.url === '/client.js') return response.end(readFileSync(join(library, 'bundle/index.js')))
      if (request.url === '/pages/challenge.html')
        return response.end(readFileSync(join(library, 'pages/challenge.html')))
      if (request.url !== '/notification') return response.end(shopPage)
      cres = decode(new URLSearchParams(await bodyOf(request)).get('cres') ?? '')
      return response.end(notificationPage(cres))
    })
    await listen(server, Number(new URL(origin).port))
    await use({ origin, received: () => cres })
    await new Promise(closed => {
      server.close(closed)
      server.closeAllConnections()
    })
  },
})

/** Listens on both loopback addresses: browsers resolve *.localhost to either. */
function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(port, 'localhost', resolve))
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const part of request) body += part
  return body
}

const shopPage = `<!doctype html><html lang="en"><title>A shop</title><script src="/client.js"></script>
<h1>A shop</h1><div id="challengeFrameContainer"></div></html>`

/** What the client's makers answer to the CRes: a message to the surrounding page. */
function notificationPage({ threeDSServerTransID: id, transStatus: authenticationStatus }: Message): string {
  const message = { type: 'challenge', id, isCompleted: true, authenticationStatus }
  return `<!doctype html><script>parent.postMessage(${JSON.stringify(message)}, '*')</script>`
}

interface Client {
  startChallenge(request: object): Promise<unknown>
}

for (const windowSize of ['01', '03', '05']) {
  test(`[Req 120, 122, 140, 269] @basis-theory/web-threeds drives a challenge, two frames deep (window ${windowSize})`, async ({
    page,
    merchant,
    shop,
    inbox,
  }) => {
    const order: Order = await shop.order({ areq: { notificationURL: `${merchant.origin}/notification` } })
    const { acsURL, acsTransID, threeDSServerTransID } = order.ares
    await page.goto(merchant.origin)
    const outcome = page.evaluate(
      ({ sdkBaseUrl, ...request }) => {
        const { BasisTheory3ds } = window as unknown as { BasisTheory3ds: (key: string, options: object) => Client }
        return BasisTheory3ds('key', { sdkBaseUrl, disableTelemetry: true }).startChallenge(request)
      },
      {
        sdkBaseUrl: merchant.origin,
        sessionId: threeDSServerTransID,
        acsTransactionId: acsTransID,
        acsChallengeUrl: acsURL,
        threeDSVersion: '2.2.0',
        windowSize,
      },
    )
    const challenge = new ChallengeWindow(page.frameLocator('#challengeIframe').frameLocator('#acsChallengeIframe'))
    await expect(challenge.heading).toHaveText(challenge.say.heading)
    await challenge.enter('00000x')
    await expect(challenge.summary).toContainText(challenge.say.malformed)
    await challenge.finish(await inbox.codeFor(addresses.hanako))

    expect(await outcome).toEqual({ id: threeDSServerTransID, isCompleted: true, authenticationStatus: 'Y' })
    expect(merchant.received()).toMatchObject({
      messageType: 'CRes',
      acsTransID,
      threeDSServerTransID,
      transStatus: 'Y',
    })
    expect((await shop.see(order)).rreq).toMatchObject({ transStatus: 'Y', eci: '05', acsTransID })
  })
}
