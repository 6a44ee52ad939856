import { getTranslations } from 'next-intl/server'
import type { Window } from '#server/acs/show-window.ts'
import { submitWay } from './actions.ts'
import { CancelButton } from './cancel-button.tsx'
import { StepForm, type WindowForm } from './form.tsx'
import { isError, noticeText } from './notice.tsx'

/** How should we ask you? The ways that are allowed now. */
export async function ChoiceStep({
  window,
  form,
}: {
  window: Extract<Window, { kind: 'choosing' }>
  form: WindowForm
}) {
  const { ways, masked, language } = window
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  const error = isError(window.notice) ? await noticeText(window) : undefined
  return (
    <>
      <StepForm action={submitWay} form={form} className="flex flex-col gap-2 sm:gap-3">
        <fieldset id="ways" tabIndex={-1} aria-describedby={error && 'ways-error'} className="flex flex-col gap-1.5">
          <legend className="mb-1">
            <h1 className="text-[0.9375rem] font-bold sm:text-lg">{say('choice.heading')}</h1>
          </legend>
          {error && (
            <p id="ways-error" className="text-sm font-bold leading-normal text-danger max-sm:sr-only">
              {error}
            </p>
          )}
          {ways.map(way => (
            <div key={way}>
              <label className="flex min-h-11 items-center gap-2 rounded-md border border-edge px-3 py-1 text-sm leading-normal sm:text-base">
                <input
                  type="radio"
                  name="way"
                  value={way}
                  required
                  aria-describedby={way === 'account' ? 'account-hint' : undefined}
                  className="size-5 shrink-0 accent-accent"
                />
                <span className="min-w-0 break-words">
                  {say(`choice.${way}`, { destination: way in masked ? masked[way as keyof typeof masked] : '' })}
                </span>
              </label>
              {way === 'account' && (
                <p id="account-hint" className="px-3 pt-0.5 text-xs leading-normal text-soft">
                  {say('choice.accountHint')}
                </p>
              )}
            </div>
          ))}
        </fieldset>
        <button type="submit" className="button" data-working={say('code.working')}>
          {say('code.continue')}
        </button>
      </StepForm>
      <CancelButton form={form} words={say('code.cancel')} />
    </>
  )
}
