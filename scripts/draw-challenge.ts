import { begin, beginDecoupled, next } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Challenge, Effect, Event, Start } from '#domain/challenge/states.ts'
import { type OutcomeRow, outcomes } from '#domain/emv/outcome.ts'
import type { ProofEvent } from '#domain/methods/method.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import { anyCode } from '#domain/methods/selection.ts'

type Answered = Extract<Event, { kind: 'answered' }>

const starts = (...ids: MethodId[]): Start => ({ kind: 'methods', selected: ids, begun: ids })
const smsLimited = { kind: 'sms-limited', restriction: undefined } as const
const opened = (...ids: MethodId[]) => ({ kind: 'opened' as const, start: starts(...ids) })
const select = (...ids: MethodId[]) => ({ kind: 'method-selected' as const, start: starts(...ids) })
const code = (event: ProofEvent): Answered => ({ kind: 'answered', method: 'email-code', event })
const inAccount = (kind: 'approved' | 'declined' | 'missed'): Answered => ({
  kind: 'answered',
  method: 'account',
  event: { kind },
})

/** An example of each event and of each kind that makes a difference, with its label in the diagram. */
const events: { readonly [kind in Event['kind']]: readonly (readonly [string, Event & { kind: kind }])[] } = {
  opened: [
    ['CReq', opened(...anyCode)],
    ['CReq, the cardholder wants to be asked how', { kind: 'opened', start: 'choosing' }],
    ['CReq, the cardholder wants to be asked in the account', opened('account')],
    ['CReq, no contact may have a code', { kind: 'opened', start: { kind: 'no-contact' } }],
    ['CReq, no text message may be sent', { kind: 'opened', start: smsLimited }],
    [
      'CReq, no text message may be sent while a report is open',
      { kind: 'opened', start: { ...smsLimited, restriction: 'report-open' } },
    ],
    ['CReq, the card is locked', { kind: 'opened', barred: 'locked' }],
    ['CReq, the card was stolen', { kind: 'opened', barred: 'card-stolen' }],
    ['CReq, the card was closed', { kind: 'opened', barred: 'card-closed' }],
    ['CReq, the card expired', { kind: 'opened', barred: 'card-expired' }],
    ['CReq, the e-mail address is too new', { kind: 'opened', barred: 'email-recently-changed' }],
    ['CReq, the mobile number was stopped a moment ago', { kind: 'opened', barred: 'number-stopped' }],
    ['CReq, a report is not settled', { kind: 'opened', barred: 'report-open' }],
  ],
  'nothing-to-show': [['CReq, the device can show nothing that may be asked', { kind: 'nothing-to-show' }]],
  'method-selected': [
    ['a code selected', select('email-code')],
    ['the account selected', select('account')],
    ['a code selected, too many were sent', { kind: 'method-selected', start: { kind: 'flooded' } }],
    ['a code selected, no contact may have it', { kind: 'method-selected', start: { kind: 'no-contact' } }],
    ['a code selected, no text message may be sent', { kind: 'method-selected', start: smsLimited }],
  ],
  'method-missing': [['no method selected', { kind: 'method-missing' }]],
  'other-method': [['another method wanted', { kind: 'other-method' }]],
  answered: [
    ['right code', code({ kind: 'compared', compared: { kind: 'match' } })],
    ['wrong code', code({ kind: 'compared', compared: { kind: 'other' } })],
    ['earlier code', code({ kind: 'compared', compared: { kind: 'earlier', first: true, earlier: [] } })],
    ['earlier code once more', code({ kind: 'compared', compared: { kind: 'earlier', first: false, earlier: [] } })],
    ['no code', code({ kind: 'unreadable', why: 'malformed' })],
    ['code after its time', code({ kind: 'late' })],
    ['code to a contact that may have none any more', code({ kind: 'withdrawn' })],
    ['goes on without an answer', inAccount('missed')],
    ['the cardholder approves', inAccount('approved')],
    ['the cardholder declines', inAccount('declined')],
  ],
  barred: [
    ['the card is locked', { kind: 'barred', by: 'locked' }],
    ['the card was stolen', { kind: 'barred', by: 'card-stolen' }],
    ['the card was closed', { kind: 'barred', by: 'card-closed' }],
    ['the card expired', { kind: 'barred', by: 'card-expired' }],
    ['the e-mail address is too new', { kind: 'barred', by: 'email-recently-changed' }],
    ['the mobile number was stopped a moment ago', { kind: 'barred', by: 'number-stopped' }],
    ['a report is not settled', { kind: 'barred', by: 'report-open' }],
  ],
  resend: [
    ['new code wanted', { kind: 'resend', start: starts(...anyCode) }],
    ['new code wanted, no text message may be sent', { kind: 'resend', start: smsLimited }],
    ['new code wanted, no contact may have it', { kind: 'resend', start: { kind: 'no-contact' } }],
  ],
  cancel: [['cancel', { kind: 'cancel' }]],
  language: [['other language', { kind: 'language', language: 'en' }]],
  tick: [['time passes', { kind: 'tick' }]],
  'delivery-failing': [
    ['no gateway takes the code, and none will', { kind: 'delivery-failing', final: true }],
    ['no gateway takes the code', { kind: 'delivery-failing', final: false }],
  ],
  'bad-creq': [['broken or different CReq', { kind: 'bad-creq' }]],
  reported: [['the cardholder says “this was not me”', { kind: 'reported' }]],
}

