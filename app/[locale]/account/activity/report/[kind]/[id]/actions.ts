'use server'

import { reportActivityForm } from '#domain/account/report-forms.ts'
import { reportActivity } from '#server/account/report-activity.ts'
import { submit } from '../../../../action.ts'

/** A report only restricts, so it needs no strong authentication. */
export async function report(form: FormData): Promise<never> {
  return submit(form, reportActivityForm, async (actor, { entry, entryId }) => {
    const { kind } = await reportActivity(actor, entry, entryId)
    return { kind: 'done', page: 'activity', notice: `activity-${kind}` }
  })
}
