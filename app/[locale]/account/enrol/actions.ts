'use server'

import type { ConfirmationPurpose } from '#domain/account/confirmation.ts'
import {
  activationForm,
  addressCodeForm,
  addressForm,
  enrolStepForm,
  factsForm,
  proofChoiceForm,
  proofCodeForm,
  termsForm,
} from '#domain/account/enrolment-forms.ts'
import { effectiveTerms } from '#domain/terms/versions.ts'
import { agree } from '#server/account/agree.ts'
import { forgetCode, resendCode } from '#server/account/confirmations.ts'
import {
  beginEnrolment,
  confirmAddress,
  giveAddress,
  giveAnotherAddress,
  proveByCode,
  proveByFacts,
  sendProof,
} from '#server/account/enrol.ts'
import { now } from '#server/platform/clock.ts'
import { type FormOutcome, submitInVisit } from '../action.ts'
import { errorOf } from '../code-errors.ts'
import { keepSession } from '../cookies.ts'
import { device, visitor } from '../visitor.ts'

/** Back to the same page, which shows the current step. */
const here = { kind: 'done', page: 'enrol' } as const

export async function submitActivationCode(form: FormData): Promise<never> {
  return submitInVisit(form, activationForm, async ({ activationCode }) => {
    const begun = await beginEnrolment(await visitor(), activationCode)
    if (begun.kind === 'went-on') return here
    if (begun.kind === 'limited') return errorOf(begun, 'activationCode')
    return { kind: 'errors', errors: { activationCode: { id: begun.kind } } }
  })
}

export async function chooseProof(form: FormData): Promise<never> {
  return submitInVisit(form, proofChoiceForm, async ({ proof }) => {
    const begun = await sendProof(await visitor(), proof)
    return begun.kind === 'sent' || begun.kind === 'out-of-order' ? here : errorOf(begun, 'form')
  })
}

export async function submitProofCode(form: FormData): Promise<never> {
  return submitInVisit(form, proofCodeForm, async ({ code }) => afterCode(await proveByCode(await visitor(), code)))
}

export async function submitFacts(form: FormData): Promise<never> {
  return submitInVisit(form, factsForm, async ({ debitAccountLastFour, birthYear, birthMonth, birthDay }) => {
    const dateOfBirth = [birthYear, birthMonth.padStart(2, '0'), birthDay.padStart(2, '0')].join('-')
    const proven = await proveByFacts(await visitor(), { debitAccountLastFour, dateOfBirth })
    if (proven.kind === 'facts-wrong') return { kind: 'errors', errors: { form: { id: 'facts-wrong' } } }
    return proven.kind === 'limited' ? { kind: 'errors', errors: { form: { id: 'facts-spent' } } } : here
  })
}

export async function submitAddress(form: FormData): Promise<never> {
  return submitInVisit(form, addressForm, async ({ email }) => {
    const given = await giveAddress(await visitor(), email)
    return given.kind === 'sent' || given.kind === 'out-of-order' ? here : errorOf(given, 'email')
  })
}

export async function submitAddressCode(form: FormData): Promise<never> {
  return submitInVisit(form, addressCodeForm, async ({ code }) =>
    afterCode(await confirmAddress(await visitor(), code)),
  )
}

export async function sendAnotherProof(form: FormData): Promise<never> {
  return sendAnother(form, 'enrolment-proof')
}

export async function sendAnotherToAddress(form: FormData): Promise<never> {
  return sendAnother(form, 'enrolment-email')
}

/** Returns to the choice of where the second proof's code is sent. */
export async function sendElsewhere(form: FormData): Promise<never> {
  return submitInVisit(form, enrolStepForm, async () => {
    await forgetCode((await visitor()).visit, 'enrolment-proof')
    return here
  })
}

export async function takeAnotherAddress(form: FormData): Promise<never> {
  return submitInVisit(form, enrolStepForm, async () => {
    await giveAnotherAddress(await visitor())
    return here
  })
}

export async function acceptTerms(form: FormData): Promise<never> {
  return submitInVisit(form, termsForm, async ({ version }) => {
    // Another version may have become effective since the page was shown; the page then shows that one.
    if (version !== effectiveTerms(now())) return here
    const agreed = await agree(await visitor(), await device(), version)
    if (agreed.kind === 'out-of-order') return here
    if (agreed.kind === 'overtaken') return { ...here, notice: 'overtaken' }
    await keepSession(agreed.token)
    return { kind: 'done', page: 'passkeys', notice: 'enrolled' }
  })
}

async function sendAnother(form: FormData, purpose: ConfirmationPurpose): Promise<never> {
  return submitInVisit(form, enrolStepForm, async () => {
    const resent = await resendCode(await visitor(), purpose)
    if (resent.kind === 'sent') return { ...here, notice: 'code-resent' }
    return resent.kind === 'unknown' ? here : errorOf(resent, 'form')
  })
}

function afterCode(answer: Awaited<ReturnType<typeof proveByCode>>): FormOutcome {
  const onward = answer.kind === 'went-on' || answer.kind === 'out-of-order' || answer.kind === 'unknown'
  return onward ? here : errorOf(answer, 'code')
}
