import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getTranslations } from 'next-intl/server'
import { isRecentlyStrong } from '#domain/account/assurance.ts'
import { confirmCodeForm, confirmStepForm } from '#domain/account/confirm-forms.ts'
import { pageOf } from '#domain/account/form.ts'
import { formatTime } from '#domain/kernel/time.ts'
import { numberToConfirm } from '#server/account/confirm.ts'
import { waitingCode } from '#server/account/confirmations.ts'
import { signsInHere } from '#server/account/identity.ts'
import { passkeysToConfirm } from '#server/account/passkeys.ts'
import { now } from '#server/platform/clock.ts'
import { config } from '#server/platform/config.ts'
import { type LocaleParams, languageOfPage } from '../../../shell/languages.ts'
import { addressOf, requireActor } from '../../actor.ts'
import { currentVisit } from '../../cookies.ts'
import { CodeTask } from '../../form/code-task.tsx'
import { ConfirmCodeForm } from '../../form/forms.tsx'
import { StepButton } from '../../form/step-button.tsx'
import { StepErrors } from '../../form/step-errors.tsx'
import { titleOf } from '../../form/words.ts'
import { ProviderConfirm } from '../../identity-provider/entry.tsx'
import { PasskeyButton } from '../../passkey-button.tsx'
import { passkeyWords } from '../../passkey-words.ts'
import { AccountPage } from '../../shell/account-page.tsx'
import { sendAnother, sendCode, submitCode } from '../actions.ts'

interface ConfirmParams {
  readonly params: Promise<{ readonly locale: string; readonly to?: string[] }>
}

export async function generateMetadata({ params }: ConfirmParams): Promise<Metadata> {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const say = await getTranslations({ locale, namespace: 'account.confirm' })
  const title = `${say('title')} | ${config().issuer.brand.service}`
  return { title: await titleOf(locale, title, [confirmCodeForm, confirmStepForm]) }
}

/** Strong authentication before a change; then back to the page that needed it. */
export default async function ConfirmPage({ params }: ConfirmParams) {
  const locale = await languageOfPage(params as LocaleParams['params'])
  const to = pageOf((await params).to)
  const actor = await requireActor(locale)
  if (isRecentlyStrong(actor, now())) redirect(addressOf(locale, to))
  const page = to === '' ? 'confirm' : `confirm/${to}`
  if (!signsInHere()) return <ProviderConfirm locale={locale} page={page} to={to} />
  const say = await getTranslations({ locale, namespace: 'account.confirm' })
  const { brand } = config().issuer
  const visit = await currentVisit()
  const waiting = visit === undefined ? undefined : await waitingCode(visit, 'confirm')
  const number = await numberToConfirm(actor)
  const hasPasskey = (await passkeysToConfirm(actor)).length > 0
  const { disputedSince } = actor
  return (
    <AccountPage locale={locale} page={page} title={say('title')} lead={say('lead')}>
      {hasPasskey && (
        <section aria-labelledby="passkey" className="flex flex-col gap-3">
          <h2 id="passkey">{say('passkeyHeading')}</h2>
          <PasskeyButton
            purpose="confirm"
            to={addressOf(locale, to)}
            words={await passkeyWords(locale, say('passkey'))}
          />
        </section>
      )}
      {number !== undefined && (
        <section aria-labelledby="sms" className="flex flex-col gap-3">
          <h2 id="sms">{say('smsHeading')}</h2>
          {waiting ? (
            <CodeTask
              locale={locale}
              definition={confirmCodeForm}
              stepDefinition={confirmStepForm}
              form={ConfirmCodeForm}
              submit={submitCode}
              resend={sendAnother}
              page={page}
              to={number}
              delivery={waiting.delivery}
              codeExpiresAt={waiting.codeExpiresAt}
            />
          ) : (
            <>
              <StepErrors locale={locale} definition={confirmStepForm} />
              <p>{say('smsText', { number })}</p>
              <StepButton action={sendCode} locale={locale} page={page}>
                {say('sms')}
              </StepButton>
            </>
          )}
        </section>
      )}
      {!hasPasskey && number === undefined && (
        <section className="flex flex-col gap-3">
          <p className="note max-w-[40em]">
            {disputedSince === undefined
              ? say('neither')
              : say('neitherOlder', { time: formatTime(disputedSince, locale) })}
          </p>
          <p>{brand.support[locale]}</p>
        </section>
      )}
      <p>
        <a href={addressOf(locale, '')} className="text-link">
          {say('back')}
        </a>
      </p>
    </AccountPage>
  )
}
