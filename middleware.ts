import { type NextRequest, NextResponse } from 'next/server'
import { chooseLanguage, ourLanguage } from '#messages/choose-language.ts'

/** Pages that once had another address, or that people type by guess. */
const moved: Readonly<Record<string, string>> = {
  '/faq': '/help',
  '/home': '',
  '/index': '',
  '/tos': '/terms',
  '/terms-and-conditions': '/terms',
  '/privacy-policy': '/privacy',
}

/** Only addresses without one of our languages come here: static pages are served without it. */
export default function middleware(request: NextRequest): NextResponse {
  const { pathname } = request.nextUrl
  // A language that we do not have, or have under a shorter name: the same page in one that we have.
  const [, hmac, rest = ''] = /^\/([a-z]{2,3}(?:[-_][a-z0-9]{2,8})*)(\/.*)?$/i.exec(pathname) ?? []
  const named = hmac && !(pathname in moved) && isLanguage(hmac)
  const path = named ? rest : pathname
  const chosen = () => chooseLanguage(request.cookies.get('language')?.value, request.headers.get('accept-language'))
  const language = (named && ourLanguage(hmac)) || chosen()
  const address = `/${language}${moved[path.toLowerCase()] ?? path}`.replace(/\/+$/, '')
  // Next.js sends it as a relative address, so the name that the proxy in front of us has does not matter.
  return NextResponse.redirect(new URL(address, request.url))
}

function isLanguage(hmac: string): boolean {
  try {
    const name = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(hmac.replaceAll('_', '-'))
    return name !== undefined
  } catch {
    return false
  }
}

export const config = { matcher: '/((?!ja(?:/|$)|en(?:/|$)|acs(?:/|$)|api/|health/|_next/|.*\\..*).*)' }
