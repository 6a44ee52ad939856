'use server'

import { reportCodeForm } from '#domain/account/report-forms.ts'
import { submitUnsigned } from '../action.ts'

/** Redirects to the page of a report code; changes nothing yet. */
export async function openReport(form: FormData): Promise<never> {
  return submitUnsigned(form, reportCodeForm, async ({ reportCode }) => ({
    kind: 'done',
    page: `report/${reportCode.toLowerCase()}`,
  }))
}
