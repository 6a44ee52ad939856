import type { NextRequest } from 'next/server'
import NextAuth from 'next-auth'
import { log } from '#server/platform/log.ts'
import { authOptions } from '../../../[locale]/account/next-auth.ts'

interface Context {
  readonly params: Promise<{ nextauth: string[] }>
}

/** next-auth's own routes. The options are made per request, because the keys may have changed. */
async function handler(request: NextRequest, context: Context): Promise<Response> {
  const failures: unknown[] = []
  const options = await authOptions(error => failures.push(error))
  const response: Response = await NextAuth(request, context, options)
  if (failures.length === 0) return response
  // next-auth takes a session that cannot be looked up for one that has ended, and would delete its cookie.
  log.error('web.failed', { error: failures[0] })
  return new Response(null, { status: 503 })
}

export { handler as GET, handler as POST }
