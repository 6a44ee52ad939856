import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { checkAuthenticationValue } from '../acs/authentication-value.ts'
import { ConfigError, loadEnvFile } from '../platform/config.ts'

const usage = `npm run av -- verify VALUE --amount=1200 --currency=392 --merchant=ID
    VALUE      the authentication value, 28 characters of base64
    --amount   purchaseAmount in minor units; --currency its ISO number; --merchant the acquirerMerchantID
    The card number is read from standard input: it belongs in no command line.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { amount: { type: 'string' }, currency: { type: 'string' }, merchant: { type: 'string' } },
})
const [command, authenticationValue] = positionals
const { amount, currency, merchant: merchantID } = values

if (command !== 'verify' || !authenticationValue || !amount || !currency || !merchantID) {
  console.error(usage)
  process.exitCode = 1
} else {
  try {
    loadEnvFile()
    const acctNumber = (await readLine('Card number: ')).replace(/[\s-]/g, '')
    const result = await checkAuthenticationValue(authenticationValue, acctNumber, { amount, currency, merchantID })
    console.log(
      JSON.stringify(result.kind === 'invalid' ? result : { ...result, at: new Date(result.at).toISOString() }),
    )
    process.exitCode = result.kind === 'valid' ? 0 : 2
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}

async function readLine(prompt: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, ...(process.stdin.isTTY && { output: process.stderr }) })
  try {
    return await lines.question(process.stdin.isTTY ? prompt : '')
  } finally {
    lines.close()
  }
}
