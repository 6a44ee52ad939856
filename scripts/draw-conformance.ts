import { readdirSync, readFileSync } from 'node:fs'
import { type Requirement, requirements } from './conformance/requirements.ts'

/** A test that names a requirement: `[Req 119, 263] accepts …`. */
interface Held {
  readonly file: string
  readonly title: string
}

/**
 * The conformance matrix: every requirement with the tests that hold it, or why it does not apply. Throws if a test names
 * a number that binds no access control server, or that is said not to apply.
 */
export function drawConformance(): string {
  const held = testsByRequirement()
  const known = new Set(requirements.flatMap(({ numbers }) => numbers))
  for (const [number, [test]] of held) {
    if (!known.has(number))
      throw new Error(`${test?.file} names Req ${number}, which scripts/conformance does not have`)
  }
  const rows = requirements.map(requirement => `| ${cellsOf(requirement, held).join(' | ')} |`)
  const count = { held: 0, because: 0, open: 0 }
  for (const requirement of requirements) count[statusOf(requirement, held)] += requirement.numbers.length
  return `# Conformance

EMV 3DS 2.3.1.1: every numbered requirement that binds an access control server, and the tests that hold it. Drawn by \`npm run docs\` from the tests: the title of a test names its requirement. The numbers are those of 2.3.1.1; 2.1.0 and 2.2.0 do the same, unless their column says otherwise ([protocol.md](protocol.md) has every element). A test that names a requirement shows our reading of it; no test laboratory has certified it. Card ranges (PReq and PRes) pass between 3DS Server and directory server alone, so no requirement about them binds us, and SafeKey answers a PReq with Erro 101; \`npx safekey ranges\` prints what a directory server publishes about this deployment.

${known.size} requirements: ${count.held} held by tests, ${count.because} not applicable or not ours to test, ${count.open} not yet.

| Req | the access control server | 2.1.0 and 2.2.0 | status |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

function statusOf({ numbers, because }: Requirement, held: ReadonlyMap<number, readonly Held[]>) {
  // A row says the same of several numbers, and each needs a test.
  if (numbers.every(number => held.has(number))) return 'held' as const
  return because ? ('because' as const) : ('open' as const)
}

function cellsOf(requirement: Requirement, held: ReadonlyMap<number, readonly Held[]>): string[] {
  const { numbers, does, because, lacks, before } = requirement
  const tests = new Map(numbers.flatMap(number => held.get(number) ?? []).map(test => [test.file + test.title, test]))
  const status = {
    held: [...tests.values()].map(({ file, title }) => `[${title}](../${file})`).join('<br>'),
    because: because ?? '',
    open: lacks ? `not yet: ${lacks}` : 'not yet',
  }[statusOf(requirement, held)]
  return [numbers.join(', '), does, before ?? '', status].map(cell => cell.replaceAll('|', '\\|'))
}

function testsByRequirement(): Map<number, Held[]> {
  const found = new Map<number, Held[]>()
  const root = new URL('..', import.meta.url).pathname
  const files = ['app', 'db', 'demo', 'domain', 'e2e', 'server'].flatMap(folder =>
    readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
      .filter(file => /\.(test|spec)\.tsx?$/.test(file))
      .map(file => `${folder}/${file}`),
  )
  for (const file of files.sort()) {
    const text = readFileSync(`${root}${file}`, 'utf8')
    for (const [, numbers = '', title = ''] of text.matchAll(/['"`]\[Req ([0-9, ]+)\] (.*?)['"`],/g)) {
      for (const number of numbers.split(',').map(Number)) {
        found.set(number, [...(found.get(number) ?? []), { file, title: title.replace(/[[\]]/g, '') }])
      }
    }
  }
  return found
}
