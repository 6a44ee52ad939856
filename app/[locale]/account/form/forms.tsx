'use client'

import {
  activationForm,
  addressCodeForm,
  addressForm,
  confirmCodeForm,
  factsForm,
  proofCodeForm,
  reportCodeForm,
  signInCodeForm,
  signInForm,
} from '#domain/account/forms.ts'
import { AccountForm, type AccountFormProps } from './account-form.tsx'

// One small component a form: the page cannot hand a schema over, so each brings its own.

export const SignInForm = (props: AccountFormProps) => <AccountForm {...props} definition={signInForm} />
export const SignInCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={signInCodeForm} />
export const ConfirmCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={confirmCodeForm} />
export const ActivationForm = (props: AccountFormProps) => <AccountForm {...props} definition={activationForm} />
export const ProofCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={proofCodeForm} />
export const FactsForm = (props: AccountFormProps) => <AccountForm {...props} definition={factsForm} />
export const AddressForm = (props: AccountFormProps) => <AccountForm {...props} definition={addressForm} />
export const AddressCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={addressCodeForm} />
export const ReportCodeForm = (props: AccountFormProps) => <AccountForm {...props} definition={reportCodeForm} />
