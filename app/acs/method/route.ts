import { addTimeZoneToMethod, recordMethod } from '#server/authentication/three-ds-method.ts'
import { methodPolicy, nonceHeader, nothingPolicy } from '#server/platform/csp.ts'
import { type Html, html } from '#server/platform/html.ts'
import { words } from '#server/platform/words.ts'

/** Half a year, in seconds. */
const referenceKept = 15_552_000

/**
 * The 3DS Method (EMV 3DS table A.3): the request of a hidden frame in a merchant's page, and what our script in it
 * adds.
 */
export async function POST(request: Request): Promise<Response> {
  const form = await request.formData()
  const field = (name: string) => {
    const value = form.get(name)
    return typeof value === 'string' ? value : ''
  }
  if (form.has('timeZone')) {
    const added = await addTimeZoneToMethod(field('threeDSServerTransID'), field('pageToken'), field('timeZone'))
    return answer(html``, added ? 200 : 400, nothingPolicy)
  }
  const { headers } = request
  const taken = await recordMethod(field('threeDSMethodData'), {
    userAgent: headers.get('user-agent') ?? undefined,
    origin: headers.get('origin') ?? undefined,
    reference: cookieOf(headers.get('cookie') ?? ''),
  })
  if (taken.kind === 'refused') {
    // No Erro is defined here: the frame is hidden, and the 3DS Server continues without us.
    const text = (['ja', 'en'] as const).map(language => words(language)('httpErrors.400')).join(' / ')
    return answer(html`<!doctype html><title>${text}</title><p>${text}</p>`, 400, nothingPolicy)
  }
  const nonce = headers.get(nonceHeader) ?? ''
  const { threeDSServerTransID, pageToken } = taken
  const page = html`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>3DS Method</title></head><body>
<form method="post" action="${taken.notificationURL}"><input type="hidden" name="threeDSMethodData" value="${taken.answer}"></form>
<script src="/method.js" nonce="${nonce}" data-id="${threeDSServerTransID}" data-token="${pageToken}"></script>
</body></html>`
  const response = answer(page, 200, methodPolicy(nonce, taken.notificationOrigin))
  if (taken.reference) {
    const attributes = `Path=/acs/method; Max-Age=${referenceKept}; Secure; HttpOnly; SameSite=None; Partitioned`
    response.headers.append('set-cookie', `device=${taken.reference}; ${attributes}`)
  }
  return response
}

function answer(body: Html, status: number, policy: string): Response {
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy }
  return new Response(String(body), { status, headers })
}

function cookieOf(cookies: string): string | undefined {
  return /(?:^|;\s*)device=([^;]+)/.exec(cookies)?.[1]
}
