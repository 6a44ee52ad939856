import { getTranslations } from 'next-intl/server'
import type { Notice as NoticeName } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Window } from '#server/acs/show-window.ts'

type Open = Exclude<Window, { kind: 'unknown' | 'ended' }>

/** About what was typed or chosen, and the field that it stands at. */
const fields: { readonly [notice in NoticeName]?: string } = {
  'code-missing': 'code',
  'code-malformed': 'code',
  'code-wrong': 'code',
  'code-earlier': 'code',
  'code-expired': 'code',
  'way-missing': 'ways',
}

/** Something is wrong with what was typed; other notices only tell how things stand. */
export function isError(notice: NoticeName | undefined): boolean {
  return fieldOf(notice) !== undefined
}

function fieldOf(notice: NoticeName | undefined): string | undefined {
  return notice && fields[notice]
}

/** The sentence of a notice, the same in the summary and at the field; none for the first code. */
export async function noticeText(window: Open): Promise<string | undefined> {
  const { notice, language } = window
  if (!notice || notice === 'code-sent') return undefined
  const say = await getTranslations({ locale: language, namespace: 'challenge.notice' })
  const left = window.kind === 'asking' ? window.attemptsLeft : 0
  return say(notice, { left, digits: policy.codeDigits, seconds: policy.resendAfter / 1000 })
}

export async function Notice({ window }: { window: Open }) {
  const text = await noticeText(window)
  if (!text) return null
  const field = fieldOf(window.notice)
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
