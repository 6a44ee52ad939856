import { available, type Method, type ProofEvent, unavailable } from './method.ts'

/**
 * Approval on a device of the cardholder's, which shows the purchase, asks for the number in the window and signs both
 * (domain/approval).
 */
export const push = {
  proves: 'device',
  signs: true,
  answered: 'out-of-band',
  // Its request ends long before the window does.
  beginsAgain: true,
  selectKey: 'push',
  // 2.1.0 does not have 11, push confirmation.
  emv: version => ({ authenticationMethod: version === '2.1.0' ? '09' : '11', authenticationType: '03' }),
  // The device may be one that the intruder added.
  available: ({ restriction, pushes = 'permitted' }) => {
    if (restriction) return unavailable('restricted')
    return pushes === 'permitted' ? available : unavailable('limited')
  },
  begin: () => ({ expiresAt: undefined }),
  on: (_proof, { kind }: ProofEvent) => {
    if (kind === 'approved') return { kind: 'proved', outcome: 'approved' } as const
    if (kind === 'declined') return { kind: 'failed', outcome: 'declined', wrong: false } as const
    return { kind: 'retry', notice: 'device-missing', attempt: 'none' } as const
  },
} as const satisfies Method
