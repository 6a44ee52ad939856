import { setTimeout as pause } from 'node:timers/promises'
import { encode } from '../demo/shop/base64url.ts'
import type { Deployment } from './deployment.ts'
import { formIn, placeOf } from './forms.ts'

/** The last unread e-mail to each address; reading removes it. */
export type Post = Map<string, string>

/** A cardholder who pays. The functions below do over HTTP what a browser would do for a challenged purchase. */
export interface Customer {
  readonly card: string
  readonly email: string
}

/** Longest wait for the e-mail with the code, milliseconds. */
const patience = 20_000

/** Sends an AReq with indicator 04. Returns the CReq for the window, in base64url, and where to post it. */
export async function announceChallenge(
  { origins }: Deployment,
  { card }: Customer,
): Promise<{ readonly acsURL: string; readonly creq: string }> {
  const order = { card, amount: 1200, currency: 'JPY', locale: 'ja', challengeInd: '04', messageVersion: '2.2.0' }
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${origins.shop}/api/orders`, { method: 'POST', headers, body: JSON.stringify(order) })
  const { ares } = (await answer.json()) as { ares: Readonly<Record<string, string>> }
  if (ares.transStatus !== 'C') throw new Error(`The AReq should be answered C, but it is: ${JSON.stringify(ares)}`)
  const { messageVersion, threeDSServerTransID, acsTransID, acsURL = '' } = ares
  const creq = encode({
    ...{ messageType: 'CReq', messageVersion, threeDSServerTransID, acsTransID, challengeWindowSize: '02' },
  })
  return { acsURL, creq }
}

/** Begins a challenge and posts its CReq as a merchant's page does. Returns the address of the opened window. */
export async function openWindow(deployment: Deployment, customer: Customer): Promise<string> {
  const { acsURL, creq } = await announceChallenge(deployment, customer)
  const opened = await fetch(acsURL, { method: 'POST', body: new URLSearchParams({ creq }), redirect: 'manual' })
  return placeOf(opened, deployment.origins.web)
}

/**
 * Passes a whole challenge: opens the window, reads its page, sends the code from the e-mail, and reads the page that
 * leads back.
 */
export async function passChallenge(deployment: Deployment, customer: Customer, post: Post): Promise<void> {
  const { web } = deployment.origins
  const window = await openWindow(deployment, customer)
  const page = await (await fetch(window)).text()
  const form = formIn(page, 'code')
  form.set('code', await codeFor(customer.email, post))
  const answered = await fetch(window, { method: 'POST', body: form, headers: { origin: web }, redirect: 'manual' })
  const leadingBack = await (await fetch(placeOf(answered, web))).text()
  const cres = /name="cres" value="([^"]+)"/.exec(leadingBack)?.[1] ?? ''
  const { transStatus } = JSON.parse(Buffer.from(cres, 'base64url').toString('utf8') || '{}')
  if (transStatus !== 'Y') throw new Error(`The challenge should end with Y, but it ends with ${transStatus}`)
}

async function codeFor(email: string, post: Post): Promise<string> {
  for (const end = performance.now() + patience; performance.now() < end; await pause(20)) {
    const code = /(?<![\w-])\d{6}(?![\w-])/.exec(post.get(email) ?? '')?.[0]
    post.delete(email)
    if (code) return code
  }
  throw new Error(`No code came to ${email} within ${patience / 1000} s`)
}
