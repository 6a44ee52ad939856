import type { MethodId } from '#domain/methods/registry.ts'

/** What the choice of a method shows: the methods, and where the codes of each would go, masked. */
export interface Offered {
  readonly methods: readonly MethodId[]
  readonly destinations: Readonly<Partial<Record<MethodId, string>>>
}

export const nothingOffered: Offered = { methods: [], destinations: {} }
