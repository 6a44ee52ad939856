import { account } from './account.ts'
import { emailCode } from './email-code.ts'
import type { Method } from './method.ts'
import { passkey } from './passkey.ts'
import { push } from './push.ts'
import { registration } from './registration.ts'
import { smsCode } from './sms-code.ts'

/** Every authentication method, in the order in which they are offered. */
const registry = {
  'email-code': emailCode,
  'sms-code': smsCode,
  push,
  account,
  passkey,
  registration,
} as const satisfies Readonly<Record<string, Method>>

export type MethodId = keyof typeof registry

/** The notices that a method may show when the window asks again. */
export type MethodNotice = Extract<ReturnType<(typeof registry)[MethodId]['on']>, { kind: 'retry' }>['notice']

export const methods: Readonly<Record<MethodId, Method<MethodNotice>>> = registry
export const methodIds = Object.keys(registry) as readonly MethodId[]
