import { getTranslations } from 'next-intl/server'
import { policy } from '#domain/challenge/policy.ts'
import { codeDigits, codePolicy } from '#domain/code/policy.ts'
import type { Channel } from '#domain/contact/code-recipients.ts'
import type { CodeDelivery } from '#domain/contact/delivery.ts'
import { formatMoney } from '#domain/kernel/money.ts'
import { formatClock } from '#domain/kernel/time.ts'
import type { Window } from '#server/challenge/view.ts'
import { config } from '#server/platform/config.ts'
import { goOn, noLongerHaveContact, sendNewCode, submitCode } from '../actions.ts'
import { CancelButton } from '../cancel-button.tsx'
import { ChooseAgain } from '../choose-again.tsx'
import { StepForm, type WindowForm } from '../form.tsx'
import { FieldNotice, noticeText } from '../notice.tsx'
import { sentenceSpace } from '../sentence-space.ts'
import { UsePasskey } from './passkey.tsx'
import type { MethodView } from './view.ts'

/** Added to `deliveryPatience` before the page looks for a change, in milliseconds. */
const aLongWhile = 15_000

const field = 'code'
const codeForm = 'code-form'

/** The view of every method that sends a code. */
export const code = {
  asks: 'asking',
  Page: CodePage,
  errors: {
    'code-missing': field,
    'code-malformed': field,
    'code-wrong': field,
    'code-earlier': field,
    'code-expired': field,
  } as MethodView['errors'],
  typing: codeForm,
  notices: () => 'at-field',
} as const satisfies MethodView

/** The entry of the code that was sent. */
async function CodePage({ window, form }: { window: Extract<Window, { kind: 'asking' }>; form: WindowForm }) {
  const { language, destinations, notice } = window
  const { brand } = config().issuer
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  const said = await noticeText(window)
  const error = notice && code.errors[notice] ? said : undefined
  const by = (wanted: Channel) => destinations.some(({ channel }) => channel === wanted)
  return (
    <>
      <StepForm id={codeForm} action={submitCode} form={form} className="flex flex-col gap-1.5 sm:gap-2 low:gap-1">
        <h1 className="text-[0.9375rem] font-bold sm:text-lg">
          <label htmlFor={field}>{say('code.heading')}</label>
        </h1>
        <Destinations window={window} />
        <p id="code-hint" className="text-xs text-soft sm:text-sm low:sm:text-xs">
          {say(destinations.length > 1 ? 'code.either' : 'code.digits', { digits: codeDigits })}
          {sentenceSpace(language)}
          <span id="time" role="status" {...phases(window, say)}>
            {validity(window, say)}
          </span>
        </p>
        {said && <FieldNotice id={field} text={said} isError={error !== undefined} />}
        <input
          id={field}
          name={field}
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          defaultValue={window.typed}
          // Browsers refuse it in a frame of another site, and say so in its console.
          // biome-ignore lint/a11y/noAutofocus: the page asks for one thing, and its facts are in the field's description.
          autoFocus={window.isTopLevel}
          data-focus={said ? 'yes' : undefined}
          aria-describedby={`${said ? 'code-notice ' : ''}destinations code-hint`}
          aria-invalid={error ? true : undefined}
          className="min-h-11 w-full max-w-60 rounded-md border-2 border-edge bg-paper px-2 text-xl tracking-[min(0.2em,1vw)] aria-invalid:border-danger"
        />
        {window.trust && (
          // In a low window it comes after the button, which must be in view.
          <p className="flex items-start gap-2 text-xs leading-normal sm:text-sm low:order-last">
            <input
              id="trust"
              name="trust"
              type="checkbox"
              value="yes"
              defaultChecked={window.trust.wanted}
              className="size-6 shrink-0 accent-accent"
            />
            <label htmlFor="trust">
              {say(window.trust.needsSms ? 'trustBySms' : 'trust', {
                amount: formatMoney(window.trust.limit, window.purchase.currency ?? '', language),
              })}
            </label>
          </p>
        )}
        <button type="submit" className="button" data-working={say('code.working')}>
          {say('code.continue')}
        </button>
      </StepForm>
      {destinations.some(({ state }) => isWaiting(state)) && (
        <noscript>
          <StepForm action={goOn} form={form}>
            <button type="submit" className="button button-plain px-0 text-sm sm:text-base">
              {say('code.look')}
            </button>
          </StepForm>
        </noscript>
      )}
      {window.available.includes('passkey') && <UsePasskey form={form} words={say('passkey.use')} />}
      {window.otherMethods && <ChooseAgain form={form} words={say('choice.other')} />}
      <div className="flex flex-wrap items-center justify-between gap-x-2 text-sm sm:text-base">
        <StepForm action={sendNewCode} form={form}>
          <button type="submit" className="button button-plain px-0" aria-describedby="resend-hint">
            {say('code.resend')}
          </button>
        </StepForm>
        <CancelButton form={form} language={language} />
      </div>
      <p id="resend-hint" className="text-xs text-soft">
        {say('code.resendHint', { seconds: codePolicy.challenge.resendAfter / 1000 })}
      </p>
      <details>
        <summary className="py-1 text-sm font-bold sm:text-base">{say('help.summary')}</summary>
        <ul className="list-disc ps-5 text-sm">
          {by('email') && <li>{say('help.filter', { sender: brand.sender.address })}</li>}
          {by('sms') && <li>{say('help.sms')}</li>}
          <li>{say('help.phone')}</li>
          <li>{brand.support[language]}</li>
          <li>{say('help.change', { issuer: brand.issuer[language] })}</li>
        </ul>
        {destinations.map(({ channel, masked }) => (
          <StepForm key={channel} action={noLongerHaveContact} form={form}>
            <input type="hidden" name="contact" value={channel} />
            <button type="submit" className="button button-plain px-0 text-start text-sm sm:text-base">
              {say(`help.lost.${channel}`, { destination: masked })}
            </button>
          </StepForm>
        ))}
      </details>
      <details>
        <summary className="py-1 text-sm font-bold sm:text-base">{say('safety.summary')}</summary>
        <ul className="list-disc ps-5 text-sm">
          <li>{say(window.purchase.amount ? 'safety.compare' : 'safety.compareWithoutAmount')}</li>
          <li>{say('safety.never')}</li>
        </ul>
      </details>
    </>
  )
}

