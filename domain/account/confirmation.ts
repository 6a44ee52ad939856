/** What a code of the account confirms. A browser may have one pending confirmation of each purpose. */
export type ConfirmationPurpose = 'sign-in' | 'enrolment-proof' | 'enrolment-email' | 'confirm'