interface Seen {
  readonly from: string
  readonly to: string
  readonly label: string
}

/** The machine's own transitions, found by running it: each state, at the moments that matter, with each event. */
function transitions(): Seen[] {
  const start = begin('ja', 0)
  const asking = next(start, opened(...anyCode), 0).challenge
  if (asking.state !== 'asking') throw new Error('a valid CReq opens no window')
  const { lastSentAt = 0, deadlineAt } = asking
  const choosing = next(start, { kind: 'opened', start: 'choosing' }, 0).challenge
  const approving = next(start, opened('account'), 0).challenge
  if (choosing.state !== 'choosing' || approving.state !== 'awaiting-approval')
    throw new Error('a CReq begins otherwise')
  const decoupled = beginDecoupled('ja', policy.minDecoupledTime, 0)
  const moments: readonly (readonly [Challenge, number, string])[] = [
    [start, 0, ''],
    [start, start.deadlineAt, ` after ${policy.firstCReqWithin / 1000} s`],
    [asking, lastSentAt, ''],
    [asking, lastSentAt + policy.resendAfter, ` after ${policy.resendAfter / 1000} s`],
    [asking, lastSentAt + policy.deliveryPatience, ` for ${policy.deliveryPatience / 1000} s`],
    [{ ...asking, attempts: policy.codeAttempts }, lastSentAt, `, the ${policy.codeAttempts}th`],
    [{ ...asking, sends: policy.codeSends }, lastSentAt + policy.resendAfter, `, the ${policy.codeSends + 1}th`],
    [{ ...asking, selected: ['email-code'] }, lastSentAt, ', sent to one contact'],
    [{ ...asking, outOfBand: ['account'] }, lastSentAt, ', asked there before'],
    [asking, deadlineAt, ` after ${policy.pageTime / 1000} s`],
    [choosing, 0, ''],
    [{ ...choosing, lastSentAt: 0, codeExpiresAt: policy.codeLifetime, sends: 1 }, 0, ', a code was just sent'],
    [{ ...choosing, outOfBand: ['account'] }, 0, ', asked there before'],
    [choosing, choosing.deadlineAt, ` after ${policy.pageTime / 1000} s`],
    [approving, 0, ''],
    [approving, approving.deadlineAt, ` after ${policy.pageTime / 1000} s`],
    [decoupled, 0, ''],
    [decoupled, decoupled.deadlineAt, ' after the requestor’s DecMaxTime'],
  ]
  const usual = new Map<string, string>()
  return moments.flatMap(([challenge, at, moment]) =>
    Object.values(events)
      .flat()
      .flatMap(([words, event]) => {
        const { challenge: after, effects } = next(challenge, event, at)
        const to = nameOf(after)
        const notice = 'notice' in after && after !== challenge ? (after.notice ?? '') : ''
        const other = effects
          .filter(({ kind }) => kind !== 'report-result')
          .map(effectName)
          .join(', ')
        const what = [to, notice, other].join('|')
        const before = usual.get(`${challenge.state}|${words}`)
        if (moment === '') usual.set(`${challenge.state}|${words}`, what)
        // A moment is drawn only if it makes a difference; an event that changes nothing is not drawn at all.
        const late = at >= (challenge.state === 'ended' ? 0 : challenge.deadlineAt)
        if (late && event.kind !== 'tick') return []
        if (moment.startsWith(' for') && event.kind !== 'delivery-failing') return []
        if ((moment !== '' && before === what) || (after === challenge && effects.length === 0)) return []
        const said = [notice ? `says ${notice}` : '', other].filter(Boolean).join(', ')
        return [{ from: nameOf(challenge), to, label: `${words}${moment}${said ? ` / ${said}` : ''}` }]
      }),
  )
}

