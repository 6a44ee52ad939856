import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
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
import { readEnrolment } from '#server/account/enrol.ts'
import { signsInHere } from '#server/account/identity.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../shell/languages.ts'
import { addressOf, currentActor } from '../actor.ts'
import { currentVisit } from '../cookies.ts'
import { titleOf } from '../form/words.ts'
import { AccountPage } from '../shell/account-page.tsx'
import { AddressStep, ConfirmAddressStep, LetterStep, ProofStep, TermsStep } from './steps.tsx'

const definitions = [
  activationForm,
  proofChoiceForm,
  proofCodeForm,
  factsForm,
  addressForm,
  addressCodeForm,
  enrolStepForm,
  termsForm,
]

export async function generateMetadata({ params }: LocaleParams): Promise<Metadata> {
  const locale = await languageOfPage(params)
  const say = await getTranslations({ locale, namespace: 'account.enrol' })
  return { title: await titleOf(locale, `${say('title')} | ${config().issuer.brand.service}`, definitions) }
}

const order = ['letter', 'proving', 'addressing', 'confirming', 'agreeing'] as const

/**
 * Enrolment in online services. The current step is stored on the server, so that back buttons, bookmarks and second
 * tabs cannot skip one.
 */
export default async function EnrolPage({ params }: LocaleParams) {
  const locale = await languageOfPage(params)
  if ((await currentActor()) || !signsInHere()) redirect(addressOf(locale, ''))
  const visit = await currentVisit()
  const view = visit === undefined ? undefined : await readEnrolment(visit)
  const step = view === undefined || view.step === 'enrolled' ? 'letter' : view.step
  const say = await getTranslations({ locale, namespace: 'account.enrol' })
  const number = order.indexOf(step) + 1
  return (
    <AccountPage locale={locale} page="enrol" title={say('title')}>
      <section aria-labelledby="step" className="flex max-w-[40em] flex-col gap-4">
        <p className="text-sm text-soft">{say('progress', { number, of: order.length })}</p>
        <h2 id="step">{say(`${step}.heading`)}</h2>
        {step === 'letter' && <LetterStep locale={locale} />}
        {view && step === 'proving' && <ProofStep locale={locale} view={view} visit={visit ?? ''} />}
        {step === 'addressing' && <AddressStep locale={locale} />}
        {view && step === 'confirming' && <ConfirmAddressStep locale={locale} view={view} visit={visit ?? ''} />}
        {view && step === 'agreeing' && <TermsStep locale={locale} view={view} />}
      </section>
    </AccountPage>
  )
}
