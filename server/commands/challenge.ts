import { readFileSync, statSync } from 'node:fs'
import { createLocalJWKSet, type JSONWebKeySet } from 'jose'
import type { Verified } from '../evidence/document.ts'
import { readArguments } from '../platform/arguments.ts'
import { config, loadEnvFile } from '../platform/config.ts'
import { keys } from '../platform/keys.ts'
import { ConfigError } from '../platform/variable.ts'
import { operatorName, operatorText } from './operator.ts'

const usage = `safekey challenge evidence ACSTRANSID [--by NAME] [--reason TEXT]
    Prints a signed JSON document about a payment, for a dispute (docs/evidence.md).
    --by      who asks, by default the name of your account on this machine; --reason why: both are kept.
    Ends with 0, or with 2 where there is no such authentication.
safekey challenge verify FILE [--keys FILE]
    Verifies such a document, without a database.
    --keys    the public keys that may have signed it, by default those of KEY_EVIDENCE.
    Ends with 0, or with 2 where the document is not valid.
safekey challenge keys
    Prints the public keys of KEY_EVIDENCE (a JWK Set), for those who verify such documents.`

/** Bytes; a document has a few thousand. */
const longest = 10_000_000

try {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments(
    { allowPositionals: true, options: { by: text, reason: text, keys: text } },
    usage,
  )
  const [command, subject, ...others] = positionals
  const given = Object.keys(values)
  if (others.length > 0) throw new ConfigError(usage)
  if (command === 'evidence' && subject !== undefined && values.keys === undefined) {
    const acsTransID = subject.toLowerCase()
    if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(acsTransID))
      throw new ConfigError('ACSTRANSID must be a UUID, for example 4b0ef1a2-6c1d-4f0e-9a53-0d2b8a6c7e11')
    const reason = operatorText('--reason', values.reason)
    const by = operatorText('--by', values.by) || operatorName()
    // Only this command needs the database and what belongs to it.
    const { withDeployment } = await import('./deployment.ts')
    await withDeployment(() => printEvidence(acsTransID, { by, ...(reason && { reason }) }))
  } else if (command === 'verify' && subject !== undefined && given.every(name => name === 'keys')) {
    const { verifyEvidence } = await import('../evidence/document.ts')
    const [document, trusted] = [readBytes(subject), await publicKeys(values.keys)]
    process.exitCode = report(subject, await verifyEvidence(document, trusted.keys))
  } else if (command === 'keys' && subject === undefined && given.length === 0) {
    console.log(JSON.stringify(await publicKeys(undefined), null, 2))
  } else throw new ConfigError(usage)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

async function printEvidence(
  acsTransID: string,
  operator: { readonly by: string; readonly reason?: string },
): Promise<number> {
  const { makeEvidence } = await import('../evidence/make.ts')
  const document = await makeEvidence(acsTransID, operator)
  if (document === undefined) {
    console.error(`${acsTransID}: no such authentication, or removed after ${config().retentionDays} days`)
    return 2
  }
  process.stdout.write(document)
  return 0
}

function report(file: string, verified: Verified): number {
  switch (verified.kind) {
    case 'valid': {
      const { evidence, kid, signatures } = verified
      console.log(
        `${file}: valid. Payment ${evidence.acsTransID}, made ${evidence.madeAt} by ${evidence.deployment.origin}`,
      )
      console.log(`Signed under the key ${kid}; signatures of the cardholder verified: ${signatures}`)
      return 0
    }
    case 'unreadable':
      console.error(`${file}: not complete JSON: the file was cut off or changed`)
      return 2
    case 'not-evidence':
      console.error(`${file}: not a document of safekey challenge evidence`)
      return 2
    case 'other-key':
      console.error(
        `${file}: signed under another key, ${JSON.stringify(verified.kid)}: name its public key with --keys`,
      )
      return 2
    case 'changed':
      console.error(`${file}: not valid: the file was changed after it was signed`)
      return 2
    case 'signature-wrong':
      console.error(
        `${file}: signed by the deployment, but a signature of the cardholder is wrong: ${verified.where.join(', ')}`,
      )
      return 2
  }
}

/** The public keys in a file, or those of this deployment. */
async function publicKeys(file: string | undefined): Promise<JSONWebKeySet> {
  if (file === undefined) {
    loadEnvFile()
    return { keys: [...(await keys().publicKeys('evidence'))] }
  }
  try {
    const set: JSONWebKeySet = JSON.parse(Buffer.from(readBytes(file)).toString())
    createLocalJWKSet(set)
    return set
  } catch (error) {
    if (error instanceof ConfigError) throw error
    throw new ConfigError(`--keys ${file} must be a JWK Set, as safekey challenge keys prints it`)
  }
}

function readBytes(file: string): Uint8Array {
  try {
    const stat = statSync(file)
    if (stat.isFile() && stat.size <= longest) return readFileSync(file)
  } catch {
    // The same complaint.
  }
  throw new ConfigError(`${file} must be a file of at most 10 MB that can be read`)
}
