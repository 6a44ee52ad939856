'use server'

import { redirect } from 'next/navigation'
import {
  type Answer,
  cancelChallenge,
  checkForAnswer,
  chooseLanguage,
  chooseMethod,
  finishChallenge,
  loseContact,
  resendCode,
  submitAnswer,
  wantOtherMethod,
} from '#server/challenge/submit.ts'
import { isFormOf } from '#server/challenge/view.ts'
import {
  confirmContact,
  giveAnotherContact,
  giveContact,
  proveFacts,
  resendToContact,
} from '#server/registration/register.ts'

// Each action is a plain form post, so nothing in the form is trusted: key and token are checked here, and the state of
// the challenge decides what happens.

/** The button of the language submits this form too, so that what was typed comes with it. */
export async function submitCode(form: FormData): Promise<never> {
  return answer(form, windowKey => {
    const typed = field(form, 'code')
    if (form.has('language')) return chooseLanguage(windowKey, languageIn(form), typed)
    return submitAnswer(windowKey, typed, field(form, 'trust') === 'yes')
  })
}

/** The script fills in the authenticator's response. */
export async function submitPasskey(form: FormData): Promise<never> {
  const trust = form instanceof FormData && field(form, 'trust') === 'yes'
  return answer(form, windowKey => submitAnswer(windowKey, field(form, 'credential'), trust))
}

export async function usePasskey(form: FormData): Promise<never> {
  return answer(form, windowKey => chooseMethod(windowKey, ['passkey']))
}

export async function submitFacts(form: FormData): Promise<never> {
  return answer(form, windowKey => {
    const [first, year, month, day] = ['first', 'year', 'month', 'day'].map(name => field(form, name))
    return proveFacts(windowKey, { first: first ?? '', year: year ?? '', month: month ?? '', day: day ?? '' })
  })
}

export async function submitEmail(form: FormData): Promise<never> {
  return answer(form, windowKey => giveContact(windowKey, 'email', field(form, 'email')))
}

export async function submitMobile(form: FormData): Promise<never> {
  return answer(form, windowKey => giveContact(windowKey, 'mobile', field(form, 'mobile')))
}

export async function submitContactCode(form: FormData): Promise<never> {
  return answer(form, windowKey => confirmContact(windowKey, field(form, 'code')))
}

export async function sendNewContactCode(form: FormData): Promise<never> {
  return answer(form, resendToContact)
}

export async function enterAnotherContact(form: FormData): Promise<never> {
  return answer(form, giveAnotherContact)
}

export async function sendNewCode(form: FormData): Promise<never> {
  return answer(form, resendCode)
}

export async function submitMethod(form: FormData): Promise<never> {
  return answer(form, windowKey => chooseMethod(windowKey, field(form, 'method').split(',')))
}

export async function chooseAgain(form: FormData): Promise<never> {
  return answer(form, wantOtherMethod)
}

export async function sendCodeInstead(form: FormData): Promise<never> {
  return answer(form, windowKey => chooseMethod(windowKey, 'code'))
}

export async function goOn(form: FormData): Promise<never> {
  return answer(form, checkForAnswer)
}

/** After the challenge: tries to send the result; then the page leads back to the merchant. */
export async function finish(form: FormData): Promise<never> {
  return answer(form, finishChallenge)
}

export async function cancelPurchase(form: FormData): Promise<never> {
  return answer(form, cancelChallenge)
}

export async function noLongerHaveContact(form: FormData): Promise<never> {
  return answer(form, windowKey => loseContact(windowKey, field(form, 'contact') === 'email' ? 'email' : 'sms'))
}

export async function switchLanguage(form: FormData): Promise<never> {
  return answer(form, windowKey => chooseLanguage(windowKey, languageIn(form)))
}

async function answer(form: FormData, take: (windowKey: string) => Promise<Answer>): Promise<never> {
  // A caller may post something other than a form.
  if (!(form instanceof FormData)) return redirect('/acs/challenge/unknown')
  const windowKey = field(form, 'windowKey')
  const own = await isFormOf(windowKey, field(form, 'formToken'))
  const { kind } = own ? await take(windowKey) : ({ kind: 'unknown' } as const)
  switch (kind) {
    case 'asking':
      return redirect(`/acs/challenge/${windowKey}`)
    case 'ended':
      return redirect(`/acs/challenge/${windowKey}/return`)
    case 'unknown':
      return redirect('/acs/challenge/unknown')
  }
}

function languageIn(form: FormData) {
  return field(form, 'language') === 'en' ? 'en' : 'ja'
}

function field(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}
