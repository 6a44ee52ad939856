'use client'

import { newEmailCodeForm, newEmailForm, newMobileCodeForm, newMobileForm } from '#domain/account/contact-forms.ts'
import { AccountForm, type AccountFormProps } from '../form/account-form.tsx'

export const NewEmailForm = (props: AccountFormProps) => <AccountForm {...props} definition={newEmailForm} />
export const NewEmailCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={newEmailCodeForm} />
export const NewMobileForm = (props: AccountFormProps) => <AccountForm {...props} definition={newMobileForm} />
export const NewMobileCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={newMobileCodeForm} />