function effectName(effect: Effect): string {
  if (effect.kind === 'begin') return `begin ${effect.methods.join(' and ')}`
  return effect.kind === 'prove' ? `prove ${effect.method}` : effect.kind
}

function nameOf(challenge: Challenge): string {
  return (challenge.state === 'ended' ? challenge.outcome : challenge.state).replaceAll('-', '_')
}

/** docs/challenge.md. */
export function challengePage(): string {
  const seen = transitions()
  const ends = [...new Set(seen.map(({ to }) => to))].filter(
    to => !['choosing', 'asking', 'awaiting_approval', 'awaiting_creq', 'awaiting_cardholder'].includes(to),
  )
  const results = ends.map(name => {
    const { transStatus, reason, challengeCancel }: OutcomeRow =
      outcomes[name.replaceAll('_', '-') as keyof typeof outcomes]
    const codes = [reason, challengeCancel && `cancel ${challengeCancel}`].filter(Boolean).join(', ')
    return `  ${name} --> [*] : RReq ${transStatus}${codes ? ` (${codes})` : ''}`
  })
  return `# A challenge

Drawn from \`domain/challenge/machine.ts\` by \`npm run docs\`, which asks the machine what each event does in each state at
the moments that matter. What changes nothing is left out. \`/\` stands before what the window says and what is done; every
end fixes its result (RReq) in the same transaction, and what comes after an end changes nothing.

\`\`\`mermaid
stateDiagram-v2
  [*] --> awaiting_creq : ARes C
  [*] --> awaiting_cardholder : ARes D
${seen.map(({ from, to, label }) => `  ${from} --> ${to} : ${label}`).join('\n')}
${results.join('\n')}
\`\`\`

## Where a method goes

An authentication method (a code by e-mail or text message, approval in the account) is one line in each of three records,
complete by type: \`domain/methods/registry.ts\` (what it proves, its EMV 3DS elements, when it is available, what an answer
does), \`server/methods/registry.ts\` (what it sends and compares, its app screens) and
\`app/acs/challenge/[key]/methods/registry.tsx\` (its page in the window). Each line leads to the files of the method; its words
are in \`messages/\`. What was asked and proved is recorded in \`challenge_proofs\`.

## How a result leaves

| step | written before it | after a crash there |
| --- | --- | --- |
| the challenge ends | – | it has not ended: the cardholder submits again, or the worker ends it when its time is over |
| RReq fixed | in the transaction of the end | both are there, or neither |
| RReq sent, before the CRes leaves | the try is counted and the row leased | the worker takes it when the lease is over (${(policy.resultTimeout + 5000) / 1000} s) |
| RRes received and checked, or an Erro | – | the directory server gets the same bytes again, and answers as before |
| delivery noted | in one statement, by the holder of the lease | – |
`
}
