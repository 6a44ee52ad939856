import { isSessionData, openChallenge } from '#server/acs/open-challenge.ts'
import { errorPost } from '#server/acs/show-window.ts'
import { nonceHeader } from '#server/platform/csp.ts'
import { errorPage } from './error-page.ts'

/** A merchant's page posts the CReq (EMV 3DS table A.3): 303 to the window, or an error page. */
export async function POST(request: Request): Promise<Response> {
  const form = await request.formData()
  const creq = form.get('creq')
  const sessionData = form.get('threeDSSessionData')
  const opened = await openChallenge(
    typeof creq === 'string' ? creq : '',
    typeof sessionData === 'string' ? sessionData : undefined,
  )
  if (opened.kind === 'window') {
    return new Response(null, { status: 303, headers: { location: `/acs/challenge/${opened.windowKey}` } })
  }
  const { forMerchant } = opened
  const session =
    typeof sessionData === 'string' && isSessionData(sessionData) ? { threeDSSessionData: sessionData } : {}
  const post = forMerchant && errorPost(forMerchant.row, forMerchant.erro, session)
  return new Response(errorPage(request.headers.get(nonceHeader) ?? '', post), {
    status: 400,
    headers: { 'content-type': 'text/html; charset=utf-8' },
  })
}
