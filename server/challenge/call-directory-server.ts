import { resultAddress } from '#db/queries/challenges.ts'
import { policy } from '#domain/challenge/policy.ts'
import { config } from '../platform/config.ts'
import type { DirectoryServer } from '../platform/issuer.ts'
import { type OutboundAnswer, post } from '../platform/outbound.ts'
import { tlsFor } from '../platform/tls.ts'

/** Where the messages about one challenge go. */
export interface Destination {
  /** Undefined if the directory server is no longer configured; then every call fails as not allowed. */
  readonly directoryServer: DirectoryServer | undefined
  readonly url: string
}

export async function destinationOf(challengeId: string): Promise<Destination> {
  const address = await resultAddress(challengeId)
  const directoryServer = config().issuer.directoryServers.find(({ id }) => id === address?.directoryServer)
  return { directoryServer, url: address?.dsURL ?? '' }
}

/** Posts a message to a directory server, with our certificate for it. */
export function callDirectoryServer(
  { directoryServer, url }: Destination,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<OutboundAnswer> {
  const tls = directoryServer && tlsFor(directoryServer.id)
  return post({
    url,
    hosts: directoryServer?.hosts ?? [],
    allowPrivate: directoryServer?.privateAddresses ?? false,
    body,
    contentType: 'application/json; charset=utf-8',
    connectTimeout: policy.resultConnectTimeout,
    timeout: policy.resultTimeout,
    headers,
    ...(tls && { tls }),
  })
}

/** The longest that a call may take with one more attempt to connect, milliseconds. */
export const longestCall = 2 * policy.resultConnectTimeout + policy.resultTimeout

/** The hosts that have a queue of their own; the last queue is for hosts that are no longer configured. */
export function directoryServerQueues() {
  const hosts = [...new Set(config().issuer.directoryServers.flatMap(server => server.hosts))]
  return [...hosts, { noneOf: hosts }]
}
