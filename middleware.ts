import createMiddleware from 'next-intl/middleware'
import { routing } from '#messages/routing.ts'

/** Only addresses without a language come here: static pages are served without it. */
export default createMiddleware(routing)

export const config = { matcher: '/((?!ja(?:/|$)|en(?:/|$)|acs(?:/|$)|api/|health/|_next/|.*\\..*).*)' }
