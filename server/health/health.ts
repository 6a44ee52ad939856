import { sql } from 'drizzle-orm'
import { database, renewConnections } from '#db/client.ts'

/** Longest time for the answer, milliseconds: load balancers check every few seconds. */
const readyWithin = 2000

interface Health {
  readonly status: 200 | 503
  readonly body: { readonly status: 'live' | 'ready' | 'no database' }
}

/**
 * `live`: this process answers. `ready`: it can do its work, which requires that the database accepts writes and
 * answers this role's typical queries (`probe`) in time, over the same connections as its work.
 */
export async function health(kind: 'live' | 'ready', probe: () => Promise<unknown> = async () => {}): Promise<Health> {
  if (kind === 'live') return { status: 200, body: { status: 'live' } }
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('too late')), readyWithin)
  })
  try {
    await Promise.race([Promise.all([assertWritable(), probe()]), tooLate])
    return { status: 200, body: { status: 'ready' } }
  } catch {
    return { status: 503, body: { status: 'no database' } }
  } finally {
    clearTimeout(timer)
  }
}

async function assertWritable(): Promise<void> {
  const [row] = await database().execute(sql`select current_setting('transaction_read_only') as read_only`)
  if (row?.read_only === 'off') return
  // Connections that stay open would never reach the new primary.
  renewConnections()
  throw new Error('read-only')
}
