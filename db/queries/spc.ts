import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../client.ts'
import { authentications, challenges } from '../schema.ts'
import { isChallenge } from './challenges.ts'

/** A challenge, with the AReq and the ARes that began it; undefined if this directory server sent no such AReq. */
export async function findBegun(tx: Queryable, directoryServer: string, acsTransID: string) {
  const [row] = await tx
    .select({ challenge: challenges, areq: authentications.areq, ares: authentications.ares })
    .from(challenges)
    .innerJoin(authentications, eq(authentications.id, challenges.id))
    .where(and(isChallenge(challenges.id, { acsTransID }), eq(challenges.directoryServer, directoryServer)))
  return row
}
