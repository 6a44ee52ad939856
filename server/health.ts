import { sql } from 'drizzle-orm'
import { database } from '#db/client.ts'

/** `live`: this process answers. `ready`: it can do its work, which needs the database. */
export async function health(kind: 'live' | 'ready'): Promise<{ status: 200 | 503; body: { status: string } }> {
  if (kind === 'live') return { status: 200, body: { status: 'live' } }
  try {
    await database().execute(sql`select 1`)
    return { status: 200, body: { status: 'ready' } }
  } catch {
    return { status: 503, body: { status: 'no database' } }
  }
}
