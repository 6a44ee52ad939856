import type { RegistrationNotice } from '#domain/registration/answer.ts'
import { available, type Failed, type Method, type ProofEvent, type Proved, type Retry, unavailable } from './method.ts'

/**
 * A cardholder without a contact proves two facts (domain/registration/facts.ts), and registers an e-mail address by the
 * code that it receives. The code proves that the address works; who the cardholder is, the facts alone have proved.
 */
export const registration = {
  proves: 'mailbox',
  signs: false,
  answered: 'in-steps',
  selectKey: 'reg',
  // Knowledge, which is static: the result never says more than what identified the cardholder.
  emv: () => ({ authenticationMethod: '06', authenticationType: '01' }),
  available: ({ recipients, restriction }) =>
    recipients.kind === 'no-contact' && !restriction ? available : unavailable('has-contact'),
  begin: () => ({ expiresAt: undefined }),
  on,
} as const satisfies Method

function on(_proof: unknown, event: ProofEvent): Proved | Failed | Retry<RegistrationNotice> {
  if (event.kind !== 'registering') return { kind: 'retry', notice: 'code-expired', attempt: 'none' }
  const { answer } = event
  switch (answer) {
    case 'registered':
      return { kind: 'proved', outcome: 'authenticated' }
    case 'facts-spent':
    case 'attempts-spent':
      return { kind: 'failed', outcome: answer, wrong: false }
    default:
      return { kind: 'retry', notice: answer, attempt: 'none' }
  }
}
