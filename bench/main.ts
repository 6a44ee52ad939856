import { writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { type AccountResult, measureAccount } from './account.ts'
import { type AReqResult, measureAReq } from './areq.ts'
import { type ChallengeResult, measureChallenge } from './challenge.ts'
import { type CheckingResult, measureChecking } from './checking.ts'
import { type LighthouseResult, measureLighthouse } from './lighthouse.ts'
import { measureStatic, type StaticBench } from './static.ts'
import {
  accountTable,
  areqTable,
  challengeTable,
  checkingTable,
  lighthouseTable,
  staticTable,
  windowTable,
} from './tables.ts'
import { measureWindow, type WindowResult } from './window.ts'

// The measurements behind our performance claims: `npm run bench [-- NAME… --json FILE --seconds=N --rounds=N]`.

const usage =
  'npm run bench [-- areq challenge window account checking static lighthouse --json FILE --seconds=N --rounds=N]'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Also writes all results as JSON to this file. */
    json: { type: 'string' },
    /** Length of one run of requests. */
    seconds: { type: 'string', default: '4' },
    /** How often everything is measured; the tables show medians. */
    rounds: { type: 'string', default: '5' },
  },
})

const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)]
// Lighthouse takes a quarter of an hour, and static needs nginx, so both run only if named.
const names = positionals.length > 0 ? positionals : ['areq', 'challenge', 'window', 'account', 'checking']
if (
  !(
    seconds > 0 &&
    Number.isInteger(rounds) &&
    rounds > 0 &&
    names.every(name => /^(areq|challenge|window|account|checking|static|lighthouse)$/.test(name))
  )
) {
  console.error(usage)
  process.exit(2)
}

/** Progress goes to standard error, so that it does not disturb the tables. */
const say = (line: string) => console.error(line)
const machine = {
  node: process.version,
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  memoryGB: Math.round(totalmem() / 2 ** 30),
  /** Runnable processes in the last minute: what else this machine was doing. */
  loadBefore: loadavg()[0] ?? 0,
}
const results: {
  areq?: AReqResult
  challenge?: ChallengeResult
  window?: WindowResult
  account?: AccountResult
  checking?: CheckingResult
  static?: StaticBench
  lighthouse?: LighthouseResult
} = {}
if (names.includes('checking')) results.checking = measureChecking(seconds, rounds, say)
if (names.includes('areq')) results.areq = await measureAReq(seconds, rounds, say)
if (names.includes('challenge')) results.challenge = await measureChallenge(rounds, say)
if (names.includes('window')) results.window = await measureWindow(rounds, say)
if (names.includes('account')) results.account = await measureAccount(rounds, say)
if (names.includes('static')) results.static = await measureStatic(seconds, rounds, say)
if (names.includes('lighthouse')) results.lighthouse = await measureLighthouse(Math.min(rounds, 3), say)

const { node, cores, processor, memoryGB, loadBefore } = machine
console.log(`\nNode.js ${node}, ${cores} cores (${processor}), ${memoryGB} GB, load before ${loadBefore.toFixed(2)}`)
if (results.areq) console.log(areqTable(results.areq))
if (results.challenge) console.log(challengeTable(results.challenge))
if (results.window) console.log(windowTable(results.window))
if (results.account) console.log(accountTable(results.account))
if (results.checking) console.log(checkingTable(results.checking))
if (results.static) console.log(staticTable(results.static))
if (results.lighthouse) console.log(lighthouseTable(results.lighthouse))
if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, ...results }, null, 2)}\n`)
const failed = (results.areq?.failures ?? 0) + (results.static?.failures ?? 0) + (results.lighthouse?.below.length ?? 0)
if (failed > 0) process.exitCode = 1
