'use server'

import { pageOf } from '#domain/account/form.ts'
import { signInCodeForm, signInForm, signInStepForm } from '#domain/account/sign-in-forms.ts'
import { forgetCode, resendCode } from '#server/account/confirmations.ts'
import { beginSignIn, signInByCode } from '#server/account/sign-in.ts'
import { submitInVisit } from '../action.ts'
import { errorOf } from '../code-errors.ts'
import { keepSession } from '../cookies.ts'
import { device, visitor } from '../visitor.ts'

export async function submitAddress(form: FormData): Promise<never> {
  return submitInVisit(form, signInForm, async ({ email }) => {
    const begun = await beginSignIn(await visitor(), email)
    return begun.kind === 'sent' ? here(form) : errorOf(begun, 'email')
  })
}

export async function submitCode(form: FormData): Promise<never> {
  return submitInVisit(form, signInCodeForm, async ({ code }) => {
    const signedIn = await signInByCode(await visitor(), await device(), code)
    if (signedIn.kind !== 'signed-in') return signedIn.kind === 'unknown' ? here(form) : errorOf(signedIn, 'code')
    await keepSession(signedIn.token)
    return { kind: 'done', page: afterwards(form) }
  })
}

export async function sendAnother(form: FormData): Promise<never> {
  return submitInVisit(form, signInStepForm, async () => {
    const resent = await resendCode(await visitor(), 'sign-in')
    if (resent.kind === 'sent') return { ...here(form), notice: 'code-resent-if' }
    return resent.kind === 'unknown' ? here(form) : errorOf(resent, 'form')
  })
}

export async function takeAnotherAddress(form: FormData): Promise<never> {
  return submitInVisit(form, signInStepForm, async () => {
    await forgetCode((await visitor()).visit, 'sign-in')
    return here(form)
  })
}

/** Back to the same page, which shows the current step. */
function here(form: FormData) {
  return { kind: 'done', page: `sign-in/${afterwards(form)}`.replace(/\/$/, '') } as const
}

/** The page that the visitor wanted to see. */
function afterwards(form: FormData): string {
  const page = form instanceof FormData ? form.get('page') : null
  return typeof page === 'string' && page.startsWith('sign-in/') ? pageOf(page.split('/').slice(1)) : ''
}
