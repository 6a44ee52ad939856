// docs/data.md says what is kept, why and for how long; docs/schema.md has a diagram.

export * from './schema/account.ts'
export * from './schema/alerts.ts'
export * from './schema/audit.ts'
export * from './schema/cards.ts'
export * from './schema/deployment.ts'
export * from './schema/payments.ts'
export * from './schema/risk.ts'
export * from './schema/risk-policies.ts'
