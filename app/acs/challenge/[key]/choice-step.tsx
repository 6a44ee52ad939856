import { getTranslations } from 'next-intl/server'
import { offersOf } from '#domain/methods/selection.ts'
import type { Window } from '#server/challenge/view.ts'
import { submitMethod } from './actions.ts'
import { CancelButton } from './cancel-button.tsx'
import { StepForm, type WindowForm } from './form.tsx'
import { methodViews } from './methods/registry.tsx'
import { FieldNotice, noticeText } from './notice.tsx'

/** The notice about the choice of a method, and the id of the field. */
export const choiceErrors = { 'method-missing': 'methods' } as const

/** The choice among the methods that are available now. */
export async function ChoiceStep({
  window,
  form,
}: {
  window: Extract<Window, { kind: 'choosing' }>
  form: WindowForm
}) {
  const { offered, language } = window
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  const error = window.notice && window.notice in choiceErrors ? await noticeText(window) : undefined
  return (
    <>
      <StepForm action={submitMethod} form={form} className="flex flex-col gap-2 sm:gap-3">
        <fieldset
          id={choiceErrors['method-missing']}
          tabIndex={-1}
          data-focus={error ? 'yes' : undefined}
          aria-describedby={error && 'methods-notice'}
          className="flex flex-col gap-1.5"
        >
          <legend className="mb-1">
            <h1 className="text-[0.9375rem] font-bold sm:text-lg">{say('choice.heading')}</h1>
          </legend>
          {error && <FieldNotice id="methods" text={error} isError />}
          {offersOf(offered.methods).map(offer => {
            const [method, another] = offer
            if (!method) return null
            const several = another !== undefined
            const { hint, revealedBy } = several ? {} : methodViews[method]
            return (
              <div key={offer.join()} hidden={revealedBy !== undefined} data-revealed-by={revealedBy}>
                <label className="flex min-h-11 items-center gap-2 rounded-md border border-edge px-3 py-1 text-sm leading-normal sm:text-base">
                  <input
                    type="radio"
                    name="method"
                    value={offer.join()}
                    required
                    aria-describedby={hint && `${method}-hint`}
                    className="size-5 shrink-0 accent-accent"
                  />
                  <span className="min-w-0 break-words">
                    {several
                      ? say('choice.several')
                      : say(`choice.${method}`, { destination: offered.destinations[method] ?? '' })}
                  </span>
                </label>
                {hint && (
                  <p id={`${method}-hint`} className="px-3 pt-0.5 text-xs leading-normal text-soft">
                    {say(`choice.${hint}`)}
                  </p>
                )}
              </div>
            )
          })}
        </fieldset>
        {/* In a low window the button stays in view, however many methods there are. */}
        <div className="flex flex-col low:sticky low:bottom-0 low:bg-paper low:py-1">
          <button type="submit" className="button" data-working={say('code.working')}>
            {say('code.continue')}
          </button>
        </div>
      </StepForm>
      <CancelButton form={form} language={language} />
    </>
  )
}
