import type { Method } from './method.ts'
import { typedCode } from './typed-code.ts'

/** A code by text message. */
export const smsCode = {
  ...typedCode('sms'),
  proves: 'phone-number',
  selectKey: 'sms',
  emv: () => ({ authenticationMethod: '02', authenticationType: '02' }),
} as const satisfies Method
