import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
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

console.log(await sdk.send())
console.log('Type the code:')
for await (const line of createInterface({ input: process.stdin })) {
  const cres = await sdk.send({ challengeDataEntry: line })
  console.log(cres)
  if (cres.challengeCompletionInd !== 'N') break
}
// The terminal would keep the process running.
process.stdin.destroy()
