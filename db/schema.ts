// What is kept, why and for how long: docs/data.md. A picture: docs/schema.md.

export * from './schema/account.ts'
export * from './schema/audit.ts'
export * from './schema/cards.ts'
export * from './schema/deployment.ts'
export * from './schema/payments.ts'
