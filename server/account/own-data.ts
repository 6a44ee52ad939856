import { transaction } from '#db/client.ts'
import { ownRows } from '#db/queries/own-data.ts'
import { allows } from '#domain/account/assurance.ts'
import { type OwnSection, ownData, ownSections } from '#domain/account/own-data.ts'
import { ownPart, type RiskRecord } from '#domain/risk/record.ts'
import { audit } from '../audit/audit.ts'
import { now } from '../platform/clock.ts'
import { contactContext, keys, namesContext } from '../platform/keys.ts'
import { log } from '../platform/log.ts'
import type { Actor } from './actor.ts'
import { personalMessageContext } from './personal-message.ts'
import { signInContext } from './sign-in-address.ts'

export type OwnDataRead =
  | { readonly kind: 'data'; readonly data: ReturnType<typeof ownData> }
  | { readonly kind: 'stronger-authentication-needed' }

/**
 * Everything that we store about the signed-in cardholder. It has contacts in clear text, so it needs strong
 * authentication; other sessions see them masked only.
 */
export async function readOwnData(actor: Actor): Promise<OwnDataRead> {
  const at = now()
  if (!allows('download-data', actor, at)) return { kind: 'stronger-authentication-needed' }
  const { cardholderId } = actor
  const sections = Object.keys(ownSections) as OwnSection[]
  const rows = await Promise.all(
    sections.map(async section => {
      const found = await ownRows(section, cardholderId)
      return [section, await Promise.all(found.map(row => opened(section, row, cardholderId)))] as const
    }),
  )
  await transaction(tx => audit(tx, { type: 'data-exported', cardholderId }))
  log.info('data.read', { cardholderId })
  return {
    kind: 'data',
    data: ownData(Object.fromEntries(rows) as Record<OwnSection, object[]> as never, new Date(at).toISOString()),
  }
}

type Row = Readonly<Record<string, unknown>>

/** Decrypts a row's encrypted field, each with the context that it is bound to. */
async function opened(section: OwnSection, row: Row, cardholderId: string): Promise<Row> {
  const open = async (field: string, context: string): Promise<Row> =>
    typeof row[field] === 'string' ? { ...row, [field]: await keys().decrypt('contact', row[field], context) } : row
  switch (section) {
    case 'cardholders': {
      const { names, ...rest } = await open('names', namesContext(cardholderId))
      return { ...rest, names: JSON.parse(String(names)) }
    }
    case 'contacts':
    case 'contactChanges':
      return open('value', contactContext(cardholderId, row.kind === 'email' ? 'email' : 'mobile'))
    case 'accounts':
      return open('signInEmail', signInContext(cardholderId))
    case 'preferences':
      return open('personalMessage', personalMessageContext(cardholderId))
    case 'authentications':
      return { ...row, risk: row.risk && ownPart(row.risk as RiskRecord) }
    default:
      return row
  }
}
