import { getTranslations } from 'next-intl/server'
import { codeDigits, codePolicy } from '#domain/code/policy.ts'
import { formatTime } from '#domain/kernel/time.ts'
import type { Window } from '#server/challenge/view.ts'

type Open = Exclude<Window, { kind: 'unknown' | 'ended' }>

/** The sentence of a notice; undefined when the first code was sent. */
export async function noticeText(window: Open): Promise<string | undefined> {
  const { notice, language } = window
  if (!notice || notice === 'code-sent') return undefined
  const say = await getTranslations({ locale: language, namespace: 'challenge.notice' })
  const left = window.kind === 'asking' ? triesLeft(window) : 0
  const { codesAgainAt } = window
  const time = codesAgainAt === undefined ? '' : formatTime(codesAgainAt, language)
  return say(notice, {
    ...{ left, digits: codeDigits, seconds: codePolicy.challenge.resendAfter / 1000 },
    ...{ time, until: time ? 'known' : 'none' },
  })
}

/** A registration has tries of its own. */
function triesLeft({ registration, attemptsLeft }: Extract<Open, { kind: 'asking' }>): number {
  if (registration?.step === 'facts') return registration.triesLeft
  return registration?.step === 'code' ? registration.attemptsLeft : attemptsLeft
}

/** A notice at the field that it is about, which describes itself by it. */
export function FieldNotice({ id, text, isError }: { id: string; text: string; isError: boolean }) {
  const look = isError ? 'font-bold text-danger' : 'border-s-4 border-accent ps-3'
  return (
    <p
      id={`${id}-notice`}
      role={isError ? 'alert' : 'status'}
      className={`text-sm leading-normal low:text-[0.8125rem] low:leading-snug ${look}`}
    >
      {text}
    </p>
  )
}

/** `field`: the id of the field that the notice is about; undefined for a notice that is not an error. */
export async function Notice({ window, field }: { window: Open; field: string | undefined }) {
  const text = await noticeText(window)
  if (!text) return null
  if (!field) {
    return (
      <p id="summary" role="status" tabIndex={-1} className="border-s-4 border-accent ps-3 text-sm leading-normal">
        {text}
      </p>
    )
  }
  const say = await getTranslations({ locale: window.language, namespace: 'challenge.notice' })
  return (
    <div
      id="summary"
      role="alert"
      tabIndex={-1}
      aria-labelledby="summary-heading"
      className="rounded-md border-2 border-danger px-3 py-1.5 text-sm leading-normal"
    >
      <p id="summary-heading" className="font-bold max-sm:sr-only">
        {say('heading')}
      </p>
      <p>
        <a href={`#${field}`} className="text-danger underline">
          {text}
        </a>
      </p>
    </div>
  )
}
