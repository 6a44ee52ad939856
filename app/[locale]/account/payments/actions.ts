'use server'

import { answerPaymentForm } from '#domain/account/payment-forms.ts'
import { answerPayment } from '#server/account/payments.ts'
import { submit } from '../action.ts'

export async function answer(form: FormData): Promise<never> {
  return submit(form, answerPaymentForm, async (actor, { paymentId, answer }) => {
    const { kind } = await answerPayment(actor, paymentId, answer)
    if (kind === 'stronger-authentication-needed') return { kind }
    return { kind: 'done', page: 'payments', notice: `payment-${kind}` }
  })
}
