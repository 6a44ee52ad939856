'use server'

import { reportCodeForm } from '#domain/account/report-forms.ts'
import { submitUnsigned } from '../action.ts'

/** Leads to what the code is about; nothing is done yet. */
export async function openReport(form: FormData): Promise<never> {
  return submitUnsigned(form, reportCodeForm, async ({ reportCode }) => ({
    kind: 'done',
    page: `report/${reportCode.toLowerCase()}`,
  }))
}
