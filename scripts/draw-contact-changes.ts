import { codePolicy } from '#domain/code/policy.ts'
import { beginChange, type Change, type ChangeEvent, nextChange } from '#domain/contact/change.ts'
import { contactPolicy } from '#domain/contact/policy.ts'

/** The change of a contact as a table: what each event does in each state, found by running the machine. */
export function drawContactChanges(): string {
  // Long enough after the code for another one, on an ordinary Monday in Tokyo.
  const start = Date.UTC(2026, 5, 1, 1)
  const soon = start + codePolicy['contact-change'].resendAfter
  const asking = beginChange('mobile', start).change
  const confirmed = nextChange(asking, { kind: 'code-entered', compared: { kind: 'match' } }, soon).change
  const ended: Change = { state: 'ended', kind: 'mobile', outcome: 'cancelled' }
  const states: readonly (readonly [string, Change, number])[] = [
    ['asking', asking, soon],
    ['asking, expired', asking, start + contactPolicy.confirmWithin],
    ['confirmed, waiting', confirmed, soon],
    ['confirmed, effective', confirmed, start + 30 * contactPolicy.day],
    ['ended', ended, soon],
  ]
  const events: readonly (readonly [string, ChangeEvent])[] = [
    ['right code', { kind: 'code-entered', compared: { kind: 'match' } }],
    ['wrong code', { kind: 'code-entered', compared: { kind: 'other' } }],
    ['earlier code', { kind: 'code-entered', compared: { kind: 'earlier', first: true, earlier: [] } }],
    ['new code requested', { kind: 'resend' }],
    ['called off', { kind: 'cancel' }],
    ['newer change requested', { kind: 'superseded', confirmed: false }],
    ['newer change confirmed', { kind: 'superseded', confirmed: true }],
    ['"this was not me"', { kind: 'reported' }],
  ]
  const told = (change: Change, event: ChangeEvent, at: number) => {
    const step = nextChange(change, event, at)
    if (step.answer === 'nothing-to-do') return ''
    const to = step.change.state === 'ended' ? step.change.outcome : step.change.state
    return [to, ...step.effects].join(', ')
  }
  return [
    `| | ${states.map(([name]) => name).join(' | ')} |`,
    `| --- | ${states.map(() => '---').join(' | ')} |`,
    ...events.map(
      ([name, event]) => `| ${name} | ${states.map(([, change, at]) => told(change, event, at)).join(' | ')} |`,
    ),
  ].join('\n')
}
