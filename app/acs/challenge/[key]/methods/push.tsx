import { getTranslations } from 'next-intl/server'
import { isOpen } from '#domain/approval/request.ts'
import { formatClock, formatTime } from '#domain/kernel/time.ts'
import type { Window } from '#server/challenge/view.ts'
import { config } from '#server/platform/config.ts'
import { goOn, submitMethod } from '../actions.ts'
import { StepForm, type WindowForm } from '../form.tsx'
import { sentenceSpace } from '../sentence-space.ts'
import { CodeOrCancel } from './code-or-cancel.tsx'
import type { MethodView } from './view.ts'

export const push: MethodView = { asks: 'awaiting-approval', Page: DevicePage, hint: 'pushHint', errors: {} }

/** Shows the number to type on the device while its request is open, and why it has ended afterwards. */
async function DevicePage({
  window,
  form,
}: {
  window: Extract<Window, { kind: 'awaiting-approval' }>
  form: WindowForm
}) {
  const { request, devices, devicesAgainAt, language } = window
  const { service, support } = config().issuer.brand
  const say = await getTranslations({ locale: language, namespace: 'challenge' })
  const open = request && isOpen(request.state) ? request : undefined
  return (
    <>
      <h1 className="text-[0.9375rem] font-bold sm:text-lg">{say('device.heading')}</h1>
      {open ? (
        <>
          {/* Number and button come first: both are in view where the frame is small. */}
          <p className="flex flex-wrap items-center justify-center gap-x-4 leading-tight">
            <span className="text-sm sm:text-base">{say('device.number')}</span>{' '}
            <strong className="text-3xl tracking-[0.2em] tabular-nums">{open.number}</strong>
          </p>
          <StepForm action={goOn} form={form}>
            <button type="submit" className="button w-full" data-working={say('code.working')}>
              {say('approval.look')}
            </button>
          </StepForm>
          <p className="text-sm leading-normal sm:text-base">{say('device.where')}</p>
          <p className="text-sm leading-normal">
            {say('device.waits', { time: formatClock(open.expiresAt, language) })}
          </p>
        </>
      ) : (
        <>
          <p role="status" className="text-sm leading-normal sm:text-base">
            {say(`device.${overBecause(request?.state)}`)}
            {sentenceSpace(language)}
            {devicesAgainAt && say('device.againAt', { time: formatTime(devicesAgainAt, language) })}
          </p>
          {devices && (
            <StepForm action={submitMethod} form={form}>
              <button
                type="submit"
                name="method"
                value="push"
                className="button w-full"
                data-working={say('code.working')}
              >
                {say('device.again')}
              </button>
            </StepForm>
          )}
        </>
      )}
      <CodeOrCancel window={window} form={form} />
      <details>
        <summary className="py-1 text-sm font-bold sm:text-base">{say('device.helpSummary')}</summary>
        <p className="text-sm leading-normal">
          {say('device.help', { service, codes: window.codes ? 'yes' : 'no' })} {support[language]}
        </p>
      </details>
    </>
  )
}

function overBecause(state: string | undefined) {
  if (state === undefined) return 'none'
  return state === 'wrong-number' ? 'wrong-number' : 'expired'
}
