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
import { accountPolicy } from '#domain/account/policy.ts'
import { codePolicy, crockfordCharacters } from '#domain/code/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { comingTerms, effectiveTerms } from '#domain/terms/versions.ts'
import { waitingCode } from '#server/account/confirmations.ts'
import type { EnrolmentView } from '#server/account/enrol.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { CodeTask } from '../form/code-task.tsx'
import { ActivationForm, AddressCodeForm, AddressForm, FactsForm, ProofCodeForm } from '../form/forms.tsx'
import { StepButton } from '../form/step-button.tsx'
import { StepErrors } from '../form/step-errors.tsx'
import { formState } from '../form/words.ts'
import { ComingTerms } from '../shell/coming-terms.tsx'
import {
  acceptTerms,
  chooseProof,
  sendAnotherProof,
  sendAnotherToAddress,
  sendElsewhere,
  submitActivationCode,
  submitAddress,
  submitAddressCode,
  submitFacts,
  submitProofCode,
  takeAnotherAddress,
} from './actions.ts'

// One task per step; the page shows the current one.

interface StepProps {
  readonly locale: Language
}

export async function LetterStep({ locale }: StepProps) {
  const say = await getTranslations({ locale, namespace: 'account.enrol.letter' })
  const { brand } = config().issuer
  const days = codePolicy.activation.lifetime / (24 * 60 * 60 * 1000)
  return (
    <>
      <p>{say('text', { issuer: brand.issuer[locale], characters: crockfordCharacters })}</p>
      <ActivationForm
        action={submitActivationCode}
        state={await formState(locale, activationForm)}
        fields={[
          {
            name: 'activationCode',
            label: say('label'),
            hint: say('hint', { days }),
            autoComplete: 'off',
            width: 'code',
          },
        ]}
        submit={say('submit')}
      />
      <details>
        <summary className="py-1 font-bold">{say('help')}</summary>
        <ul className="points">
          <li>{say('helpLetter', { issuer: brand.issuer[locale] })}</li>
          <li>{brand.support[locale]}</li>
        </ul>
      </details>
    </>
  )
}

export async function ProofStep({ locale, view, visit }: StepProps & { view: EnrolmentView; visit: string }) {
  const say = await getTranslations({ locale, namespace: 'account.enrol.proving' })
  const waiting = await waitingCode(visit, 'enrolment-proof')
  const sentTo = waiting && view.proofs.find(({ proof }) => proof === waiting.channel)
  if (waiting && sentTo) {
    return (
      <CodeTask
        locale={locale}
        definition={proofCodeForm}
        stepDefinition={enrolStepForm}
        form={ProofCodeForm}
        submit={submitProofCode}
        resend={sendAnotherProof}
        page="enrol"
        to={sentTo.to}
        delivery={waiting.delivery}
        codeExpiresAt={waiting.codeExpiresAt}
      >
        {view.proofs.length > 1 && (
          <StepButton action={sendElsewhere} locale={locale} plain>
            {say('elsewhere')}
          </StepButton>
        )}
      </CodeTask>
    )
  }
  if (view.proofs.some(({ proof }) => proof === 'facts')) return <FactsStep locale={locale} />
  return (
    <>
      <p>{say('text')}</p>
      <StepErrors locale={locale} definition={proofChoiceForm} />
      <ul className="flex flex-col items-start gap-3">
        {view.proofs.map(({ proof, to }) => (
          <li key={proof}>
            <StepButton action={chooseProof} locale={locale} fields={{ proof }}>
              {say(proof === 'sms' ? 'sms' : 'email', { to })}
            </StepButton>
          </li>
        ))}
      </ul>
      <p className="text-sm text-soft">{say('neither', { issuer: config().issuer.brand.issuer[locale] })}</p>
    </>
  )
}

async function FactsStep({ locale }: StepProps) {
  const say = await getTranslations({ locale, namespace: 'account.enrol.proving' })
  const number = { inputMode: 'numeric', width: 'short' } as const
  return (
    <>
      <p>{say('factsText', { tries: accountPolicy.limits.facts.most })}</p>
      <FactsForm
        action={submitFacts}
        state={await formState(locale, factsForm)}
        fields={[
          {
            ...number,
            name: 'debitAccountLastFour',
            label: say('account'),
            hint: say('accountHint'),
            autoComplete: 'off',
          },
          { ...number, name: 'birthYear', label: say('year'), hint: say('birthHint'), autoComplete: 'bday-year' },
          { ...number, name: 'birthMonth', label: say('month'), autoComplete: 'bday-month' },
          { ...number, name: 'birthDay', label: say('day'), autoComplete: 'bday-day' },
        ]}
        submit={say('submit')}
      />
    </>
  )
}

export async function AddressStep({ locale }: StepProps) {
  const say = await getTranslations({ locale, namespace: 'account.enrol.addressing' })
  return (
    <>
      <p>{say('text')}</p>
      <AddressForm
        action={submitAddress}
        state={await formState(locale, addressForm)}
        fields={[{ name: 'email', label: say('label'), hint: say('hint'), type: 'email', autoComplete: 'email' }]}
        submit={say('submit')}
      />
    </>
  )
}

export async function ConfirmAddressStep({ locale, view, visit }: StepProps & { view: EnrolmentView; visit: string }) {
  const say = await getTranslations({ locale, namespace: 'account.enrol.confirming' })
  const waiting = await waitingCode(visit, 'enrolment-email')
  const another = (
    <StepButton action={takeAnotherAddress} locale={locale} plain>
      {say('another')}
    </StepButton>
  )
  if (!waiting) return another
  return (
    <CodeTask
      locale={locale}
      definition={addressCodeForm}
      stepDefinition={enrolStepForm}
      form={AddressCodeForm}
      submit={submitAddressCode}
      resend={sendAnotherToAddress}
      page="enrol"
      to={view.email ?? ''}
      delivery={waiting.delivery}
      codeExpiresAt={waiting.codeExpiresAt}
    >
      {another}
    </CodeTask>
  )
}

export async function TermsStep({ locale, view }: StepProps & { view: EnrolmentView }) {
  const say = await getTranslations({ locale, namespace: 'account.enrol.agreeing' })
  const version = effectiveTerms(now())
  return (
    <>
      <p>{say('text', { email: view.email ?? '' })}</p>
      <p>
        <a href={`/${locale}/terms/${version}`} target="_blank" rel="noopener" className="text-link">
          {say('terms', { version })}
        </a>
      </p>
      <ComingTerms locale={locale} version={comingTerms(now())} />
      <StepErrors locale={locale} definition={termsForm} />
      <StepButton action={acceptTerms} locale={locale} fields={{ accepted: 'yes', version }}>
        {say('submit')}
      </StepButton>
    </>
  )
}