const deliveryStates: readonly CodeDelivery[] = ['queued', 'delayed', 'handed-over', 'delivered', 'failed']

function isWaiting(state: CodeDelivery): boolean {
  return state === 'queued' || state === 'delayed'
}

/** Where the codes are. window.js looks for changes, and has the words for each state. */
async function Destinations({ window }: { window: Extract<Window, { kind: 'asking' }> }) {
  const { destinations, language, lastSentAt, now } = window
  const say = await getTranslations({ locale: language, namespace: 'challenge.sent' })
  const looksFor = Math.max(0, lastSentAt + policy.deliveryPatience + aLongWhile - now)
  return (
    <div
      id="destinations"
      role="status"
      className="text-sm leading-normal sm:text-base low:text-xs"
      data-every={policy.deliveryPollInterval}
      data-for={looksFor}
      data-states={destinations.map(({ state }) => state).join(' ')}
    >
      {destinations.map(({ channel, masked, state }) => {
        const words = deliveryStates.map(each => [`data-${each}`, say(each, { destination: masked })])
        return (
          // A gateway for text messages may report later that one arrived, or did not.
          <p key={channel} data-reports={channel === 'sms' ? 'yes' : undefined} {...Object.fromEntries(words)}>
            {say(state, { destination: masked })}
          </p>
        )
      })}
    </div>
  )
}

type Say = Awaited<ReturnType<typeof getTranslations<'challenge'>>>

/** How long the code is valid, said once: after an error that says it nothing is left to say. */
function validity({ codeExpiresAt, notice, now, language }: Extract<Window, { kind: 'asking' }>, say: Say): string {
  if (now < codeExpiresAt) return say('code.hint', { time: formatClock(codeExpiresAt, language) })
  return notice === 'code-expired' ? '' : say('time.code')
}

/** The words for the remaining time. window.js puts each in the place of the last at its moment. */
function phases({ deadlineAt, codeExpiresAt, lastSentAt, now }: Extract<Window, { kind: 'asking' }>, say: Say) {
  const codeOnly = codeExpiresAt < deadlineAt
  const words = {
    'data-300': say('time.5'),
    'data-60': say('time.1'),
    'data-30': say('time.half'),
    'data-0': codeOnly ? say('time.code') : say('time.over'),
  }
  return {
    'data-left': Math.max(0, codeExpiresAt - now),
    'data-ends': Math.max(0, deadlineAt - now),
    // By then the code has arrived, or no gateway took it and another page is shown. So the page looks, if nothing is
    // typed.
    'data-look': Math.max(0, lastSentAt + policy.deliveryPatience + aLongWhile - now),
    ...(now < codeExpiresAt && words),
  }
}
