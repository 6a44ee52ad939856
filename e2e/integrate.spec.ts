import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { poll } from './poll.ts'
import { projectFolder } from './product.ts'
import { addresses } from './shop.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow } from './window.ts'

// The commands of docs/integrate.md, as they stand there, after those that name this product's addresses.

const page = readFileSync(join(projectFolder, 'docs/integrate.md'), 'utf8')

/** The commands under a heading. */
function commandsUnder(heading: string): string {
  const section = page.split(/^## /m).find(part => part.startsWith(`${heading}\n`)) ?? ''
  const blocks = [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands]) => commands)
  if (blocks.length === 0) throw new Error(`no commands under ${heading}`)
  return blocks.join('\n')
}

test('an integrator’s own directory server, shop and app are served', async ({ product, inbox, page: browser }) => {
  const work = mkdtempSync(join(tmpdir(), 'integrate-'))
  const running: ChildProcess[] = []
  const env = {
    ...process.env,
    AREQ_URL: `${product.addresses.ds}/acs/areq`,
    ORIGIN: product.addresses.web,
    LISTENER: product.addresses.otherDS,
    REFERENCE: 'DEMO-DS-REF-0001',
    DATA: product.dataDir,
    WORK: work,
  }
  const start = (commands: string) => {
    const shell = spawn('bash', ['-euc', commands], { cwd: projectFolder, env, detached: true })
    running.push(shell)
    return new Run(shell)
  }
  const received = () => readFileSync(join(work, 'received'), 'utf8')
  try {
    start(`${commandsUnder('An RReq listener')}\nwait`)
    const listens = () =>
      fetch(product.addresses.otherDS).then(
        ({ status }) => status,
        () => 0,
      )
    await poll(listens).toBe(204)

    const areq = await start(commandsUnder('An AReq')).ends()
    expect(areq).toContain('AReq 2.2.0: no errors found.')
    const ares = JSON.parse(readFileSync(join(work, 'ares.json'), 'utf8'))
    expect(ares).toMatchObject({ messageType: 'ARes', transStatus: 'C' })

    expect(await start(commandsUnder('A challenge')).ends()).toMatch(/^location: \/acs\/challenge\//im)
    await browser.goto(`file://${work}/challenge.html`)
    await browser.getByRole('button').click()
    await new ChallengeWindow(browser, 'en').finish(await inbox.freshCode('email', addresses.hanako))
    await expect(browser.getByText('Back at the shop')).toBeVisible()
    const [first = '', second = ''] = received()
      .trim()
      .split('\n')
      .filter(line => !line.startsWith('/ '))
    expect(JSON.parse(first.replace('/rreq ', ''))).toMatchObject({ messageType: 'RReq', transStatus: 'Y' })
    expect(second).toMatch(/^\/return \{"messageType":"CRes".*"transStatus":"Y".*\} /)

    const app = start(commandsUnder('A challenge in an app'))
    await app.says('Type the code:')
    app.type(await inbox.freshCode('email', addresses.hanako))
    expect(await app.ends()).toMatch(/transStatus: .*Y/)
  } finally {
    for (const { pid, exitCode } of running) if (pid && exitCode === null) process.kill(-pid)
  }
})

/** Commands that run, with what they print. */
class Run {
  readonly #shell: ChildProcessWithoutNullStreams
  readonly #closed: Promise<unknown>
  #output = ''

  constructor(shell: ChildProcessWithoutNullStreams) {
    this.#shell = shell
    this.#closed = once(shell, 'close')
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', part => this.#add(String(part)))
  }

  #add(part: string): void {
    this.#output += part
    this.#shell.emit('printed')
  }

  /** Resolves once they have printed this. */
  async says(text: string): Promise<void> {
    while (!this.#output.includes(text)) {
      await Promise.race([once(this.#shell, 'printed'), this.#closed])
      expect(this.#shell.exitCode, this.#output).toBeNull()
    }
  }

  type(line: string): void {
    this.#shell.stdin.write(`${line}\n`)
  }

  /** What they have printed once they end. */
  async ends(): Promise<string> {
    await this.#closed
    expect(this.#shell.exitCode, this.#output).toBe(0)
    return this.#output
  }
}
