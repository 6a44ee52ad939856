import { begin, beginDecoupled, beginSpc, next } from '#domain/challenge/machine.ts'
import { policy } from '#domain/challenge/policy.ts'
import type { Challenge, Effect, Event, Start } from '#domain/challenge/states.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { type OutcomeRow, outcomes } from '#domain/emv/outcome.ts'
import type { ProofEvent } from '#domain/methods/method.ts'
import type { MethodId } from '#domain/methods/registry.ts'
import { anyCode } from '#domain/methods/selection.ts'
import type { RegistrationAnswer } from '#domain/registration/answer.ts'

type Answered = Extract<Event, { kind: 'answered' }>

const starts = (...ids: MethodId[]): Start => ({ kind: 'methods', selected: ids, begun: ids })
const smsLimited = { kind: 'sms-limited', restriction: undefined } as const
const opened = (...ids: MethodId[]) => ({ kind: 'opened' as const, start: starts(...ids) })
const select = (...ids: MethodId[]) => ({ kind: 'method-selected' as const, start: starts(...ids) })
const code = (event: ProofEvent): Answered => ({ kind: 'answered', method: 'email-code', event })
const registering = (answer: RegistrationAnswer): Answered => ({
  kind: 'answered',
  method: 'registration',
  event: { kind: 'registering', answer },
})
const inAccount = (kind: 'approved' | 'declined' | 'missed'): Answered => ({
  kind: 'answered',
  method: 'account',
  event: { kind },
})

