import { getTranslations } from 'next-intl/server'
import { accountPolicy } from '#domain/account/policy.ts'
import { formatMoney } from '#domain/kernel/money.ts'
import { sendsCode } from '#domain/methods/selection.ts'
import type { Window } from '#server/challenge/view.ts'
import { config } from '#server/platform/config.ts'
import { sendNewCode, submitPasskey, usePasskey } from '../actions.ts'
import { CancelButton } from '../cancel-button.tsx'
import { ChooseAgain } from '../choose-again.tsx'
import { StepForm, type WindowForm } from '../form.tsx'
import type { MethodView } from './view.ts'

// public/passkey.js finds out whether the browser permits passkeys in this frame, and shows or hides the parts below
// that say so. Without scripts a passkey cannot be used, so those parts stay as they are rendered.

const field = 'passkey'

export const passkey: MethodView = {
  asks: 'asking',
  Page: PasskeyPage,
  revealedBy: 'passkey',
  errors: { 'passkey-failed': field },
}

/** The button of another method's page that begins this one. */
export function UsePasskey({ form, words }: { form: WindowForm; words: string }) {
  return (
    <div hidden data-revealed-by="passkey">
      <StepForm action={usePasskey} form={form}>
        <button type="submit" className="button button-plain px-0 text-sm sm:text-base">
          {words}
        </button>
      </StepForm>
    </div>
  )
}

async function PasskeyPage({ window, form }: { window: Extract<Window, { kind: 'asking' }>; form: WindowForm }) {
  const { language, available, notice, passkeyChallenge, trust } = window
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  const codes = available.some(sendsCode)
  const others = codes || window.otherMethods ? 'yes' : 'no'
  return (
    <>
      <h1 className="text-[0.9375rem] font-bold sm:text-lg">{say('passkey.heading')}</h1>
      <div hidden data-revealed-by="passkey">
        <StepForm
          id={field}
          action={submitPasskey}
          form={form}
          className="flex flex-col gap-1.5 sm:gap-2"
          data={{
            challenge: passkeyChallenge ?? '',
            domain: config().passkeyDomain,
            timeout: accountPolicy.passkeyTime,
          }}
        >
          <input type="hidden" name="credential" />
          <p className="text-sm leading-normal sm:text-base">{say('passkey.text')}</p>
          {trust && (
            <p className="flex items-start gap-2 text-xs leading-normal sm:text-sm">
              <input
                id="trust"
                name="trust"
                type="checkbox"
                value="yes"
                // Never ticked beforehand: in a frame that hides this box, a tick must be the cardholder's.
                className="size-6 shrink-0 accent-accent"
              />
              <label htmlFor="trust">
                {say('trust', { amount: formatMoney(trust.limit, window.purchase.currency ?? '', language) })}
              </label>
            </p>
          )}
          <p id="passkey-error" role="alert" hidden tabIndex={-1} className="text-sm font-bold text-danger">
            {say('passkey.notUsed', { others })}
          </p>
          <button type="submit" className="button" data-working={say('code.working')}>
            {say('passkey.confirm')}
          </button>
        </StepForm>
      </div>
      <p data-replaced-by="passkey" className="text-sm leading-normal sm:text-base">
        {say('passkey.unsupported', { others })}
      </p>
      <div className="flex flex-wrap items-center justify-between gap-x-2 text-sm sm:text-base">
        {codes && (
          // Where passkeys cannot be used, the script sends a code at once: the cardholder has nothing to decide.
          <StepForm id="instead" action={sendNewCode} form={form} data={notice ? {} : { 'at-once': 'yes' }}>
            <button type="submit" className="button button-plain px-0">
              {say('approval.codes')}
            </button>
          </StepForm>
        )}
        <CancelButton form={form} language={language} />
      </div>
      {window.otherMethods && <ChooseAgain form={form} words={say('choice.other')} />}
      <details>
        <summary className="py-1 text-sm font-bold sm:text-base">{say('passkey.helpSummary')}</summary>
        <p className="text-sm leading-normal">
          {say('passkey.help', { others })} {config().issuer.brand.support[language]}
        </p>
      </details>
    </>
  )
}
