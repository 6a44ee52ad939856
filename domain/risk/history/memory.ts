import type { RiskEvent } from './event.ts'
import { applyEvent, emptyRows, keysOf, type Rates, type RowKind, type Rows } from './rows.ts'

const kinds = Object.keys(emptyRows) as RowKind[]

/** An event, with its rows before and after it. */
interface Folded {
  readonly event: RiskEvent
  readonly before: Rows
  readonly after: Rows
}

/** The rows of many cards, merchants, … by their keys; a row that was never put is empty. */
export interface Memory {
  put(kind: RowKind, key: string, row: object): void
  /** The rows that an event concerns. */
  load(event: RiskEvent): Rows
  fold(event: RiskEvent, rates: Rates): Folded
  /** All rows that were put or folded into. */
  all(): { readonly kind: RowKind; readonly key: string; readonly row: object }[]
}

export function makeMemory(): Memory {
  const rows: { readonly [Kind in RowKind]: Map<string, object> } = {
    card: new Map(),
    cardholder: new Map(),
    merchant: new Map(),
    network: new Map(),
    device: new Map(),
  }
  const get = <Kind extends RowKind>(kind: Kind, key: string | undefined): Rows[Kind] =>
    ((key === undefined ? undefined : rows[kind].get(key)) as Rows[Kind] | undefined) ?? emptyRows[kind]
  const load = (event: RiskEvent): Rows => {
    const keys = keysOf(event)
    return {
      card: get('card', keys.card),
      cardholder: get('cardholder', keys.cardholder),
      merchant: get('merchant', keys.merchant),
      network: get('network', keys.network),
      device: get('device', keys.device),
    }
  }
  return {
    // A row that an earlier version stored may lack a member.
    put: (kind, key, row) => void rows[kind].set(key, { ...emptyRows[kind], ...row }),
    load,
    fold(event, rates) {
      const before = load(event)
      const after = applyEvent(before, event, rates)
      const keys = keysOf(event)
      for (const kind of kinds) {
        const key = keys[kind]
        if (key !== undefined) rows[kind].set(key, after[kind])
      }
      return { event, before, after }
    },
    all: () => kinds.flatMap(kind => [...rows[kind]].map(([key, row]) => ({ kind, key, row }))),
  }
}
