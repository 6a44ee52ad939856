import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'

// Everything that `npm run check` checks, as many at a time as there are processors. Prints the output of each check when
// it ends, and exits with code 1 if one fails.

/** Those that take longest come first, so that no processor waits for one at the end. */
const checks = [
  'tsc --noEmit',
  'knip',
  'biome check',
  'node --import tsx scripts/check-writing.ts',
  'node --import tsx scripts/check-messages.ts',
  'node --import tsx scripts/draw-docs.ts --check',
  'node --import tsx scripts/check-holidays.ts',
]

/** @returns whether the check found nothing wrong */
async function passes(check: string): Promise<boolean> {
  const [program = '', ...args] = check.split(' ')
  const run = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [run.stdout, run.stderr])
    stream.on('data', (part: Buffer) => {
      output += part
    })
  const [code] = await once(run, 'close')
  console.log(`${code === 0 ? '✓' : '✗'} ${check}\n${output}`)
  return code === 0
}

const waiting = [...checks]
async function runSome(): Promise<void> {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    if (!(await passes(check))) process.exitCode = 1
  }
}
await Promise.all(Array.from({ length: availableParallelism() }, runSome))
