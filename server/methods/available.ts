import type { Queryable } from '#db/client.ts'
import type { ChallengeRow } from '#db/queries/challenges.ts'
import type { CodesNow, PushesNow } from '#domain/methods/method.ts'
import { availability, type MethodId, methodIds, methods } from '#domain/methods/registry.ts'
import { type CodeRequest, codeRecipientsOf, type RecipientsNow, recipientBy } from '../challenge/code-recipients.ts'
import { masked } from './code.ts'
import type { Offered } from './offered.ts'
import { serverMethods } from './registry.ts'

/** The methods that a cardholder may use for a challenge at this moment, in the order in which they are offered. */
export async function availableMethods(
  tx: Queryable,
  row: CodeRequest,
  at: number,
  recipients?: RecipientsNow,
): Promise<readonly MethodId[]> {
  const now = recipients ?? (await codeRecipientsOf(tx, row, at))
  const available: MethodId[] = []
  const isInBrowser = row.notificationURL !== ''
  for (const id of methodIds) {
    const { ready, screen } = serverMethods[id]
    if (!isAllowed(id, now) || !(screen || isInBrowser)) continue
    if (!ready || (await ready(tx, row, now, at))) available.push(id)
  }
  return available
}

/**
 * The methods that a cardholder may use instead of a code. None in an app whose cardholder prefers a code, because its
 * device may not be able to show another method.
 */
export async function methodsWithoutCode(
  tx: Queryable,
  row: ChallengeRow,
  at: number,
  recipients?: RecipientsNow,
): Promise<readonly MethodId[]> {
  if (row.notificationURL === '' && row.preference === 'code') return []
  return availableMethods(tx, row, at, { ...(recipients ?? (await codeRecipientsOf(tx, row, at))), codes: 'stopped' })
}

/** Whether the rules allow a method. Whether it can be used also depends on `ready`. */
export function isAllowed(id: MethodId, { recipients, restricted, onDevice, codes, pushes }: RecipientsNow): boolean {
  const limits = { ...(codes && { codes }), ...(pushes && { pushes }) }
  return availability(id, { recipients, restriction: restricted, onDevice, ...limits }).kind === 'available'
}

export async function offeredMethods(
  tx: Queryable,
  row: CodeRequest,
  at: number,
  { codes, pushes }: { readonly codes: CodesNow; readonly pushes: PushesNow },
): Promise<Offered> {
  const recipients = { ...(await codeRecipientsOf(tx, row, at)), codes, pushes }
  const available = await availableMethods(tx, row, at, recipients)
  const destinations = available.flatMap(id => {
    const { channel } = methods[id]
    const contact = channel && recipientBy(channel, recipients)
    return contact ? [[id, masked(channel, contact.to)] as const] : []
  })
  return { methods: available, destinations: Object.fromEntries(destinations) }
}
