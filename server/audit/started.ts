import { transaction } from '#db/client.ts'
import type { Role } from '#db/queries/heartbeats.ts'
import { type Config, config } from '../platform/config.ts'
import { sha256 } from '../platform/crypto.ts'
import { purposes } from '../platform/key-ring.ts'
import { keys } from '../platform/keys.ts'
import { audit } from './audit.ts'

/**
 * Audits the start of a process: its roles, and a digest each of the issuer file and of the settings, without secrets.
 */
export async function auditStart(roles: readonly Role[]): Promise<void> {
  const [web, ds, worker] = (['web', 'ds', 'worker'] as const).map(role => roles.includes(role))
  const { issuer } = config()
  await transaction(tx =>
    audit(tx, {
      ...{ type: 'started', web: web === true, ds: ds === true, worker: worker === true },
      ...{ issuer: digestOf(issuer), settings: digestOf(settingsOf(config())) },
    }),
  )
}

/**
 * The settings besides the issuer file, without those that are or may contain a secret. Keys appear by their ids only.
 */
function settingsOf({ host, port, dsPort, maxConnections, publicOrigin, proxies, hosts, ...rest }: Config) {
  const { databaseDeadlines, identityProvider, dsProxies, dsProxyHeader, areqLimit, areqTime, retentionDays } = rest
  return {
    ...{ host, port, dsPort, maxConnections, publicOrigin, proxies, hosts: [...hosts].sort(), databaseDeadlines },
    ...{ dsProxies, dsProxyHeader, areqLimit, areqTime, retentionDays, logLevel: rest.logLevel },
    ...{ smsGateways: rest.smsGateways, identityProvider: identityProvider?.issuer ?? null },
    keys: purposes.map(purpose => [purpose, keys().ids(purpose)]),
  }
}

function digestOf(value: unknown): string {
  const text = JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? part.toString() : part))
  return sha256(text).toString('hex')
}
