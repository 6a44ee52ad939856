import { approvalPolicy } from '#domain/approval/policy.ts'
import { policy } from '#domain/challenge/policy.ts'
import { stepOf } from '#server/challenge/step.ts'
import type { Window } from '#server/challenge/view.ts'

type Open = Exclude<Window, { kind: 'unknown' | 'ended' }>

/**
 * Looks for an out-of-band answer. window.js does so in the background, every second while a request is open on a
 * device. Without scripts the page is reloaded, but only where it has no input.
 */
export function LookForAnswer({ window }: { window: Open }) {
  const { kind, deadlineAt, now } = window
  const [step, waits] = [stepOf(window), kind === 'awaiting-approval']
  return (
    <>
      <span
        id="look"
        hidden
        data-step={step}
        data-every={step === 'asked' ? approvalPolicy.windowPollInterval : policy.approvalPollInterval}
        data-reloads={waits ? 'yes' : undefined}
        data-ends={waits ? Math.max(0, deadlineAt - now) : undefined}
      />
      {waits && (
        <noscript>
          <meta httpEquiv="refresh" content={String(policy.approvalPollInterval / 1000)} />
        </noscript>
      )}
    </>
  )
}
