import postgres from 'postgres'

// One prepared query for each request, through the driver and with the size of pool that the product has.

export interface Purchase {
  readonly id: string
  readonly merchant: string
  readonly amount: number
  readonly code: string | null
}

const place = Symbol.for('bench.bare.sql')

function sql(): postgres.Sql {
  const shared = globalThis as { [place]?: postgres.Sql }
  shared[place] ??= postgres(process.env.DATABASE_URL ?? '', { max: 10 })
  return shared[place]
}

export async function insertPurchase(merchant: string, amount: number): Promise<string> {
  const [row] = await sql()<Pick<Purchase, 'id'>[]>`
    insert into bench_purchases (merchant, amount) values (${merchant}, ${amount}) returning id`
  return row?.id ?? ''
}

export async function findPurchase(id: string): Promise<Purchase | undefined> {
  const [row] = await sql()<Purchase[]>`select id, merchant, amount, code from bench_purchases where id = ${id}`
  return row
}

export async function enterCode(id: string, code: string): Promise<void> {
  await sql()`update bench_purchases set code = ${code} where id = ${id}`
}
