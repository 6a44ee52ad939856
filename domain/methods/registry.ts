import { account } from './account.ts'
import { emailCode } from './email-code.ts'
import { type Available, type Method, type MethodFacts, unavailable } from './method.ts'
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

/** Whether a method may be offered. `onDevice`: only a device of the cardholder's may confirm the payment. */
export function availability(
  id: MethodId,
  { onDevice, ...facts }: MethodFacts & { readonly onDevice: boolean },
): Available {
  return onDevice && !methods[id].signs ? unavailable('not-on-device') : methods[id].available(facts)
}
