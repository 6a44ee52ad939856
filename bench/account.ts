import { spawnSync } from 'node:child_process'
import { Faults } from '../demo/faults.ts'
import { MailServer } from '../demo/inbox/smtp.ts'
import { AccountVisitor } from './account-visitor.ts'
import type { Post } from './cardholder.ts'
import { type Deployment, install, productArguments } from './deployment.ts'
import { startProduct } from './product.ts'
import { median, spread } from './statistics.ts'

const pages = { 'sign-in': '/ja/account/sign-in', contact: '/ja/account/contact' } as const
type Page = keyof typeof pages

export interface AccountResult {
  /** Processor time of the product for one page, milliseconds; without the database. */
  readonly cpuMilliseconds: Record<Page, number>
  readonly cpuSpread: Record<Page, readonly [number, number]>
  /** Pages per round. */
  readonly count: number
}

/** Enough that the resolution of processor time, a hundredth of a second, does not matter. */
const count = 200
const atOnce = 4
const email = 'ken@cardholder.example'

/** Measures what it costs the server to render the account's first page, and the page with the most queries. */
export async function measureAccount(rounds: number, say: (line: string) => void): Promise<AccountResult> {
  const built = spawnSync(process.execPath, ['--import', 'tsx', 'demo/main.ts', '--build-only'], { stdio: 'inherit' })
  if (built.status !== 0) throw new Error('The product could not be built')
  const deployment = await install()
  const product = await startProduct(deployment, ['web', 'worker'])
  const post: Post = new Map()
  const mail = new MailServer(deployment.ports.smtp, new Faults(), ({ to, text }) => post.set(to, text))
  await mail.follow()
  try {
    const cardholder = new AccountVisitor(deployment.origins.web)
    await cardholder.enrol(letterFor(deployment, 'demo-ken'), email, post)
    const visitors = { 'sign-in': new AccountVisitor(deployment.origins.web), contact: cardholder }
    const costs: Record<Page, number[]> = { 'sign-in': [], contact: [] }
    for (let round = 0; round <= rounds; round++) {
      say(round === 0 ? 'account: warming up' : `account: round ${round} of ${rounds}`)
      for (const page of ['sign-in', 'contact'] as const) {
        const before = product.cpu()
        await draw(visitors[page], page)
        if (round > 0) costs[page].push((product.cpu() - before) / count)
      }
    }
    return {
      cpuMilliseconds: { 'sign-in': median(costs['sign-in']), contact: median(costs.contact) },
      cpuSpread: { 'sign-in': spread(costs['sign-in']), contact: spread(costs.contact) },
      count,
    }
  } finally {
    await product.stop()
    await mail.close()
    await deployment.remove()
  }
}

async function draw(visitor: AccountVisitor, page: Page): Promise<void> {
  const field = page === 'sign-in' ? 'name="email"' : '@•••.example'
  const one = async () => {
    for (let drawn = 0; drawn < count / atOnce; drawn += 1) {
      if (!(await visitor.open(pages[page])).includes(field)) throw new Error(`The page ${page} was not itself`)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, one))
}

/** Makes a letter with the command that an issuer would use. */
function letterFor({ env }: Deployment, ref: string): string {
  const args = [...productArguments, 'server/commands/cards.ts', 'activation', ref]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`No letter could be made: ${stderr}`)
  return JSON.parse(stdout).activationCode
}
