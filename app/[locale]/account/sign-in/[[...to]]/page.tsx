import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { pageOf } from '#domain/account/form.ts'
import { signInCodeForm, signInForm, signInStepForm } from '#domain/account/sign-in-forms.ts'
import { codeDigits } from '#domain/code/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { waitingCode } from '#server/account/confirmations.ts'
import { signsInHere } from '#server/account/identity.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { addressOf, currentActor } from '../../actor.ts'
import { currentVisit } from '../../cookies.ts'
import { CodeTask } from '../../form/code-task.tsx'
import { SignInCodeForm, SignInForm } from '../../form/forms.tsx'
import { StepButton } from '../../form/step-button.tsx'
import { formState, titleOf } from '../../form/words.ts'
import { ProviderSignIn } from '../../identity-provider/entry.tsx'
import { PasskeyButton } from '../../passkey-button.tsx'
import { passkeyWords } from '../../passkey-words.ts'
import { AccountPage } from '../../shell/account-page.tsx'
import { sendAnother, submitAddress, submitCode, takeAnotherAddress } from '../actions.ts'
import { SessionEndNote } from '../session-end.tsx'

interface SignInParams {
  readonly params: Promise<{ readonly locale: string; readonly to?: string[] }>
}

export async function generateMetadata({ params }: SignInParams): Promise<Metadata> {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const say = await getTranslations({ locale, namespace: 'account.signIn' })
  const title = `${say('title')} | ${config().issuer.brand.service}`
  return { title: await titleOf(locale, title, [signInForm, signInCodeForm, signInStepForm]) }
}

/** Sign-in by a passkey, or by an e-mail address and the code sent to it. Rendering the page sends nothing. */
export default async function SignInPage({ params }: SignInParams) {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const to = pageOf((await params).to)
  if (await currentActor()) redirect(addressOf(locale, to))
  const page = to === '' ? 'sign-in' : `sign-in/${to}`
  if (!signsInHere()) return <ProviderSignIn locale={locale} page={page} to={to} />
  const say = await getTranslations({ locale, namespace: 'account.signIn' })
  const visit = await currentVisit()
  const waiting = visit === undefined ? undefined : await waitingCode(visit, 'sign-in')
  return (
    <AccountPage locale={locale} page={page} title={say('title')} {...(!waiting && { lead: say('lead') })}>
      <SessionEndNote locale={locale} />
      {waiting ? (
        <CodeTask
          locale={locale}
          definition={signInCodeForm}
          stepDefinition={signInStepForm}
          form={SignInCodeForm}
          submit={submitCode}
          resend={sendAnother}
          page={page}
          to={waiting.to}
          sent={say('sentIf', { to: waiting.to, digits: codeDigits })}
          codeExpiresAt={waiting.codeExpiresAt}
        >
          <StepButton action={takeAnotherAddress} locale={locale} page={page} plain>
            {say('anotherAddress')}
          </StepButton>
        </CodeTask>
      ) : (
        <SignInForm
          action={submitAddress}
          state={await formState(locale, signInForm)}
          page={page}
          fields={[
            {
              name: 'email',
              label: say('email'),
              hint: say('emailHint'),
              type: 'email',
              autoComplete: 'username webauthn',
            },
          ]}
          submit={say('submit')}
        />
      )}
      <section aria-labelledby="passkey" className="flex flex-col gap-3">
        <h2 id="passkey">{say('passkeyHeading')}</h2>
        <p className="max-w-[40em]">{say('passkeyText')}</p>
        <PasskeyButton
          purpose="sign-in"
          autofill={!waiting}
          to={addressOf(locale, to)}
          words={await passkeyWords(locale, say('passkey'))}
        />
      </section>
      <section aria-labelledby="enrol" className="flex flex-col gap-3">
        <h2 id="enrol">{say('enrolHeading')}</h2>
        <p className="max-w-[40em]">{say('enrolText')}</p>
        <p>
          <a href={addressOf(locale, 'enrol')} className="text-link">
            {say('enrol')}
          </a>
        </p>
        <p>
          <a href={addressOf(locale, 'report')} className="text-link">
            {await reportLink(locale)}
          </a>
        </p>
      </section>
    </AccountPage>
  )
}

async function reportLink(locale: Language): Promise<string> {
  return (await getTranslations({ locale, namespace: 'account.report.code' }))('link')
}
