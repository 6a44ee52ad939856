import type { Queryable } from '#db/client.ts'
import * as db from '#db/queries/approval-devices.ts'
import { type DeviceKind, mayApprove } from '#domain/approval/device.ts'
import { signsInHere } from '../account/identity.ts'
import { config } from '../platform/config.ts'

// The devices on which a cardholder may approve payments now.

export type ApprovalDeviceRow = db.DeviceRow

/** Whether this deployment can reach devices of a kind. */
export function isReachable(kind: DeviceKind): boolean {
  if (kind === 'app') return config().appPush !== undefined
  // A web device signs with a passkey of the account, which has none where the issuer's identity provider signs in.
  return config().webPush !== undefined && signsInHere()
}

/** The cardholder's devices that may approve a purchase. `larger`: it is above the amount that the issuer configured. */
export async function approvingDevices(
  tx: Queryable,
  cardholderId: string,
  larger: boolean,
  now: number,
): Promise<ApprovalDeviceRow[]> {
  const devices = await db.devicesOf(tx, cardholderId)
  return devices.filter(device => isReachable(device.kind) && mayApprove(device, larger, now))
}
