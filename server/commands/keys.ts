import { transaction } from '#db/client.ts'
import { auditOperator } from '../audit/audit.ts'
import { forgetKeys, type NamedKey, nameOf } from '../keys/forget.ts'
import { type OldKey, retireKeys } from '../keys/retire.ts'
import { readArguments } from '../platform/arguments.ts'
import { newPrivateKey, randomOctets } from '../platform/crypto.ts'
import { keyVariable, purposes } from '../platform/key-ring.ts'
import { ConfigError } from '../platform/variable.ts'
import { webPushVariables } from '../platform/web-push-settings.ts'
import { withDeployment } from './deployment.ts'
import { operatorName, operatorText } from './operator.ts'

const usage = `safekey keys                             new keys, one for each purpose, for .env or a vault: once for each deployment
safekey keys retire [--by NAME]
    makes everything anew under the keys in use, and says which older ones can be removed
safekey keys forget KEY_CONTACT:1 … --by NAME --reason TEXT
    for keys that are lost or must go at once: what is under them is lost. A key in use that the database was filled with stays.
    --by      who decides, --reason why: both are kept.`

try {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments({ allowPositionals: true, options: { by: text, reason: text } }, usage)
  const [command, ...names] = positionals
  const [by, reason] = [operatorText('--by', values.by), operatorText('--reason', values.reason)]
  if (command === undefined && Object.keys(values).length === 0) printFreshKeys()
  else if (command === 'retire' && names.length === 0 && values.reason === undefined)
    await withDeployment(() => retire(by || operatorName()))
  else if (command === 'forget' && names.length > 0 && by !== '' && reason !== '') {
    const named = names.map(readName)
    await withDeployment(() => forget(named, { by, reason }), 'keys-unchecked')
  } else throw new ConfigError(usage)
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

function printFreshKeys(): void {
  for (const purpose of purposes) console.log(`${keyVariable(purpose)}=1:${randomOctets(32).toString('base64')}`)
  console.log(`${webPushVariables.key.name}=${newPrivateKey()}`)
  // Next.js names the window's forms with this key: it must be the same in every build, or a release breaks open
  // windows.
  console.log(`NEXT_SERVER_ACTIONS_ENCRYPTION_KEY=${randomOctets(32).toString('base64')}`)
}

async function retire(by: string): Promise<number> {
  const sums = { renewed: 0, unreadable: 0 }
  const old = await retireKeys(({ place, renewed, unreadable }) => {
    sums.renewed += renewed
    sums.unreadable += unreadable
    console.log(`${place}: ${renewed} made anew`)
    if (unreadable > 0) console.error(`${place}: ${unreadable} that no key opens stay as they are`)
  })
  const removable = old.filter(({ kind }) => kind === 'removable').length
  await transaction(tx => auditOperator(tx, { type: 'keys-retired', by, ...sums, removable }))
  for (const key of old) console.log(`${keyVariable(key.purpose)}=${key.keyId}:… ${words(key)}`)
  if (old.length === 0) console.log('There is no older key.')
  return old.some(({ kind }) => kind === 'needed') ? 2 : 0
}

function words(key: OldKey): string {
  switch (key.kind) {
    case 'removable':
      return 'can be removed'
    case 'waiting':
      return `can be removed from ${new Date(key.until).toISOString()} on`
    case 'needed':
      return key.purpose === 'card-lookup' || key.purpose === 'proof-fact'
        ? `is still needed by ${key.rows} rows: import the list of cards, then run this again`
        : `is still needed by ${key.rows} rows that could not be made anew`
  }
}

function readName(name: string): NamedKey {
  const [, variable, keyId] = /^(KEY_[A-Z_]+):(\d{1,6})$/.exec(name) ?? []
  const purpose = purposes.find(known => keyVariable(known) === variable)
  if (!purpose) throw new ConfigError(usage)
  return { purpose, keyId: Number(keyId) }
}

async function forget(named: readonly NamedKey[], operator: Parameters<typeof forgetKeys>[1]): Promise<number> {
  const forgotten = await forgetKeys(named, operator)
  if (forgotten.kind === 'in-use') {
    console.error(`${nameOf(forgotten.key)} is in use and the right one: put a new key in front of it first`)
    return 2
  }
  const { count } = forgotten
  console.log(`${count} keys forgotten; the next start registers the ones that it finds`)
  return count === named.length ? 0 : 2
}
