import { z } from 'zod'
import { businessDayAfter } from '#domain/contact/business-days.ts'
import { contactPolicy } from '#domain/contact/policy.ts'
import type { Instant } from '#domain/kernel/instant.ts'

// Devices on which a cardholder approves payments: docs/approval-devices.md.

/** `app`: the issuer's app, paired with a key of its own; `web`: our web app, registered with a passkey. */
export type DeviceKind = 'app' | 'web'

/** Where Web Push reaches a browser, as PushSubscription.toJSON() gives it (Push API, 8). */
export interface PushSubscription {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
}

/**
 * When a device that was added at `createdAt` may approve larger purchases: after the business days that a new mobile
 * number waits. Until then its owner has time to read the notice of its addition.
 */
export function approvesLargerFrom(createdAt: Instant): Instant {
  return businessDayAfter(createdAt, contactPolicy.businessDays)
}

/** Whether a device may approve a purchase. `larger`: the purchase is above the amount that the issuer configured. */
export function mayApprove({ createdAt }: { readonly createdAt: Instant }, larger: boolean, now: Instant): boolean {
  return !larger || now >= approvesLargerFrom(createdAt)
}

/** The point of a P-256 key, uncompressed, and 16 octets (RFC 8291, 3.1 and 3.2), base64url. */
const subscription = z.object({
  endpoint: z.url({ protocol: /^https?$/ }).max(1000),
  keys: z.object({ p256dh: z.string().regex(/^B[\w-]{86}$/), auth: z.string().regex(/^[\w-]{22}$/) }),
})

/** Reads what a browser posts as its subscription. Accepts any text and never throws; undefined if it is not one. */
export function readSubscription(text: string): PushSubscription | undefined {
  try {
    const { data } = subscription.safeParse(JSON.parse(text))
    // As URLs are written: a database takes no text with NUL or half a surrogate pair.
    return data && { endpoint: new URL(data.endpoint).href, keys: data.keys }
  } catch {
    return undefined
  }
}
