import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { pageOf } from '#domain/account/form.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { Actor } from '#server/account/actor.ts'
import { resumeSession } from '#server/account/sessions.ts'
import { pathHeader } from '#server/platform/csp.ts'
import { currentToken } from './cookies.ts'

/** Who is signed in, asked once a request; undefined when the visitor is not signed in. */
export const currentActor = cache(async (): Promise<Actor | undefined> => {
  const token = await currentToken()
  return token && resumeSession(token)
})

/** For pages: who is signed in. A visitor who is not signed in goes to sign-in and comes back to this page. */
export async function requireActor(locale: Language): Promise<Actor> {
  return (await currentActor()) ?? redirect(signInFor(locale, await currentPage(locale)))
}

/** Where a visitor signs in who wants to see `page` (below /account). It stands in the path: no address has a query. */
export function signInFor(locale: Language, page: string): string {
  return below(locale, 'sign-in', page)
}

/** Where a signed-in cardholder shows a passkey or a code by text message before going on with `page`. */
export function confirmFor(locale: Language, page: string): string {
  return below(locale, 'confirm', page)
}

/** The link that leads to the issuer's identity provider and from there on to `page`. */
export function providerFor(locale: Language, purpose: 'sign-in' | 'confirm', page: string): string {
  return below(locale, 'identity-provider', 'start', purpose, page)
}

/** Where a browser is led that keeps no cookies; from there back to `page`. */
export function cookiesNeededFor(locale: Language, page: string): string {
  return below(locale, 'cookies-needed', page)
}

export function addressOf(locale: Language, page: string): string {
  return below(locale, page)
}

function below(locale: Language, ...parts: readonly string[]): string {
  return ['', locale, 'account', ...parts.filter(part => part !== '')].join('/')
}

async function currentPage(locale: Language): Promise<string> {
  const path = (await headers()).get(pathHeader) ?? ''
  const prefix = below(locale)
  return path.startsWith(`${prefix}/`) ? pageOf(path.slice(prefix.length + 1).split('/')) : ''
}
