import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { poll } from './poll.ts'
import { projectFolder } from './product.ts'
import { addresses } from './shop.ts'
import { expect, test } from './test.ts'
import { ChallengeWindow } from './window.ts'

// The commands of docs/integrate.md, as they stand there.

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
    const run = { output: '', shell, ended: new Promise<number | null>(resolve => shell.once('close', resolve)) }
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', part => (run.output += part))
    return run
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

    const areq = start(commandsUnder('An AReq'))
    expect(await areq.ended, areq.output).toBe(0)
    expect(areq.output).toContain('AReq 2.2.0: no fault found.')
    const ares = JSON.parse(readFileSync(join(work, 'ares.json'), 'utf8'))
    expect(ares).toMatchObject({ messageType: 'ARes', transStatus: 'C' })

    const challenge = start(commandsUnder('A challenge'))
    expect(await challenge.ended, challenge.output).toBe(0)
    expect(challenge.output).toMatch(/^location: \/acs\/challenge\//im)
    await browser.goto(`file://${work}/challenge.html`)
    await browser.getByRole('button').click()
    await new ChallengeWindow(browser, 'en').finish(await inbox.codeFor(addresses.hanako))
    await expect(browser.getByText('Back at the shop')).toBeVisible()
    const [first = '', second = ''] = received()
      .trim()
      .split('\n')
      .filter(line => !line.startsWith('/ '))
    expect(JSON.parse(first.replace('/rreq ', ''))).toMatchObject({ messageType: 'RReq', transStatus: 'Y' })
    expect(second).toMatch(/^\/return \{"messageType":"CRes".*"transStatus":"Y".*\} /)

    await inbox.startAnew()
    const app = start(commandsUnder('A challenge in an app'))
    await poll(() => app.output).toContain("acsUiType: '01'")
    app.shell.stdin.write(`${await inbox.codeFor(addresses.hanako)}\n`)
    expect(await app.ended, app.output).toBe(0)
    expect(app.output).toContain("transStatus: 'Y'")
  } finally {
    for (const { pid, exitCode } of running) if (pid && exitCode === null) process.kill(-pid)
  }
})
