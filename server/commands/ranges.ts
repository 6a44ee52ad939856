import { signsInHere } from '../account/identity.ts'
import { registrationAt } from '../issuer/card-ranges.ts'
import { readArguments } from '../platform/arguments.ts'
import { config, loadEnvFile } from '../platform/config.ts'
import { ConfigError } from '../platform/variable.ts'

const usage = `safekey ranges [DIRECTORY-SERVER]
    What a directory server publishes of this deployment: its card ranges, versions, 3DS Method and acsInfoInd, as
    JSON, one line for each directory server, for its operator. DIRECTORY-SERVER is an id of ISSUER_FILE.`

try {
  const { positionals } = readArguments({ allowPositionals: true, options: {} }, usage)
  const [wanted, ...others] = positionals
  if (others.length > 0) throw new ConfigError(usage)
  loadEnvFile()
  const { issuer, publicOrigin } = config()
  const servers = issuer.directoryServers.filter(({ id }) => wanted === undefined || id === wanted)
  if (servers.length === 0) throw new ConfigError(`${wanted} is no directory server of ISSUER_FILE`)
  for (const server of servers) console.log(JSON.stringify(registrationAt(server, issuer, publicOrigin, signsInHere())))
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
