import { policy } from '#domain/challenge/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { config } from '../../platform/config.ts'
import type { HandedOver } from '../handed-over.ts'
import { handOverSigned } from './signed-post.ts'

/** A notification for the issuer's app. */
export interface AppPush {
  /** The same at each try. */
  readonly id: string
  /** The ids of the device, as pairing gave it, and of the approval request. */
  readonly device: string
  readonly request: string
  readonly title: string
  readonly body: string
  readonly language: Language
  /** ISO 8601 in UTC: the request can no longer be answered from then on. */
  readonly expiresAt: string
}

/** Hands a notification to the push service of the issuer's app: docs/approval-devices.md. */
export async function sendAppPush(notification: AppPush): Promise<HandedOver> {
  const { appPush } = config()
  return appPush ? handOverSigned('app', appPush, notification, policy.pushTimeout) : { kind: 'never' }
}
