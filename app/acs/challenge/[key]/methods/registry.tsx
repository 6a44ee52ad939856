import type { MethodId } from '#domain/methods/registry.ts'
import { account } from './account.tsx'
import { code } from './code.tsx'
import { passkey } from './passkey.tsx'
import { push } from './push.tsx'
import { registration } from './registration.tsx'
import type { MethodView } from './view.ts'

export const methodViews: Readonly<Record<MethodId, MethodView>> = {
  'email-code': code,
  'sms-code': code,
  push,
  account,
  passkey,
  registration,
}
