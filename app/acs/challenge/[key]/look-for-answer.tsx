import { policy } from '#domain/challenge/policy.ts'
import type { Window } from '#server/challenge/view.ts'

type Open = Exclude<Window, { kind: 'unknown' | 'ended' }>

/**
 * Polls for an answer given in the account. window.js does so in the background. Without scripts the page is reloaded,
 * but only where it has no input.
 */
export function LookForAnswer({ kind, deadlineAt, now }: Open) {
  const seconds = policy.approvalPollInterval / 1000
  const waits = kind === 'awaiting-approval'
  return (
    <>
      <span
        id="look"
        hidden
        data-every={policy.approvalPollInterval}
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
