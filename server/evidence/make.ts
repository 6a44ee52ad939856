import { transaction } from '#db/client.ts'
import { evidenceRows } from '#db/queries/evidence.ts'
import { auditOperator } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { config } from '../platform/config.ts'
import { evidenceOf } from './contents.ts'
import { signEvidence } from './document.ts'

/**
 * Makes the signed document about one authentication, and records which operator did and why. Undefined if there is no
 * such authentication.
 */
export function makeEvidence(
  acsTransID: string,
  { by, reason }: { readonly by: string; readonly reason?: string },
): Promise<string | undefined> {
  return transaction(async tx => {
    const at = now()
    const rows = await evidenceRows(tx, acsTransID, at)
    if (!rows) return undefined
    const { publicOrigin: origin, passkeyDomain, retentionDays } = config()
    const document = await signEvidence(evidenceOf(rows, { acsTransID, at, origin, passkeyDomain, retentionDays }))
    const { cardId } = rows.authentication
    await auditOperator(tx, { type: 'evidence-made', by, ...(reason && { reason }), cardId, ref: rows.id })
    return document
  })
}
