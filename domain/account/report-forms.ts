import { z } from 'zod'
import { readCrockfordCode } from '#domain/code/crockford-code.ts'
import type { FormDefinition } from './form.ts'

/** The code of a notice by text message: "this was not me". */
export const reportCodeForm = {
  name: 'report-code',
  operation: 'report-by-notice',
  page: 'report',
  schema: z.object({
    reportCode: z
      .string()
      .trim()
      .min(1, 'report-code-missing')
      .transform((typed, context) => {
        const code = readCrockfordCode(typed)
        if (code === undefined) context.addIssue({ code: 'custom', message: 'report-code-malformed' })
        return code ?? z.NEVER
      }),
  }),
  complaints: ['report-code-missing', 'report-code-malformed'],
} satisfies FormDefinition

export const reportActivityForm = {
  name: 'activity-report',
  operation: 'report-entry',
  page: 'activity/report',
  schema: z.object({ entry: z.string(), entryId: z.string() }),
  complaints: [],
} satisfies FormDefinition
