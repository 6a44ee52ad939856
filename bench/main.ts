import { writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { type AReqResult, measureAReq } from './areq.ts'
import { type ChallengeResult, measureChallenge } from './challenge.ts'
import { type CheckingResult, measureChecking } from './checking.ts'
import { areqTable, challengeTable, checkingTable } from './tables.ts'

// What performance is claimed, as commands: `npm run bench [-- NAME… --json FILE --seconds=N --rounds=N]`.

const usage = 'npm run bench [-- areq challenge checking --json FILE --seconds=N --rounds=N]'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** Also writes everything as JSON to this file. */
    json: { type: 'string' },
    /** Length of one run of requests. */
    seconds: { type: 'string', default: '4' },
    /** How often everything is measured; the tables show medians. */
    rounds: { type: 'string', default: '5' },
  },
})

const [seconds, rounds] = [Number(values.seconds), Number(values.rounds)]
const names = positionals.length > 0 ? positionals : ['areq', 'challenge', 'checking']
if (
  !(
    seconds > 0 &&
    Number.isInteger(rounds) &&
    rounds > 0 &&
    names.every(name => /^(areq|challenge|checking)$/.test(name))
  )
) {
  console.error(usage)
  process.exit(2)
}

/** Progress goes where it does not disturb the tables. */
const say = (line: string) => console.error(line)
const machine = {
  node: process.version,
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  memoryGB: Math.round(totalmem() / 2 ** 30),
  /** Processes that wanted to run in the last minute: what else this machine was doing. */
  loadBefore: loadavg()[0] ?? 0,
}
const results: { areq?: AReqResult; challenge?: ChallengeResult; checking?: CheckingResult } = {}
if (names.includes('checking')) results.checking = measureChecking(seconds, rounds, say)
if (names.includes('areq')) results.areq = await measureAReq(seconds, rounds, say)
if (names.includes('challenge')) results.challenge = await measureChallenge(rounds, say)

const { node, cores, processor, memoryGB, loadBefore } = machine
console.log(`\nNode.js ${node}, ${cores} cores (${processor}), ${memoryGB} GB, load before ${loadBefore.toFixed(2)}`)
if (results.areq) console.log(areqTable(results.areq))
if (results.challenge) console.log(challengeTable(results.challenge))
if (results.checking) console.log(checkingTable(results.checking))
if (values.json) writeFileSync(values.json, `${JSON.stringify({ machine, ...results }, null, 2)}\n`)
if (results.areq && results.areq.failures > 0) process.exitCode = 1
