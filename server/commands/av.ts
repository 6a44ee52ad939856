import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { checkAuthenticationValue } from '../authorisation/authentication-value.ts'
import { readArguments } from '../platform/arguments.ts'
import { loadEnvFile } from '../platform/config.ts'
import { ConfigError } from '../platform/variable.ts'

const usage = `safekey av verify VALUE --amount=1200 --currency=392 --merchant=ID
    VALUE      the authentication value, 28 characters of base64
    --amount   purchaseAmount in minor units; --currency its ISO number; --merchant the acquirerMerchantID
    The card number is read from standard input: it belongs in no command line.`

try {
  const text = { type: 'string' } as const
  const { values, positionals } = readArguments(
    { allowPositionals: true, options: { amount: text, currency: text, merchant: text } },
    usage,
  )
  const [command, authenticationValue] = positionals
  const { amount, currency, merchant: merchantID } = values
  if (command !== 'verify' || !authenticationValue || !amount || !currency || !merchantID) throw new ConfigError(usage)
  loadEnvFile()
  const acctNumber = (await readLine('Card number: ')).replace(/[\s-]/g, '')
  if (!/^\d{13,19}$/.test(acctNumber)) {
    throw new ConfigError('The card number on standard input must be 13 to 19 digits')
  }
  const result = await checkAuthenticationValue(authenticationValue, acctNumber, { amount, currency, merchantID })
  console.log(JSON.stringify(result.kind === 'invalid' ? result : { ...result, at: new Date(result.at).toISOString() }))
  process.exitCode = result.kind === 'valid' ? 0 : 2
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/** The first line of standard input; empty if there is none. */
async function readLine(prompt: string): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write(prompt)
  const lines = createInterface({ input: process.stdin })
  const [line = ''] = await Promise.race([once(lines, 'line'), once(lines, 'close')])
  lines.close()
  return String(line)
}
