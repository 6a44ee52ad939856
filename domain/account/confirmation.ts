/** What a code of the account is for: one of each may be under way in a browser. */
export type ConfirmationPurpose = 'sign-in' | 'enrolment-proof' | 'enrolment-email' | 'confirm'
