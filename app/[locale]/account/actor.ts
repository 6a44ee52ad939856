import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { cache } from 'react'
import { pageOf } from '#domain/account/form.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { Actor } from '#server/account/actor.ts'
import { resumeSession } from '#server/account/sessions.ts'
import { pathHeader } from '#server/platform/csp.ts'
import { currentToken } from './cookies.ts'

/** The signed-in cardholder, looked up once per request; undefined if the visitor is not signed in. */
export const currentActor = cache(async (): Promise<Actor | undefined> => {
  const token = await currentToken()
  return token && resumeSession(token)
})

/**
 * The signed-in cardholder, for pages. Redirects a visitor who is not signed in to sign-in, which leads back to this
 * page.
 */
export async function requireActor(locale: Language): Promise<Actor> {
  return (await currentActor()) ?? redirect(signInFor(locale, await currentPage(locale)))
}

/**
 * The address of the sign-in that leads to `page` (below /account). `page` is part of the path, because no address has
 * a query.
 */
export function signInFor(locale: Language, page: string): string {
  return below(locale, 'sign-in', page)
}

/**
 * The address where a signed-in cardholder authenticates strongly, by a passkey or a code by text message, before
 * `page`.
 */
export function confirmFor(locale: Language, page: string): string {
  return below(locale, 'confirm', page)
}

/** The address that redirects to the issuer's identity provider, and from there to `page`. */
export function providerFor(locale: Language, purpose: 'sign-in' | 'confirm', page: string): string {
  return below(locale, 'identity-provider', 'start', purpose, page)
}

/** The address that a browser without cookies is redirected to, with a link back to `page`. */
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
