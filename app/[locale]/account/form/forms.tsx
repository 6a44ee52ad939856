'use client'

import { confirmCodeForm } from '#domain/account/confirm-forms.ts'
import {
  activationForm,
  addressCodeForm,
  addressForm,
  factsForm,
  proofCodeForm,
} from '#domain/account/enrolment-forms.ts'
import { reportCodeForm } from '#domain/account/report-forms.ts'
import { signInCodeForm, signInForm } from '#domain/account/sign-in-forms.ts'
import { AccountForm, type AccountFormProps } from './account-form.tsx'

// One small client component per form: a page cannot pass a schema to the client, so each component imports its own.

export const SignInForm = (props: AccountFormProps) => <AccountForm {...props} definition={signInForm} />
export const SignInCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={signInCodeForm} />
export const ConfirmCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={confirmCodeForm} />
export const ActivationForm = (props: AccountFormProps) => <AccountForm {...props} definition={activationForm} />
export const ProofCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={proofCodeForm} />
export const FactsForm = (props: AccountFormProps) => <AccountForm {...props} definition={factsForm} />
export const AddressForm = (props: AccountFormProps) => <AccountForm {...props} definition={addressForm} />
export const AddressCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={addressCodeForm} />
export const ReportCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={reportCodeForm} />
