import { isSessionData, openChallenge } from '#server/challenge/open.ts'
import { errorPost } from '#server/challenge/view.ts'
import { answerApp } from '#server/channels/app/answer-app.ts'
import { receiveAppErro } from '#server/channels/app/app-error.ts'
import { nonceHeader, openedAsHeader } from '#server/platform/csp.ts'
import { windowFailurePage } from '#server/web/window-failure-page.ts'

/** Receives a CReq (EMV 3DS table A.3): from a merchant's page as a form, from an app's SDK as a JWE. */
export async function POST(request: Request): Promise<Response> {
  const type = request.headers.get('content-type') ?? ''
  if (/^application\/json\b/i.test(type)) return fromBrokenApp(request)
  return /^application\/jose\b/i.test(type) ? fromApp(request) : fromMerchant(request)
}

/** Receives an Erro of the SDK, and acknowledges it. */
async function fromBrokenApp(request: Request): Promise<Response> {
  await receiveAppErro(new Uint8Array(await request.arrayBuffer()))
  return new Response(null, { status: 200 })
}

/** The SDK gets its CRes encrypted, and an Erro in clear text. */
async function fromApp(request: Request): Promise<Response> {
  const reply = await answerApp(new Uint8Array(await request.arrayBuffer()))
  return reply.kind === 'jwe'
    ? new Response(reply.jwe, { headers: { ...reply.headers, 'content-type': 'application/jose; charset=utf-8' } })
    : new Response(JSON.stringify(reply.erro), { headers: { 'content-type': 'application/json; charset=utf-8' } })
}

/** A merchant's page posts the CReq: 303 to the window, or an error page. */
async function fromMerchant(request: Request): Promise<Response> {
  const form = await request.formData()
  const creq = form.get('creq')
  const sessionData = form.get('threeDSSessionData')
  const openedAs = request.headers.get(openedAsHeader)
  const opened = await openChallenge(
    typeof creq === 'string' ? creq : '',
    typeof sessionData === 'string' ? sessionData : undefined,
    openedAs === 'page' || openedAs === 'frame' ? openedAs : null,
  )
  if (opened.kind === 'window') {
    return new Response(null, { status: 303, headers: { location: `/acs/challenge/${opened.windowKey}` } })
  }
  const { forMerchant } = opened
  const session =
    typeof sessionData === 'string' && isSessionData(sessionData) ? { threeDSSessionData: sessionData } : {}
  const post = forMerchant && errorPost(forMerchant.row, forMerchant.erro, session)
  return new Response(windowFailurePage(request.headers.get(nonceHeader) ?? '', post), {
    status: 400,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })
}
