import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { Sdk } from '../../e2e/sdk.ts'

// A payment in an app: sends the AReq with the elements of a 3DS SDK, verifies the signed content, shows the screen and
// sends what is typed. Arguments: the file with an AReq, the address for AReqs, the file with the SDK's authority,
// and SafeKey's origin as this machine reaches it.

const [file = '', address = '', authority = '', origin] = process.argv.slice(2)
const sdk = new Sdk({ encryption: 'A128GCM', locale: 'en-GB' })
const ids = { threeDSServerTransID: crypto.randomUUID(), dsTransID: crypto.randomUUID() }
const elements = Object.entries({ ...JSON.parse(readFileSync(file, 'utf8')), ...sdk.areq, ...ids })
const areq = Object.fromEntries(elements.filter(([, value]) => value !== null))
const response = await fetch(address, {
  method: 'POST',
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(areq),
})
const ares = await response.json()
console.log(ares)
await sdk.accept(ares, readFileSync(authority, 'utf8'), origin)

let cres = await sdk.send()
const lines = createInterface({ input: process.stdin, output: process.stdout })
while (cres.challengeCompletionInd === 'N') {
  console.log(cres)
  cres = await sdk.send({ challengeDataEntry: await lines.question(`${cres.challengeInfoLabel ?? 'Code'}: `) })
}
lines.close()
console.log(cres)
