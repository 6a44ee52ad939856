import { getTranslations } from 'next-intl/server'
import type { Notice as NoticeName } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Window } from '#server/acs/show-window.ts'

type Asking = Extract<Window, { kind: 'asking' }>

const errors: readonly NoticeName[] = ['code-missing', 'code-malformed', 'code-wrong', 'code-expired']

/** Something is wrong with what was typed; other notices only tell how things stand. */
export function isError(notice: NoticeName): boolean {
  return errors.includes(notice)
}

/** The sentence of a notice, the same in the summary and at the field; none for the first code. */
export async function noticeText({ notice, language, attemptsLeft }: Asking): Promise<string | undefined> {
  if (notice === 'code-sent') return undefined
  const say = await getTranslations({ locale: language, namespace: 'challenge.notice' })
  return say(notice, { left: attemptsLeft, digits: policy.codeDigits, seconds: policy.resendAfter / 1000 })
}

export async function Notice({ window }: { window: Asking }) {
  const text = await noticeText(window)
  if (!text) return null
  if (!isError(window.notice)) {
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
        <a href="#code" className="text-danger underline">
          {text}
        </a>
      </p>
    </div>
  )
}
