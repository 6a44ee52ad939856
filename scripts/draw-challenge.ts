import { begin, beginDecoupled, type Challenge, type Event, next } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import { endings, type Outcome } from '#domain/emv/outcome.ts'

/** One of each event, in its kinds that make a difference, with the words for it in the picture. */
const events: { readonly [kind in Event['kind']]: readonly (readonly [string, Event & { kind: kind }])[] } = {
  opened: [
    ['CReq', { kind: 'opened' }],
    ['CReq, the cardholder wants to be asked how', { kind: 'opened', first: 'choosing' }],
    ['CReq, the cardholder wants to be asked in the account', { kind: 'opened', first: 'account' }],
    ['CReq, nothing can be asked any more', { kind: 'opened', first: 'nothing' }],
    ['CReq, the card is locked', { kind: 'opened', barred: 'locked' }],
    ['CReq, the card was stolen', { kind: 'opened', barred: 'card-stolen' }],
    ['CReq, the card was closed', { kind: 'opened', barred: 'card-closed' }],
    ['CReq, the card expired', { kind: 'opened', barred: 'card-expired' }],
    ['CReq, the e-mail address is too new', { kind: 'opened', barred: 'email-too-new' }],
    ['CReq, the mobile number was stopped a moment ago', { kind: 'opened', barred: 'number-stopped' }],
    ['CReq, a report is not settled', { kind: 'opened', barred: 'guarded' }],
  ],
  'way-chosen': [
    ['a code chosen', { kind: 'way-chosen', way: 'email' }],
    ['the account chosen', { kind: 'way-chosen', way: 'account' }],
    ['a code chosen, too many were sent', { kind: 'way-chosen', way: 'email', flooded: true }],
  ],
  'way-refused': [['nothing chosen', { kind: 'way-refused' }]],
  'other-way': [['another way wanted', { kind: 'other-way' }]],
  'answer-missed': [['goes on without an answer', { kind: 'answer-missed' }]],
  barred: [
    ['the card is locked', { kind: 'barred', by: 'locked' }],
    ['the card was stolen', { kind: 'barred', by: 'card-stolen' }],
    ['the card was closed', { kind: 'barred', by: 'card-closed' }],
    ['the card expired', { kind: 'barred', by: 'card-expired' }],
    ['the e-mail address is too new', { kind: 'barred', by: 'email-too-new' }],
    ['the mobile number was stopped a moment ago', { kind: 'barred', by: 'number-stopped' }],
    ['a report is not settled', { kind: 'barred', by: 'guarded' }],
  ],
  'code-compared': [
    ['right code', { kind: 'code-compared', match: true }],
    ['wrong code', { kind: 'code-compared', match: false }],
  ],
  'code-earlier': [
    ['earlier code', { kind: 'code-earlier', free: true }],
    ['earlier code once more', { kind: 'code-earlier', free: false }],
  ],
  'code-refused': [['no code', { kind: 'code-refused', why: 'code-malformed' }]],
  'code-late': [['code after its time', { kind: 'code-late' }]],
  resend: [['new code wanted', { kind: 'resend' }]],
  cancel: [['cancel', { kind: 'cancel' }]],
  language: [['other language', { kind: 'language', language: 'en' }]],
  tick: [['time passes', { kind: 'tick' }]],
  'delivery-failing': [
    ['no gateway takes the code, and none will', { kind: 'delivery-failing', final: true }],
    ['no gateway takes the code', { kind: 'delivery-failing', final: false }],
  ],
  'sms-limited': [
    ['the code needs a text message, and none may be sent', { kind: 'sms-limited' }],
    ['the same while a report is not settled', { kind: 'sms-limited', watched: 'guarded' }],
  ],
  'bad-creq': [['broken or different CReq', { kind: 'bad-creq' }]],
  approved: [['the cardholder approves', { kind: 'approved' }]],
  declined: [['the cardholder declines', { kind: 'declined' }]],
  reported: [['the cardholder says “this was not me”', { kind: 'reported' }]],
}

interface Seen {
  readonly from: string
  readonly to: string
  readonly label: string
}

