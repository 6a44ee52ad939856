import { policy } from '#domain/challenge/policy.ts'
import type { Window } from '#server/challenge/view.ts'

type Open = Exclude<Window, { kind: 'unknown' | 'ended' }>

/**
 * The answer may come from the account: window.js looks for it without a sound. Without scripts the page is loaded
 * again, where nothing can be typed into it.
 */
export function LookForAnswer({ kind, deadlineAt, now }: Open) {
  const seconds = policy.answerLookedForEvery / 1000
  const waits = kind === 'awaiting-approval'
  return (
    <>
      <span
        id="look"
        hidden
        data-every={policy.answerLookedForEvery}
        data-reloads={waits ? 'yes' : undefined}
        data-ends={waits ? Math.max(0, deadlineAt - now) : undefined}
      />
      {waits && (
        <noscript>
          <meta httpEquiv="refresh" content={String(seconds)} />
        </noscript>
      )}
    </>
  )
}
