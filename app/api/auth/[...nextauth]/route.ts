import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { log } from '#server/platform/log.ts'
import { authOptions, sessionCookie } from '../../../[locale]/account/next-auth.ts'

interface Context {
  readonly params: Promise<{ nextauth: string[] }>
}

/** What the account's pages ask for. Sign-in and sign-out are ours, and next-auth's pages are in one language. */
const served = new Set(['GET session', 'GET csrf', 'POST session'])

/** next-auth's own routes. The options are made per request, because the keys may have changed. */
async function handler(request: NextRequest, context: Context): Promise<Response> {
  const { nextauth } = await context.params
  if (!served.has(`${request.method} ${nextauth.join('/')}`)) return new Response(null, { status: 404 })
  const failures: unknown[] = []
  const options = await authOptions(error => failures.push(error))
  const response: Response = await NextAuth(request, context, options)
  if (failures.length === 0) return withoutSession(response)
  // next-auth takes a session that cannot be looked up for one that has ended, and would delete its cookie.
  log.error('web.failed', { error: failures[0] })
  return new Response(null, { status: 503 })
}

/**
 * next-auth sets the session's cookie again with each answer. One that arrives after a sign-in or a step-up in the same browser
 * would bring back the secret that was replaced there.
 */
function withoutSession(response: Response): Response {
  const cookies = response.headers.getSetCookie().filter(cookie => !cookie.startsWith(`${sessionCookie.name}=`))
  response.headers.delete('set-cookie')
  for (const cookie of cookies) response.headers.append('set-cookie', cookie)
  return response
}

export { handler as GET, handler as POST }
