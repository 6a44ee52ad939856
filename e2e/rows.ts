import postgres, { type Sql } from 'postgres'
import type { Product } from './product.ts'

type Row = Readonly<Record<string, unknown>>
/** All rows that belong to one cardholder, by table. */
export type Belongings = ReadonlyMap<string, readonly Row[]>

interface Link {
  readonly child: string
  readonly column: string
  readonly parent: string
  readonly key: string
}

/** No foreign key refers to a partitioned table (docs/decisions/0034). */
const partsOfChallenges = ['challenge_proofs', 'app_channels', 'outbox'].map(
  (child): Link => ({ child, column: 'challenge_id', parent: 'challenges', key: 'id' }),
)

/** Finds the rows of a cardholder along the foreign keys, so that a new table is included automatically. */
export class Rows {
  readonly #sql: Sql
  readonly #keys = new Map<string, readonly string[]>()
  #links: readonly Link[] = []

  constructor(product: Product) {
    this.#sql = postgres({ ...product.database(), max: 2, onnotice: () => {} })
  }

  async close(): Promise<void> {
    await this.#sql.end()
  }

  async of(issuerRef: string): Promise<Belongings> {
    const found = new Map<string, Map<string, Row>>()
    const own = await this.#sql`select to_jsonb(t) as row from cardholders t where issuer_ref = ${issuerRef}`
    const waiting = [{ table: 'cardholders', rows: own.map(({ row }) => row as Row) }]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { table, rows } = next
      const known = found.get(table) ?? new Map<string, Row>()
      const fresh = rows.filter(row => !known.has(JSON.stringify(row)))
      for (const row of fresh) known.set(JSON.stringify(row), row)
      if (known.size > 0) found.set(table, known)
      for (const link of fresh.length > 0 ? await this.#linksTo(table) : [])
        waiting.push({ table: link.child, rows: await this.#below(link, fresh) })
    }
    return new Map([...found].sort().map(([table, rows]) => [table, [...rows.values()]]))
  }

  /** Restores the rows. Messages sent in the meantime stay sent. */
  async putBack(issuerRef: string, before: Belongings): Promise<void> {
    const now = await this.of(issuerRef)
    if (JSON.stringify([...now]) === JSON.stringify([...before])) return
    for (const [table, rows] of now) {
      const kept = new Set(await Promise.all((before.get(table) ?? []).map(row => this.#keyOf(table, row))))
      for (const row of rows) {
        const key = await this.#keyOf(table, row)
        if (table !== 'outbox' && !kept.has(key)) await this.#delete(table, row)
      }
    }
    // Rows that refer to others are written after them, in as many rounds as that takes.
    let left = [...before].filter(([table]) => table !== 'outbox')
    for (let rounds = 4; left.length > 0; rounds -= 1) {
      const failed: typeof left = []
      for (const [table, rows] of left)
        await this.#write(table, rows).catch(error => {
          if (rounds === 0) throw error
          failed.push([table, rows])
        })
      left = failed
    }
  }

  async remove(issuerRef: string): Promise<void> {
    await this.#sql`delete from cardholders where issuer_ref = ${issuerRef}`
  }

  async #write(table: string, rows: readonly Row[]): Promise<void> {
    const sql = this.#sql
    const key = (await this.#keyColumns(table)).map(column => `"${column}"`).join(', ')
    const set = Object.keys(rows[0] ?? {}).map(column => `"${column}" = excluded."${column}"`)
    await sql`insert into ${sql(table)} select * from jsonb_populate_recordset(null::${sql(table)}, ${sql.json(rows as never)})
      on conflict (${sql.unsafe(key)}) do update set ${sql.unsafe(set.join(', '))}`
  }

  async #delete(table: string, row: Row): Promise<void> {
    const sql = this.#sql
    await sql`delete from ${sql(table)} t where to_jsonb(t) = ${sql.json(row as never)}`
  }

  async #keyOf(table: string, row: Row): Promise<string> {
    return JSON.stringify((await this.#keyColumns(table)).map(column => row[column]))
  }

  async #keyColumns(table: string): Promise<readonly string[]> {
    const known = this.#keys.get(table)
    if (known) return known
    const found = await this.#sql`
      select a.attname from pg_index join pg_attribute a on a.attrelid = indrelid and a.attnum = any(indkey)
      where indrelid = ${table}::regclass and indisprimary`
    const columns = found.map(({ attname }) => String(attname))
    this.#keys.set(table, columns)
    return columns
  }

  async #linksTo(table: string): Promise<readonly Link[]> {
    if (this.#links.length === 0)
      this.#links = await this.#sql<Link[]>`
        select conrelid::regclass::text as child, a.attname as column, confrelid::regclass::text as parent, k.attname as key
        from pg_constraint join pg_attribute a on a.attrelid = conrelid and a.attnum = conkey[1]
        join pg_attribute k on k.attrelid = confrelid and k.attnum = confkey[1]
        where contype = 'f' and connamespace = 'public'::regnamespace`.then(found => [...found, ...partsOfChallenges])
    return this.#links.filter(({ parent }) => parent === table)
  }

  async #below({ child, column, key }: Link, parents: readonly Row[]): Promise<Row[]> {
    const keys = parents.map(parent => String(parent[key]))
    const sql = this.#sql
    const rows = await sql`select to_jsonb(t) as row from ${sql(child)} t where ${sql(column)}::text in ${sql(keys)}`
    return rows.map(({ row }) => row as Row)
  }
}
