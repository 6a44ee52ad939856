import { spawnSync } from 'node:child_process'
import { Faults } from '../demo/faults.ts'
import { MailServer } from '../demo/inbox/smtp.ts'
import { startShop } from '../demo/shop/index.ts'
import { buildBareApp, passBareChallenge, startBareApp } from './bare-app.ts'
import { type Customer, openWindow, type Post, passChallenge } from './cardholder.ts'
import { benchCards } from './customers.ts'
import { install } from './deployment.ts'
import { type Kind, type Weight, weighPage } from './page-weight.ts'
import { type Product, startProduct } from './product.ts'
import { median, spread } from './statistics.ts'

export interface ChallengeResult {
  /** Processor time of the product for one whole challenge, milliseconds; without database, shop and mail server. */
  readonly cpuMilliseconds: number
  readonly cpuSpread: readonly [number, number]
  /** The same for the bare app. */
  readonly bareMilliseconds: number
  /** Median over the rounds of the product's time divided by the bare app's, the lowest and the highest. */
  readonly ratio: number
  readonly ratioSpread: readonly [number, number]
  /** Challenges measured on each side: rounds × customers. */
  readonly challenges: number
  readonly page: Record<Kind, Weight>
}

/** Each pays once per round; a card may be challenged ten times an hour. */
const customerCount = 150
const mostRounds = 7
/** Enough that V8 has compiled what runs often. */
const warmUps = 2
const atOnce = 4

/** Measures what a challenge costs the servers, from AReq to CRes, and the size of its page. */
export async function measureChallenge(rounds: number, say: (line: string) => void): Promise<ChallengeResult> {
  const built = spawnSync(process.execPath, ['--import', 'tsx', 'demo/main.ts', '--build-only'], { stdio: 'inherit' })
  if (built.status !== 0) throw new Error('The product could not be built')
  buildBareApp()
  const { customers, cards } = benchCards(customerCount)
  const [someone] = customers
  if (!someone) throw new Error('no customer')
  const deployment = await install(cards)
  const { ports, origins, folder } = deployment
  const product = await startProduct(deployment, ['ds', 'web', 'worker'])
  const bare = await startBareApp(deployment)
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
  const sides = {
    product: () => costOf(product, customers, each => passChallenge(deployment, each, post)),
    bare: () => costOf(bare, customers, () => passBareChallenge(bare.origin)),
  }
  try {
    const costs: Record<keyof typeof sides, number[]> = { product: [], bare: [] }
    const measured = Math.min(rounds, mostRounds)
    for (let round = 1 - warmUps; round <= measured; round++) {
      say(round > 0 ? `challenge: round ${round} of ${measured}` : 'challenge: warming up')
      for (const side of round % 2 === 0 ? (['product', 'bare'] as const) : (['bare', 'product'] as const)) {
        const cost = await sides[side]()
        if (round > 0) costs[side].push(cost)
      }
    }
    const ratios = costs.product.map((cost, round) => cost / (costs.bare[round] ?? 0))
    return {
      cpuMilliseconds: median(costs.product),
      cpuSpread: spread(costs.product),
      bareMilliseconds: median(costs.bare),
      ratio: median(ratios),
      ratioSpread: spread(ratios),
      challenges: measured * customerCount,
      page: await weighPage(await openWindow(deployment, someone)),
    }
  } finally {
    await Promise.all([product.stop(), bare.stop()])
    await Promise.all([shop.close(), mail.close()])
    await deployment.remove()
  }
}

/** Milliseconds of processor time for each customer, `atOnce` at a time. */
async function costOf(
  { cpu }: Product,
  customers: readonly Customer[],
  pay: (customer: Customer) => Promise<void>,
): Promise<number> {
  const before = cpu()
  const waiting = [...customers]
  const one = async () => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await pay(next)
  }
  await Promise.all(Array.from({ length: atOnce }, one))
  return (cpu() - before) / customers.length
}
