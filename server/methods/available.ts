import type { Queryable } from '#db/client.ts'
import { type MethodId, methodIds, methods } from '#domain/methods/registry.ts'
import { type RecipientsNow, type Routed, recipientBy, routesOf } from '../acs/routes.ts'
import { masked } from './code.ts'
import type { Offered } from './offered.ts'
import { serverMethods } from './registry.ts'

/** The methods that a cardholder may use for a challenge at this moment, in the order in which they are offered. */
export async function availableMethods(
  tx: Queryable,
  row: Routed,
  at: number,
  recipients?: RecipientsNow,
): Promise<readonly MethodId[]> {
  const now = recipients ?? (await routesOf(tx, row, at))
  const available: MethodId[] = []
  for (const id of methodIds) {
    if (!isAllowed(id, now)) continue
    const { ready } = serverMethods[id]
    if (!ready || (await ready(tx, row, at))) available.push(id)
  }
  return available
}

/** Whether the rules allow a method; whether it can be used, `ready` says besides. */
export function isAllowed(id: MethodId, { routes, watched }: RecipientsNow): boolean {
  return methods[id].available({ recipients: routes, restriction: watched }).kind === 'available'
}

export async function offeredMethods(tx: Queryable, row: Routed, at: number): Promise<Offered> {
  const recipients = await routesOf(tx, row, at)
  const available = await availableMethods(tx, row, at, recipients)
  const destinations = available.flatMap(id => {
    const { channel } = methods[id]
    const contact = channel && recipientBy(channel, recipients)
    return contact ? [[id, masked(channel, contact.to)] as const] : []
  })
  return { methods: available, destinations: Object.fromEntries(destinations) }
}
