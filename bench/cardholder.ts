import { setTimeout as pause } from 'node:timers/promises'
import { encode } from '../demo/shop/base64url.ts'
import type { Deployment } from './deployment.ts'

/** The last e-mail to an address that is not read yet, taken out of the post. */
export type Post = Map<string, string>

/** One purchase that the merchant wants challenged, and what a browser would do about it, by HTTP alone. */
export interface Customer {
  readonly card: string
  readonly email: string
}

/** Longest wait for the e-mail with the code, milliseconds. */
const patience = 20_000

/** AReq with indicator 04, then the CReq as a merchant's page posts it. The address of the window that opens. */
export async function openWindow({ origins }: Deployment, { card }: Customer): Promise<string> {
  const order = { card, amount: 1200, currency: 'JPY', locale: 'ja', challengeInd: '04', messageVersion: '2.2.0' }
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${origins.shop}/api/orders`, { method: 'POST', headers, body: JSON.stringify(order) })
  const { ares } = (await answer.json()) as { ares: Readonly<Record<string, string>> }
  if (ares.transStatus !== 'C') throw new Error(`The AReq should be answered C, but it is: ${JSON.stringify(ares)}`)
  const { messageVersion, threeDSServerTransID, acsTransID, acsURL = '' } = ares
  const creq = encode({
    ...{ messageType: 'CReq', messageVersion, threeDSServerTransID, acsTransID, challengeWindowSize: '02' },
  })
  const opened = await fetch(acsURL, { method: 'POST', body: new URLSearchParams({ creq }), redirect: 'manual' })
  return placeOf(opened, origins.web)
}

/** A whole challenge: window opened, page read, code taken from the e-mail and sent, page that leads back read. */
export async function passChallenge(deployment: Deployment, customer: Customer, post: Post): Promise<void> {
  const { web } = deployment.origins
  const window = await openWindow(deployment, customer)
  const page = await (await fetch(window)).text()
  const form = codeForm(page)
  form.set('code', await codeFor(customer.email, post))
  const answered = await fetch(window, { method: 'POST', body: form, headers: { origin: web }, redirect: 'manual' })
  const leadingBack = await (await fetch(placeOf(answered, web))).text()
  const cres = /name="cres" value="([^"]+)"/.exec(leadingBack)?.[1] ?? ''
  const { transStatus } = JSON.parse(Buffer.from(cres, 'base64url').toString('utf8') || '{}')
  if (transStatus !== 'Y') throw new Error(`The challenge should end with Y, but it ends with ${transStatus}`)
}

function placeOf(response: Response, origin: string): string {
  const location = response.headers.get('location')
  if (response.status !== 303 || !location)
    throw new Error(`Expected a 303, got ${response.status} from ${response.url}`)
  return new URL(location, origin).href
}

/** What a browser would send with the form that asks for the code. */
function codeForm(page: string): FormData {
  const form = page.match(/<form[\s\S]*?<\/form>/g)?.find(each => each.includes('name="code"'))
  if (!form) throw new Error('The page has no form for the code')
  const data = new FormData()
  for (const [input] of form.matchAll(/<input type="hidden"[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? ''
    data.set(attribute('name'), attribute('value'))
  }
  return data
}

async function codeFor(email: string, post: Post): Promise<string> {
  for (const end = performance.now() + patience; performance.now() < end; await pause(20)) {
    const code = /\d{6}/.exec(post.get(email) ?? '')?.[0]
    post.delete(email)
    if (code) return code
  }
  throw new Error(`No code came to ${email} within ${patience / 1000} s`)
}