/** The machine's own transitions, found by asking it: each state, at the moments that matter, each event. */
function transitions(): Seen[] {
  const start = begin('ja', 0)
  const asking = next(start, { kind: 'opened' }, 0).challenge
  if (asking.state !== 'asking') throw new Error('a good CReq opens no window')
  const { lastSentAt, deadlineAt } = asking
  const choosing = next(start, { kind: 'opened', first: 'choosing' }, 0).challenge
  const approving = next(start, { kind: 'opened', first: 'account' }, 0).challenge
  if (choosing.state !== 'choosing' || approving.state !== 'awaiting-approval')
    throw new Error('a CReq begins otherwise')
  const elsewhere = beginDecoupled('ja', policy.leastDecoupledTime, 0)
  const moments: readonly (readonly [Challenge, number, string])[] = [
    [start, 0, ''],
    [start, start.deadlineAt, ` after ${policy.firstCReqWithin / 1000} s`],
    [asking, lastSentAt, ''],
    [asking, lastSentAt + policy.resendAfter, ` after ${policy.resendAfter / 1000} s`],
    [asking, lastSentAt + policy.deliveryPatience, ` for ${policy.deliveryPatience / 1000} s`],
    [{ ...asking, attempts: policy.codeAttempts }, lastSentAt, `, the ${policy.codeAttempts}th`],
    [{ ...asking, sends: policy.codeSends }, lastSentAt + policy.resendAfter, `, the ${policy.codeSends + 1}th`],
    [{ ...asking, way: 'email' }, lastSentAt, ', sent to one contact'],
    [{ ...asking, askedInAccount: true }, lastSentAt, ', asked there before'],
    [asking, deadlineAt, ` after ${policy.pageTime / 1000} s`],
    [choosing, 0, ''],
    [{ ...choosing, lastSentAt: 0, codeExpiresAt: policy.codeLifetime, sends: 1 }, 0, ', a code was just sent'],
    [{ ...choosing, askedInAccount: true }, 0, ', asked there before'],
    [choosing, choosing.deadlineAt, ` after ${policy.pageTime / 1000} s`],
    [approving, 0, ''],
    [approving, approving.deadlineAt, ` after ${policy.pageTime / 1000} s`],
    [elsewhere, 0, ''],
    [elsewhere, elsewhere.deadlineAt, ' after the requestor’s DecMaxTime'],
  ]
  const usual = new Map<string, string>()
  return moments.flatMap(([challenge, at, moment]) =>
    Object.values(events)
      .flat()
      .flatMap(([words, event]) => {
        const { challenge: after, effects } = next(challenge, event, at)
        const to = nameOf(after)
        const notice = 'notice' in after && after !== challenge ? (after.notice ?? '') : ''
        const other = effects.filter(effect => effect !== 'report-result').join(', ')
        const what = [to, notice, other].join('|')
        const before = usual.get(`${challenge.state}|${words}`)
        if (moment === '') usual.set(`${challenge.state}|${words}`, what)
        // A moment is drawn where it makes a difference; what stays as it is is not drawn at all.
        const late = at >= (challenge.state === 'ended' ? 0 : challenge.deadlineAt)
        if (late && event.kind !== 'tick') return []
        if (moment.startsWith(' for') && event.kind !== 'delivery-failing') return []
        if ((moment !== '' && before === what) || (after === challenge && effects.length === 0)) return []
        const said = [notice ? `says ${notice}` : '', other].filter(Boolean).join(', ')
        return [{ from: nameOf(challenge), to, label: `${words}${moment}${said ? ` / ${said}` : ''}` }]
      }),
  )
}

function nameOf(challenge: Challenge): string {
  return (challenge.state === 'ended' ? challenge.ending : challenge.state).replaceAll('-', '_')
}

/** docs/challenge.md. */
export function challengePage(): string {
  const seen = transitions()
  const ends = [...new Set(seen.map(({ to }) => to))].filter(
    to => !['choosing', 'asking', 'awaiting_approval', 'awaiting_creq', 'awaiting_cardholder'].includes(to),
  )
  const results = ends.map(name => {
    const { transStatus, reason, challengeCancel }: Outcome = endings[name.replaceAll('_', '-') as keyof typeof endings]
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

## How a result leaves

| step | written before it | after a crash there |
| --- | --- | --- |
| the challenge ends | – | it has not ended: the cardholder submits again, or the worker ends it when its time is over |
| RReq fixed | in the transaction of the end | both are there, or neither |
| RReq sent, before the CRes leaves | the try is counted and the row leased | the worker takes it when the lease is over (${(policy.resultTimeout + 5000) / 1000} s) |
| RRes received and checked, or an Erro | – | the directory server gets the same bytes again, and answers as before |
| delivery noted | in one statement, by whoever holds the lease | – |
`
}
