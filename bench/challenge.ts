import { spawnSync } from 'node:child_process'
import { Faults } from '../demo/faults.ts'
import { MailServer } from '../demo/inbox/smtp.ts'
import { startShop } from '../demo/shop/index.ts'
import { openWindow, type Post, passChallenge } from './cardholder.ts'
import { benchCards } from './customers.ts'
import { install } from './deployment.ts'
import { type Kind, type Weight, weighPage } from './page-weight.ts'
import { startProduct } from './product.ts'
import { median, spread } from './statistics.ts'

export interface ChallengeResult {
  /** Processor time of the product for one whole challenge, milliseconds; without database, shop and mail server. */
  readonly cpuMilliseconds: number
  readonly cpuSpread: readonly [number, number]
  /** Challenges measured: rounds × customers. */
  readonly challenges: number
  readonly page: Record<Kind, Weight>
}

/** Customers who pay at the same time; each pays once per round, and a card may be challenged ten times an hour. */
const crowd = 20
const mostRounds = 8

/** Measures what a challenge costs the servers, from AReq to CRes, and the size of its page. */
export async function measureChallenge(rounds: number, say: (line: string) => void): Promise<ChallengeResult> {
  const built = spawnSync(process.execPath, ['--import', 'tsx', 'demo/main.ts', '--build-only'], { stdio: 'inherit' })
  if (built.status !== 0) throw new Error('The product could not be built')
  const { customers, cards } = benchCards(crowd)
  const [someone] = customers
  if (!someone) throw new Error('no customer')
  const deployment = await install(cards)
  const { ports, origins, folder } = deployment
  const product = await startProduct(deployment, ['ds', 'web', 'worker'])
  const faults = new Faults()
  const post: Post = new Map()
  const mail = new MailServer(ports.smtp, faults, ({ to, text }) => post.set(to, text))
  await mail.follow()
  const ds = {
    port: ports.shop,
    rreqPort: ports.rreq,
    origin: origins.shop,
    dsServer: `http://localhost:${ports.ds}`,
    dsReference: 'DEMO-DS-REF-0001',
  }
  const addresses = { inboxOrigin: origins.inbox, methodURL: `${origins.web}/acs/method` }
  const shop = await startShop({ ...ds, ...addresses, faults, dataDir: folder })
  const everybodyPays = () => Promise.all(customers.map(each => passChallenge(deployment, each, post)))
  try {
    await everybodyPays()
    const costs: number[] = []
    for (let round = 0; round < Math.min(rounds, mostRounds); round++) {
      say(`challenge: round ${round + 1} of ${Math.min(rounds, mostRounds)}`)
      const before = product.cpu()
      await everybodyPays()
      costs.push((product.cpu() - before) / crowd)
    }
    const page = await weighPage(await openWindow(deployment, someone))
    return { cpuMilliseconds: median(costs), cpuSpread: spread(costs), challenges: costs.length * crowd, page }
  } finally {
    await product.stop()
    await Promise.all([shop.close(), mail.close()])
    await deployment.remove()
  }
}
