import { available, type Method, type ProofEvent, unavailable } from './method.ts'

/** Approval in the cardholder's account, after sign-in and strong authentication: out of band or decoupled. */
export const account = {
  proves: 'verified-user',
  // A code by text message may confirm a sign-in there.
  signs: false,
  answered: 'out-of-band',
  beginsAgain: false,
  selectKey: 'acct',
  emv: () => ({ authenticationMethod: '08', authenticationType: '03' }),
  // The intruder because of whom the account is restricted may be signed in.
  available: ({ restriction }) => (restriction ? unavailable('restricted') : available),
  begin: () => ({ expiresAt: undefined }),
  on: (_proof, { kind }: ProofEvent) => {
    if (kind === 'approved') return { kind: 'proved', outcome: 'approved' } as const
    if (kind === 'declined') return { kind: 'failed', outcome: 'declined', wrong: false } as const
    return { kind: 'retry', notice: 'answer-missing', attempt: 'none' } as const
  },
} as const satisfies Method
