import { redirect } from 'next/navigation'
import type { z } from 'zod'
import { allows } from '#domain/account/assurance.ts'
import {
  type Draft,
  errorsOf,
  type FieldError,
  type FormDefinition,
  fieldsOf,
  pageOf,
  textsOf,
} from '#domain/account/form.ts'
import type { Language } from '#domain/kernel/language.ts'
import type { Actor } from '#server/account/actor.ts'
import { forgetDraft, saveDraft } from '#server/account/drafts.ts'
import { endOfSession } from '#server/account/sessions.ts'
import { now } from '#server/platform/clock.ts'
import { addressOf, confirmFor, cookiesNeededFor, currentActor, signInFor } from './actor.ts'
import { currentToken, currentVisit, ensureVisit, hasCookies } from './cookies.ts'

/** The result of a posted form. */
export type FormOutcome =
  /** Redirect to a page below /account, which shows `notice` once. */
  | { readonly kind: 'done'; readonly page: string; readonly notice?: string }
  /** A field was rejected: redirect back to the form, with the input. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, FieldError>> }
  /** The session does not permit it: redirect to strong authentication, then back to the form, with the input. */
  | { readonly kind: 'stronger-authentication-needed' }

/**
 * Handles a posted form of the account. A caller who has to sign in or to authenticate strongly first comes back to the
 * form and finds the input there. Every response is a redirect, so that a reload posts nothing again.
 */
export async function submit<Schema extends z.ZodObject>(
  form: FormData,
  definition: FormDefinition<Schema>,
  take: (actor: Actor, values: z.infer<Schema>) => Promise<FormOutcome>,
): Promise<never> {
  const locale = localeOf(form)
  const actor = await currentActor()
  if (!actor) {
    const page = pageOfForm(form, definition)
    // After a sign-out, here or elsewhere, the next visitor may be another person: only input of an expired session is
    // kept.
    const token = await currentToken()
    const expired = token !== undefined && (await endOfSession(token)) !== 'ended'
    if (expired) await keepTyped(form, definition, {})
    await leaveNotice(`sign-in/${page}`, expired ? 'not-sent-typed-kept' : 'not-sent-signed-out')
    return redirect(signInFor(locale, page))
  }
  if (!allows(definition.operation, actor, now())) {
    await keepTyped(form, definition, {})
    return redirect(confirmFor(locale, pageOfForm(form, definition)))
  }
  return submitUnsigned(form, definition, values => take(actor, values))
}

/** The same for a form of a sign-in or an enrolment, whose steps are linked by the visit cookie. */
export async function submitInVisit<Schema extends z.ZodObject>(
  form: FormData,
  definition: FormDefinition<Schema>,
  take: (values: z.infer<Schema>) => Promise<FormOutcome>,
): Promise<never> {
  if (!(await hasCookies())) return redirect(cookiesNeededFor(localeOf(form), pageOfForm(form, definition)))
  return submitUnsigned(form, definition, take)
}

/** The same for a form that needs neither a session nor a visit. */
export async function submitUnsigned<Schema extends z.ZodObject>(
  form: FormData,
  definition: FormDefinition<Schema>,
  take: (values: z.infer<Schema>) => Promise<FormOutcome>,
): Promise<never> {
  const locale = localeOf(form)
  const cookies = await hasCookies()
  const outcome = await formOutcome(form, definition, take)
  switch (outcome.kind) {
    case 'errors':
      // Without a cookie the page could not show the errors.
      if (!cookies) return redirect(cookiesNeededFor(locale, pageOfForm(form, definition)))
      await keepTyped(form, definition, outcome.errors)
      await forgetNotice(pageOfForm(form, definition))
      return redirect(addressOf(locale, pageOfForm(form, definition)))
    case 'stronger-authentication-needed':
      await keepTyped(form, definition, {})
      return redirect(confirmFor(locale, pageOfForm(form, definition)))
    case 'done': {
      const visit = await currentVisit()
      if (visit) await forgetDraft(visit, definition.name)
      if (outcome.notice) await leaveNotice(outcome.page, outcome.notice)
      return redirect(addressOf(locale, outcome.page))
    }
  }
}

async function formOutcome<Schema extends z.ZodObject>(
  form: FormData,
  { schema }: FormDefinition<Schema>,
  take: (values: z.infer<Schema>) => Promise<FormOutcome>,
): Promise<FormOutcome> {
  // A caller may post something other than a form.
  const texts = form instanceof FormData ? textsOf(form, fieldsOf(schema)) : {}
  const parsed = await schema.safeParseAsync(texts)
  return parsed.success ? take(parsed.data) : { kind: 'errors', errors: errorsOf(parsed.error) }
}

/** The language of the form's page. */
export function localeOf(form: FormData): Language {
  return form instanceof FormData && form.get('locale') === 'en' ? 'en' : 'ja'
}

/** The page of the form: the definition's own, or the page below it that the form names. */
function pageOfForm(form: FormData, { page }: FormDefinition): string {
  const named = form instanceof FormData ? form.get('page') : null
  const below = typeof named === 'string' && named.startsWith(`${page}/`) ? pageOf(named.split('/')) : ''
  return below || page
}

async function keepTyped(form: FormData, { name, schema, secret = [] }: FormDefinition, errors: Draft['errors']) {
  const kept = fieldsOf(schema).filter(field => !secret.includes(field))
  const values = form instanceof FormData ? textsOf(form, kept) : {}
  await saveDraft(await ensureVisit(), name, { values, errors })
}

/** How long a notice waits for its page, in milliseconds. The page follows at once, unless a sign-in comes first. */
const noticeTime = 60_000

/** Leaves a notice for the next time that a page is shown in this browser. */
export async function leaveNotice(page: string, notice: string): Promise<void> {
  await saveDraft(await ensureVisit(), `notice:${page}`, { values: { notice }, errors: {} }, noticeTime)
}

/** The errors of a page must not stand beside what was done before. */
async function forgetNotice(page: string): Promise<void> {
  const visit = await currentVisit()
  if (visit) await forgetDraft(visit, `notice:${page}`)
}
