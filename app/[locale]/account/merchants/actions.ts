'use server'

import { distrustMerchantForm, trustMerchantForm } from '#domain/account/merchant-forms.ts'
import { distrustMerchant, trustMerchantOf } from '#server/account/merchants.ts'
import { submit } from '../action.ts'

const notices = {
  done: 'merchant-trusted',
  unknown: 'merchant-over',
  restricted: 'merchant-restricted',
  limited: 'merchant-limited',
} as const

export async function trust(form: FormData): Promise<never> {
  return submit(form, trustMerchantForm, async (actor, { paymentId }) => {
    const { kind } = await trustMerchantOf(actor, paymentId)
    if (kind === 'stronger-authentication-needed') return { kind }
    return { kind: 'done', page: 'merchants', notice: notices[kind] }
  })
}

// Removing trust only makes payments stricter, so it needs no strong authentication.
export async function distrust(form: FormData): Promise<never> {
  return submit(form, distrustMerchantForm, async (actor, { merchantId }) => {
    const { kind } = await distrustMerchant(actor, merchantId)
    return { kind: 'done', page: 'merchants', notice: kind === 'done' ? 'merchant-removed' : 'merchant-over' }
  })
}
