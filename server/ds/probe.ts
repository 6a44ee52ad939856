import { findCard } from '#db/queries/cards.ts'
import { policy } from '#domain/challenge/policy.ts'
import { sendsSms } from '../messaging/sends-sms.ts'
import { now } from '../platform/clock.ts'
import { newRandomId } from '../platform/crypto.ts'

/** No HMAC is all zeros. */
const noCard = Buffer.alloc(32)

/** Runs the look-up that every AReq begins with, in the same batch, for a card that does not exist. */
export async function lookUpNoCard(): Promise<void> {
  const at = now()
  await findCard({
    hmac: noCard,
    earlierHmac: noCard,
    sms: sendsSms(),
    now: at,
    method: newRandomId(),
    seenAfter: at - policy.methodResultValidFor,
    knownAfter: at - policy.deviceKnownFor,
  })
}
