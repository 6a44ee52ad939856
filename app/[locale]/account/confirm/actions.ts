'use server'

import { confirmCodeForm, confirmStepForm } from '#domain/account/confirm-forms.ts'
import { pageOf } from '#domain/account/form.ts'
import { confirmByCode, sendConfirmingCode } from '#server/account/confirm.ts'
import { resendCode } from '#server/account/confirmations.ts'
import { submit } from '../action.ts'
import { errorOf } from '../code-errors.ts'
import { keepSession } from '../cookies.ts'
import { visitor } from '../visitor.ts'

export async function sendCode(form: FormData): Promise<never> {
  return submit(form, confirmStepForm, async actor => {
    const begun = await sendConfirmingCode(await visitor(), actor)
    if (begun.kind === 'no-number') return { kind: 'errors', errors: { form: { id: 'no-number' } } }
    return begun.kind === 'sent' ? here(form) : errorOf(begun, 'form')
  })
}

export async function submitCode(form: FormData): Promise<never> {
  return submit(form, confirmCodeForm, async (actor, { code }) => {
    const confirmed = await confirmByCode(await visitor(), actor, code)
    if (confirmed.kind !== 'fresh') return confirmed.kind === 'unknown' ? here(form) : errorOf(confirmed, 'code')
    await keepSession(confirmed.token)
    return { kind: 'done', page: afterwards(form) }
  })
}

export async function sendAnother(form: FormData): Promise<never> {
  return submit(form, confirmStepForm, async ({ sessionId }) => {
    const resent = await resendCode({ ...(await visitor()), session: sessionId }, 'confirm')
    if (resent.kind === 'sent') return { ...here(form), notice: 'code-resent' }
    return resent.kind === 'unknown' ? here(form) : errorOf(resent, 'form')
  })
}

function here(form: FormData) {
  return { kind: 'done', page: `confirm/${afterwards(form)}`.replace(/\/$/, '') } as const
}

/** The page that the cardholder was going to. */
function afterwards(form: FormData): string {
  const page = form instanceof FormData ? form.get('page') : null
  return typeof page === 'string' && page.startsWith('confirm/') ? pageOf(page.split('/').slice(1)) : ''
}
