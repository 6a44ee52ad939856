'use server'

import { reportHappeningForm } from '#domain/account/report-forms.ts'
import { reportHappening } from '#server/account/report-happening.ts'
import { submit } from '../../../../action.ts'

/** It only tightens, so it asks for nothing stronger. */
export async function report(form: FormData): Promise<never> {
  return submit(form, reportHappeningForm, async (actor, { happening, happeningId }) => {
    const { kind } = await reportHappening(actor, happening, happeningId)
    return { kind: 'done', page: 'activity', notice: `activity-${kind}` }
  })
}
