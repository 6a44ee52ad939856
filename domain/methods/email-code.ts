import type { Method } from './method.ts'
import { typedCode } from './typed-code.ts'

/** A code by e-mail. */
export const emailCode = {
  ...typedCode('email'),
  proves: 'mailbox',
  selectKey: 'mail',
  emv: () => ({ authenticationMethod: '05', authenticationType: '02' }),
} as const satisfies Method
