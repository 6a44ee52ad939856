import type { Queryable } from '#db/client.ts'
import { insertIdentityReports } from '#db/queries/identity-reports.ts'
import type { IdentityEvent } from '#domain/account/identity-event.ts'
import { codePolicy } from '#domain/code/policy.ts'
import type { Language } from '#domain/kernel/language.ts'
import { notify } from '../messaging/message.ts'
import { drawReportTokens } from './report-tokens.ts'

/** Of a notice of the watch. */
interface Sending extends Pick<Parameters<typeof notify>[1], 'sendAt' | 'isCapped'> {
  readonly alertId?: string
}

/**
 * Notifies all contacts on file, or only `contacts`, of an event that concerns the sign-in. The link in the e-mail and
 * the code in the text message lead to a page that says "this was not me".
 */
export async function noticeIdentity(
  tx: Queryable,
  { cardholderId, language }: { readonly cardholderId: string; readonly language: Language },
  event: IdentityEvent,
  values: Readonly<Record<string, string>>,
  at: number,
  contacts?: Parameters<typeof notify>[3],
  { alertId, ...sending }: Sending = {},
): Promise<void> {
  const { link, code, digests } = await drawReportTokens()
  const row = {
    cardholderId,
    event,
    ...(alertId && { alertId }),
    happenedAt: at,
    expiresAt: at + codePolicy.report.lifetime,
  }
  await insertIdentityReports(
    tx,
    digests.map(digest => ({ digest, ...row })),
  )
  const path = `/${language}/account/report/${link}`
  const told = { cardholderId, language, words: event, values: { ...values, report: code }, path, ...sending }
  await notify(tx, told, at, contacts)
}
