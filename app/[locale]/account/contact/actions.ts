'use server'

import {
  cancelChangeForm,
  confirmContactForm,
  emailStepForm,
  mobileStepForm,
  newEmailCodeForm,
  newEmailForm,
  newMobileCodeForm,
  newMobileForm,
  resolveForm,
  stopMobileForm,
  testCodeForm,
} from '#domain/account/contact-forms.ts'
import type { ContactKind } from '#domain/contact/change.ts'
import {
  type Confirmed,
  cancelChange,
  confirmChange,
  type Requested,
  requestChange,
  resendChangeCode,
  stopMobile,
} from '#server/account/change-contact.ts'
import { confirmRegistered } from '#server/account/confirm-registered.ts'
import { resolveOwnReport } from '#server/account/resolve-report.ts'
import { sendTestCode } from '#server/account/test-code.ts'
import { type FormOutcome, submit } from '../action.ts'

// Requesting and cancelling a change need a recent strong authentication; stopping a number does not.

export async function changeEmail(form: FormData): Promise<never> {
  return submit(form, newEmailForm, async (actor, { email }) =>
    asked('email', await requestChange(actor, 'email', email)),
  )
}

export async function changeMobile(form: FormData): Promise<never> {
  return submit(form, newMobileForm, async (actor, { mobile }) =>
    asked('mobile', await requestChange(actor, 'mobile', mobile)),
  )
}

export async function confirmEmail(form: FormData): Promise<never> {
  return submit(form, newEmailCodeForm, async (actor, { code }) =>
    confirmed('email', await confirmChange(actor, 'email', code)),
  )
}

export async function confirmMobile(form: FormData): Promise<never> {
  return submit(form, newMobileCodeForm, async (actor, { code }) =>
    confirmed('mobile', await confirmChange(actor, 'mobile', code)),
  )
}

export async function resendToEmail(form: FormData): Promise<never> {
  return submit(form, emailStepForm, async actor => resent('email', await resendChangeCode(actor, 'email')))
}

export async function resendToMobile(form: FormData): Promise<never> {
  return submit(form, mobileStepForm, async actor => resent('mobile', await resendChangeCode(actor, 'mobile')))
}

export async function callOff(form: FormData): Promise<never> {
  return submit(form, cancelChangeForm, async (actor, { kind }) => {
    const answer = await cancelChange(actor, kind)
    if (answer === 'stronger-authentication-needed') return { kind: answer }
    return { kind: 'done', page: 'contact', notice: answer === 'ended' ? 'change-cancelled' : 'change-over' }
  })
}

export async function confirmOwn(form: FormData): Promise<never> {
  return submit(form, confirmContactForm, async (actor, { kind }) => {
    const answer = await confirmRegistered(actor, kind)
    if (answer.kind === 'stronger-authentication-needed') return { kind: answer.kind }
    if (answer.kind === 'unproved') return { kind: 'errors', errors: { form: { id: 'contact-unproved' } } }
    return { kind: 'done', page: 'contact', notice: answer.kind === 'confirmed' ? 'contact-confirmed' : 'change-over' }
  })
}

export async function stopOldNumber(form: FormData): Promise<never> {
  return submit(form, stopMobileForm, async actor => {
    const { kind } = await stopMobile(actor)
    return { kind: 'done', page: 'contact', ...(kind === 'stopped' && { notice: 'mobile-stopped' }) }
  })
}

export async function resolve(form: FormData): Promise<never> {
  return submit(form, resolveForm, async (actor, { resolution }) => {
    const answer = await resolveOwnReport(actor, resolution)
    return answer.kind === 'resolved' ? { kind: 'done', page: 'contact', notice: 'report-resolved' } : answer
  })
}

export async function sendTest(form: FormData): Promise<never> {
  return submit(form, testCodeForm, async actor => {
    const answer = await sendTestCode(actor)
    if (answer.kind === 'limited')
      return { kind: 'errors', errors: { form: { id: 'limited', values: { until: answer.until } } } }
    if (answer.kind === 'sms-limited') return { kind: 'errors', errors: { form: { id: answer.kind } } }
    return { kind: 'done', page: 'contact/test', notice: answer.kind === 'sent' ? 'test-sent' : 'no-contact' }
  })
}

function asked(kind: ContactKind, answer: Requested): FormOutcome {
  switch (answer.kind) {
    case 'sent':
      return { kind: 'done', page: `contact/${kind}` }
    case 'stronger-authentication-needed':
      return answer
    case 'limited':
      return { kind: 'errors', errors: { [kind]: { id: 'limited-to-day', values: { until: answer.until } } } }
    default:
      return { kind: 'errors', errors: { [kind]: { id: answer.kind } } }
  }
}

function confirmed(kind: ContactKind, { kind: answer, attemptsLeft = 0 }: Confirmed): FormOutcome {
  switch (answer) {
    case 'confirmed':
      return { kind: 'done', page: 'contact', notice: kind === 'email' ? 'email-changed' : 'mobile-confirmed' }
    case 'code-wrong':
      return { kind: 'errors', errors: { code: { id: answer, values: { left: attemptsLeft } } } }
    case 'code-expired':
    case 'code-earlier':
      return { kind: 'errors', errors: { code: { id: answer } } }
    case 'stronger-authentication-needed':
      return { kind: answer }
    case 'attempts-spent':
      return { kind: 'done', page: `contact/${kind}`, notice: 'change-attempts-spent' }
    default:
      // Entered in another tab, cancelled, or too late.
      return { kind: 'done', page: 'contact', notice: 'change-over' }
  }
}

function resent(kind: ContactKind, answer: Awaited<ReturnType<typeof resendChangeCode>>): FormOutcome {
  const page = `contact/${kind}`
  if (answer === 'sent') return { kind: 'done', page, notice: 'code-resent' }
  if (answer === 'stronger-authentication-needed') return { kind: answer }
  if (answer === 'resend-too-soon' || answer === 'resends-spent' || answer === 'sms-limited')
    return { kind: 'errors', errors: { form: { id: answer } } }
  return { kind: 'done', page: 'contact', notice: 'change-over' }
}
