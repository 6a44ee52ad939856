'use client'

import { personalMessageForm } from '#domain/account/settings-forms.ts'
import { AccountForm, type AccountFormProps } from '../form/account-form.tsx'

export const PersonalMessageForm = (props: AccountFormProps) => (
  <AccountForm {...props} definition={personalMessageForm} />
)
