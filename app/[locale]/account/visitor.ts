import { headers } from 'next/headers'
import { deviceOf } from '#domain/account/device.ts'
import type { Device, Visitor } from '#server/account/visitor.ts'
import { clientHeader } from '#server/platform/csp.ts'
import { currentDevice, ensureDevice, ensureVisit } from './cookies.ts'

/** The network of the request, for limits. */
export async function networkOfReader(): Promise<string> {
  return (await headers()).get(clientHeader) ?? ''
}

/** The browser of an action's or a route's request. */
export async function visitor(): Promise<Visitor> {
  return { visit: await ensureVisit(), network: await networkOfReader(), device: await currentDevice() }
}

/** The browser in which a cardholder signs in. */
export async function device(): Promise<Device> {
  return { token: await ensureDevice(), name: deviceOf((await headers()).get('user-agent') ?? '') }
}
