import type { MethodId } from '#domain/methods/registry.ts'
import { account } from './account.ts'
import { emailCode } from './email-code.ts'
import type { ServerMethod } from './method.ts'
import { passkey } from './passkey.ts'
import { push } from './push.ts'
import { registration } from './registration.ts'
import { smsCode } from './sms-code.ts'

export const serverMethods: Readonly<Record<MethodId, ServerMethod>> = {
  'email-code': emailCode,
  'sms-code': smsCode,
  push,
  account,
  passkey,
  registration,
}
