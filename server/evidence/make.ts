import { transaction } from '#db/client.ts'
import { evidenceRows } from '#db/queries/evidence.ts'
import { secondAReq } from '#domain/emv/spc.ts'
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
    // A payment that was confirmed in the merchant's page has its signature in the authentication that asked for it.
    const { areq, decision } = rows.authentication
    const priorRef = decision === 'authenticated' ? secondAReq(areq, '2.3.1')?.priorRef : undefined
    const first = priorRef === undefined ? undefined : await evidenceRows(tx, priorRef, at)
    const made = { acsTransID, at, origin, passkeyDomain, retentionDays }
    const document = await signEvidence(evidenceOf(rows, made, first))
    const { cardId } = rows.authentication
    await auditOperator(tx, { type: 'evidence-made', by, ...(reason && { reason }), cardId, ref: rows.id })
    return document
  })
}