/** An example of each event and of each kind that makes a difference, with its label in the diagram. */
const events: { readonly [kind in Event['kind']]: readonly (readonly [string, Event & { kind: kind }])[] } = {
  opened: [
    ['CReq', opened(...anyCode)],
    ['CReq, the cardholder prefers to choose', { kind: 'opened', start: 'choosing' }],
    ['CReq, the cardholder prefers the account', opened('account')],
    ['CReq, the cardholder prefers a passkey', opened('passkey')],
    ['CReq, the cardholder registers a contact', opened('registration')],
    ['CReq, no contact may be registered any more', { kind: 'opened', barred: 'no-contact' }],
    ['CReq, above the amount of a contact that is not confirmed', { kind: 'opened', barred: 'contact-provisional' }],
    ['CReq, no contact may receive a code', { kind: 'opened', start: { kind: 'no-contact' } }],
    ['CReq, no text message may be sent', { kind: 'opened', start: smsLimited }],
    [
      'CReq, no text message may be sent while a report is open',
      { kind: 'opened', start: { ...smsLimited, restriction: 'report-open' } },
    ],
    ['CReq, no code may be sent or entered', { kind: 'opened', start: { kind: 'flooded' } }],
    ['CReq, the card was stolen', { kind: 'opened', barred: 'card-stolen' }],
    ['CReq, the card was closed', { kind: 'opened', barred: 'card-closed' }],
    ['CReq, the card expired', { kind: 'opened', barred: 'card-expired' }],
    ['CReq, the e-mail address was changed recently', { kind: 'opened', barred: 'email-recently-changed' }],
    ['CReq, the mobile number was stopped recently', { kind: 'opened', barred: 'number-stopped' }],
    ['CReq, a report is open', { kind: 'opened', barred: 'report-open' }],
    ['CReq, only a device may confirm, and none can be asked', { kind: 'opened', barred: 'device-needed' }],
  ],
  'nothing-to-show': [['CReq, the device can show no available method', { kind: 'nothing-to-show' }]],
  'method-selected': [
    ['a code selected', select('email-code')],
    ['the account selected', select('account')],
    ['the passkey selected', select('passkey')],
    ['a code selected, too many were sent', { kind: 'method-selected', start: { kind: 'flooded' } }],
    ['a code selected, no contact may receive it', { kind: 'method-selected', start: { kind: 'no-contact' } }],
    ['a code selected, no text message may be sent', { kind: 'method-selected', start: smsLimited }],
  ],
  'method-missing': [['no method selected', { kind: 'method-missing' }]],
  'other-method': [['another method requested', { kind: 'other-method' }]],
  answered: [
    ['right code', code({ kind: 'compared', compared: { kind: 'match' } })],
    ['wrong code', code({ kind: 'compared', compared: { kind: 'other' } })],
    ['earlier code', code({ kind: 'compared', compared: { kind: 'earlier', first: true, earlier: [] } })],
    ['earlier code again', code({ kind: 'compared', compared: { kind: 'earlier', first: false, earlier: [] } })],
    ['no code', code({ kind: 'unreadable', why: 'malformed' })],
    ['expired code', code({ kind: 'late' })],
    ['code of a contact that may no longer receive codes', code({ kind: 'withdrawn' })],
    ['the cardholder continues without an answer', inAccount('missed')],
    ['the cardholder approves', inAccount('approved')],
    ['the cardholder declines', inAccount('declined')],
    ['the facts are right', registering('facts-right')],
    ['a code sent to the new contact', registering('contact-code-sent')],
    ['right code of the new contact', registering('registered')],
    ['facts wrong, no tries left', registering('facts-spent')],
    ['wrong code of the new contact, no tries left', registering('attempts-spent')],
  ],
  barred: [
    ['the card was stolen', { kind: 'barred', by: 'card-stolen' }],
    ['the card was closed', { kind: 'barred', by: 'card-closed' }],
    ['the card expired', { kind: 'barred', by: 'card-expired' }],
    ['the e-mail address was changed recently', { kind: 'barred', by: 'email-recently-changed' }],
    ['the mobile number was stopped recently', { kind: 'barred', by: 'number-stopped' }],
    ['a report is open', { kind: 'barred', by: 'report-open' }],
    ['the contact is not confirmed', { kind: 'barred', by: 'contact-provisional' }],
    ['no contact may be registered any more', { kind: 'barred', by: 'no-contact' }],
  ],
  'codes-refused': [
    ['too many wrong codes, no other method', { kind: 'codes-refused', by: 'limited', otherMethods: false }],
    ['too many wrong codes', { kind: 'codes-refused', by: 'stopped', otherMethods: true }],
  ],
  resend: [
    ['new code requested', { kind: 'resend', start: starts(...anyCode) }],
    ['new code requested, no text message may be sent', { kind: 'resend', start: smsLimited }],
    ['new code requested, no contact may receive it', { kind: 'resend', start: { kind: 'no-contact' } }],
  ],
  cancel: [['cancel', { kind: 'cancel' }]],
  language: [['other language', { kind: 'language', language: 'en' }]],
  tick: [['time passes', { kind: 'tick' }]],
  'delivery-failing': [
    ['no message with the code can be delivered any more', { kind: 'delivery-failing', final: true }],
    ['no gateway accepts the code', { kind: 'delivery-failing', final: false }],
  ],
  'contact-lost': [
    [
      'a contact is lost, and a code was sent to another',
      { kind: 'contact-lost', channel: 'sms', stillAsked: ['email-code'], otherMethods: true },
    ],
    ['the only contact is lost', { kind: 'contact-lost', channel: 'sms', stillAsked: [], otherMethods: true }],
    [
      'the only contact is lost, no other method',
      { kind: 'contact-lost', channel: 'sms', stillAsked: [], otherMethods: false },
    ],
  ],
  'bad-creq': [['invalid or different CReq', { kind: 'bad-creq' }]],
  reported: [['the cardholder says “this was not me”', { kind: 'reported' }]],
  asserted: [
    ['second AReq, its assertion is valid', { kind: 'asserted', proved: true }],
    ['second AReq without a valid assertion', { kind: 'asserted', proved: false }],
  ],
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
  const confirming = beginSpc('ja', 0)
  const moments: readonly (readonly [Challenge, number, string])[] = [
    [start, 0, ''],
    [start, start.deadlineAt, ` after ${policy.firstCReqTimeout / 1000} s`],
    [asking, lastSentAt, ''],
    [asking, lastSentAt + codePolicy.challenge.resendAfter, ` after ${codePolicy.challenge.resendAfter / 1000} s`],
    [asking, lastSentAt + policy.deliveryPatience, ` for ${policy.deliveryPatience / 1000} s`],
    [{ ...asking, attempts: codePolicy.challenge.attempts }, lastSentAt, `, the ${codePolicy.challenge.attempts}th`],
    [
      { ...asking, sends: codePolicy.challenge.sends },
      lastSentAt + codePolicy.challenge.resendAfter,
      `, the ${codePolicy.challenge.sends + 1}th`,
    ],
    [{ ...asking, selected: ['email-code'] }, lastSentAt, ', sent to one contact'],
    [
      { ...asking, selected: ['registration'], sends: 0, lastSentAt: undefined, codeExpiresAt: undefined },
      0,
      ', while registering',
    ],
    [{ ...asking, outOfBand: ['account'] }, lastSentAt, ', begun earlier'],
    [asking, deadlineAt, ` after ${policy.pageTime / 1000} s`],
    [choosing, 0, ''],
    [
      { ...choosing, lastSentAt: 0, codeExpiresAt: codePolicy.challenge.lifetime, sends: 1 },
      0,
      ', a code was just sent',
    ],
    [{ ...choosing, outOfBand: ['account'] }, 0, ', begun earlier'],
    [choosing, choosing.deadlineAt, ` after ${policy.pageTime / 1000} s`],
    [approving, 0, ''],
    [approving, approving.deadlineAt, ` after ${policy.pageTime / 1000} s`],
    [decoupled, 0, ''],
    [decoupled, decoupled.deadlineAt, ' after the requestor’s DecMaxTime'],
    [confirming, 0, ''],
    [confirming, confirming.deadlineAt, ` after ${policy.secondAReqTimeout / 1000} s`],
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
          .filter(({ kind }) => kind !== 'report-result' && kind !== 'close')
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
  const ends = [...new Set(seen.map(({ to }) => to))].filter(to => to.replaceAll('_', '-') in outcomes)
  const results = ends.map(name => {
    const { transStatus, reason, challengeCancel }: OutcomeRow =
      outcomes[name.replaceAll('_', '-') as keyof typeof outcomes]
    const codes = [reason, challengeCancel && `cancel ${challengeCancel}`].filter(Boolean).join(', ')
    if (name === 'unconfirmed') return `  ${name} --> [*] : the second AReq is answered like any other`
    return `  ${name} --> [*] : RReq ${transStatus}${codes ? ` (${codes})` : ''}`
  })
  return `# A challenge

\`npm run docs\` generates this page by running the state machine (\`domain/challenge/machine.ts\`): each event in each state, at
the times that make a difference. Events that change nothing are left out. After \`/\` come the notice that the window shows
and the effects. Each final state determines the result (RReq), saved in the same transaction; events after an end change nothing. After ARes S the second AReq
ends the challenge, and its ARes is the result: no RReq is sent.

The machine is called by \`server/challenge/open.ts\` (CReq), \`server/challenge/submit.ts\` (what the cardholder submits),
\`server/account/payments.ts\` (approval in the account), \`server/approval/answer-request.ts\` (approval on a
[device](approval-devices.md)), \`server/authentication/spc-answer.ts\` (second AReq) and \`server/worker.ts\` (time-outs); \`server/challenge/apply.ts\` saves the new state with
its effects.

\`\`\`mermaid
stateDiagram-v2
  [*] --> awaiting_creq : ARes C
  [*] --> awaiting_cardholder : ARes D
  [*] --> awaiting_assertion : ARes S
${seen.map(({ from, to, label }) => `  ${from} --> ${to} : ${label}`).join('\n')}
${results.join('\n')}
\`\`\`

## Adding a method

An authentication method (a code by e-mail or text message, approval on a device or in the account) is one entry in each
of three registries. A method that is new is added to the first; the type checker then demands the other two.

| Registry | What the method says there |
| --- | --- |
| \`domain/methods/registry.ts\` | what it proves, its EMV 3DS elements, when it is available, what an answer does |
| \`server/methods/registry.ts\` | what it sends and compares, its app screens |
| \`app/acs/challenge/[key]/methods/registry.tsx\` | its page in the window |

Each entry leads to the files of the method. Its words are in \`messages/\`: \`challenge.choice\` for the window, \`app.methods\`
for the app channel. Which methods a preference selects is in \`domain/methods/selection.ts\`. \`challenge_proofs\` records what
was begun and proved.

## How a result leaves

| step | written before it | if the process crashes there |
| --- | --- | --- |
| the challenge ends | – | the challenge has not ended: the cardholder submits again, or the worker ends it at its deadline |
| RReq fixed | in the transaction of the end | the database has both, or neither |
| RReq sent, before the CRes leaves | the try is counted and the row leased | the worker sends it when the lease expires (${(2 * policy.resultConnectTimeout + policy.resultTimeout + 5000) / 1000} s) |
| RRes or Erro received and read | – | the directory server gets the same bytes again, and says 312: it has them |
| result of the try recorded | in one transaction, by the holder of the lease | – |

| what the directory server does | what follows | CRes in a browser | in an app |
| --- | --- | --- | --- |
| RRes, or Erro 312 | delivered | as decided | as decided |
| cannot be reached, first time | one more try at once | – | – |
| again | 2.3.1: the result becomes U, unless \`keepsUndeliveredResult\`; the worker tries every ${policy.resultRetryPause / 1000} s until it is reached | 2.3.1: N | 2.3.1: N |
| reached, and silent for ${policy.resultTimeout / 1000} s, or hangs up | SafeKey sends Erro 402 once and does not retry | as decided | Erro 402 |
| anything that is not its RRes | SafeKey sends Erro 101, 201, 203 or 301 once and does not retry | as decided | the same Erro |
| another Erro | SafeKey does not retry | as decided | Erro 403 |

The rules are in \`domain/challenge/result-delivery.ts\`, the calls in \`server/challenge/report-result.ts\`, and why in
[decision 43](decisions/0043-a-result-is-sent-until-its-directory-server-is-reached.md).
`
}
