/** The version of the Terms and Conditions that enrolment accepts and records. */
export const termsInForce = '2026-11-01'
