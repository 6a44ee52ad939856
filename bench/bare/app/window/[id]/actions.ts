'use server'

import { redirect } from 'next/navigation'
import { enterCode } from '../../../server/purchases.ts'

export async function submitCode(form: FormData): Promise<void> {
  const id = String(form.get('id'))
  await enterCode(id, String(form.get('code')))
  redirect(`/window/${id}`)
}
