'use server'

import { enterNumberForm, refuseRequestForm } from '#domain/account/approve-forms.ts'
import { answerRequest, type RequestAnswer } from '#server/approval/answer-request.ts'
import { submitUnsigned } from '../action.ts'
import { currentApprovalSecret, keepApprovalSecret } from '../cookies.ts'
import { currentApprovalDevice } from './device.ts'

export async function enterNumber(form: FormData): Promise<never> {
  return submitUnsigned(form, enterNumberForm, ({ requestId, number }) =>
    answer(requestId, { kind: 'number', entered: number }),
  )
}

/** Declines a payment, or says “this was not me”. */
export async function refuse(form: FormData): Promise<never> {
  return submitUnsigned(form, refuseRequestForm, ({ requestId, answer: kind }) => answer(requestId, { kind }))
}

async function answer(requestId: string, given: RequestAnswer) {
  const device = await currentApprovalDevice()
  // Without a device the page says that this browser is not registered.
  if (!device) return { kind: 'done', page: 'approve' } as const
  await keepApprovalSecret((await currentApprovalSecret()) ?? '')
  const { kind } = await answerRequest(device, requestId, given)
  // After the number the page itself shows the next step.
  return { kind: 'done', page: 'approve', ...(kind !== 'number-entered' && { notice: `request-${kind}` }) } as const
}
