import { getTranslations } from 'next-intl/server'
import { policy } from '#domain/challenge/policy.ts'
import { codeDigits, codePolicy } from '#domain/code/policy.ts'
import { formatMoney } from '#domain/kernel/money.ts'
import { formatClock } from '#domain/kernel/time.ts'
import type { Destination, Window } from '#server/challenge/view.ts'
import { config } from '#server/platform/config.ts'
import { sendNewCode, submitCode } from '../actions.ts'
import { CancelButton } from '../cancel-button.tsx'
import { ChooseAgain } from '../choose-again.tsx'
import { StepForm, type WindowForm } from '../form.tsx'
import { noticeText } from '../notice.tsx'
import { UsePasskey } from './passkey.tsx'
import type { MethodView } from './view.ts'

/** Added to `deliverySlowAfter` and `deliveryPatience` before the page looks for a change, in milliseconds. */
const aLittle = 1000
const aLongWhile = 15_000

const field = 'code'

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
} as const satisfies MethodView

/** The entry of the code that was sent. */
async function CodePage({ window, form }: { window: Extract<Window, { kind: 'asking' }>; form: WindowForm }) {
  const { language, destinations, notice } = window
  const { brand } = config().issuer
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  const error = notice && code.errors[notice] ? await noticeText(window) : undefined
  const digits = codeDigits
  const by = (wanted: 'email' | 'sms') => destinations.some(({ channel }) => channel === wanted)
  return (
    <>
      <StepForm action={submitCode} form={form} className="flex flex-col gap-1.5 sm:gap-2">
        <h1 className="text-[0.9375rem] font-bold sm:text-lg">
          <label htmlFor={field}>{say('code.heading')}</label>
        </h1>
        <p id="code-destination" className="text-sm leading-normal low:text-xs sm:text-base low:sm:text-xs">
          {sentTo(destinations, digits, say)}
        </p>
        {window.isSlow && (
          <p id="slow" role="status" className="border-s-4 border-accent ps-3 text-sm leading-normal">
            {say(window.otherMethods ? 'code.slow' : 'code.slowOnly')}
          </p>
        )}
        <p id="code-hint" className="text-xs text-soft sm:text-sm">
          {say('code.hint', { time: formatClock(window.codeExpiresAt, language) })}
        </p>
        <input
          id={field}
          name={field}
          type="text"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          aria-describedby={error ? 'code-error code-destination code-hint' : 'code-destination code-hint'}
          aria-invalid={error ? true : undefined}
          className="min-h-11 w-full max-w-60 rounded-md border-2 border-edge bg-paper px-2 text-xl tracking-[min(0.2em,1vw)] aria-invalid:border-danger"
        />
        {error && (
          <p id="code-error" className="text-sm font-bold leading-normal text-danger max-sm:sr-only">
            {error}
          </p>
        )}
        {window.trust && (
          <p className="flex items-start gap-2 text-xs leading-normal sm:text-sm">
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
      <p role="status" id="time" className="text-sm text-soft empty:-mt-2" {...phases(window, say)} />
      <p id="resend-hint" className="text-xs text-soft">
        {say('code.resendHint', { seconds: codePolicy.challenge.resendAfter / 1000 })}
      </p>
      <div className="flex flex-wrap items-center justify-between gap-x-2 text-sm sm:text-base">
        <StepForm action={sendNewCode} form={form}>
          <button type="submit" className="button button-plain px-0" aria-describedby="resend-hint">
            {say('code.resend')}
          </button>
        </StepForm>
        <CancelButton form={form} language={language} />
      </div>
      {window.available.includes('passkey') && <UsePasskey form={form} words={say('passkey.use')} />}
      {window.otherMethods && <ChooseAgain form={form} words={say('choice.other')} />}
      <details>
        <summary className="py-1 text-sm font-bold sm:text-base">{say('help.summary')}</summary>
        <ul className="list-disc ps-5 text-sm">
          {destinations.map(({ channel, masked, state }) => (
            <li key={channel}>{say(`help.${state}`, { destination: masked })}</li>
          ))}
          <li>{say('help.change', { issuer: brand.issuer[language] })}</li>
          {by('email') && <li>{say('help.filter', { sender: brand.sender.address })}</li>}
          {by('sms') && <li>{say('help.sms')}</li>}
          <li>{say('help.phone')}</li>
          <li>{brand.support[language]}</li>
        </ul>
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

type Say = Awaited<ReturnType<typeof getTranslations<'challenge'>>>

/** Leaves out contacts to which delivery failed; the help explains why. */
function sentTo(destinations: readonly Destination[], digits: number, say: Say): string {
  const open = destinations.filter(({ state }) => state !== 'failed')
  const [one, other] = open.length > 0 ? open : destinations
  const destination = one?.masked ?? ''
  return other
    ? say('code.sentToBoth', { destination, other: other.masked, digits })
    : say('code.sentTo', { destination, digits })
}

/** The words for the remaining time. window.js announces each at its moment. */
function phases(
  { deadlineAt, codeExpiresAt, lastSentAt, isSlow, destinations, now }: Extract<Window, { kind: 'asking' }>,
  say: Say,
) {
  const isQueued = !isSlow && destinations.every(({ state }) => state === 'queued')
  const inTime = (after: number) => Math.max(0, lastSentAt + after - now)
  const codeOnly = codeExpiresAt < deadlineAt
  return {
    'data-left': Math.max(0, codeExpiresAt - now),
    'data-ends': Math.max(0, deadlineAt - now),
    // By then a gateway has accepted the code, or the page would say that sending is slow.
    'data-slow': isQueued ? inTime(policy.deliverySlowAfter + aLittle) : 0,
    // By then the code has arrived, or no gateway took it and another page is shown. So the page looks, if nothing is
    // typed.
    'data-look': inTime(policy.deliveryPatience + aLongWhile),
    'data-600': say('time.10'),
    'data-300': say('time.5'),
    'data-60': say('time.1'),
    'data-30': say('time.half'),
    'data-0': codeOnly ? say('time.code') : say('time.over'),
  }
}
