'use client'

import { greetingForm } from '#domain/account/settings-forms.ts'
import { AccountForm, type AccountFormProps } from '../form/account-form.tsx'

export const GreetingForm = (props: AccountFormProps) => <AccountForm {...props} definition={greetingForm} />
