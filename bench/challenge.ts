import { spawnSync } from 'node:child_process'
import { Faults } from '../demo/faults.ts'
import { MailServer } from '../demo/inbox/smtp.ts'
import { startShop } from '../demo/shop/index.ts'
import { type Customer, openWindow, type Post, passChallenge } from './cardholder.ts'
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
  const customers = Array.from({ length: crowd }, (_, index) => customer(index))
  const deployment = await install(customers.map(cardOf))
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
    const page = await weighPage(await openWindow(deployment, customer(0)))
    return { cpuMilliseconds: median(costs), cpuSpread: spread(costs), challenges: costs.length * crowd, page }
  } finally {
    await product.stop()
    await Promise.all([shop.close(), mail.close()])
    await deployment.remove()
  }
}

function customer(index: number): Customer {
  return {
    card: withCheckDigit(`3799990000${String(index).padStart(4, '0')}`),
    email: `bench-${index}@cardholder.example`,
  }
}

/** A line of the issuer's list (docs/cards.md). */
function cardOf({ card, email }: Customer): object {
  const names = { kanji: '計測 太郎', romaji: 'TARO KEISOKU' }
  const holder = { cardholderId: email.replace('@cardholder.example', ''), names, language: 'ja', email }
  return { cardNumber: card, expiry: '2030-12', status: 'active', ...holder }
}

/** Luhn: every second digit is doubled, beginning next to the check digit. */
function withCheckDigit(digits: string): string {
  const sum = [...digits].toReversed().reduce((total, digit, place) => {
    const value = place % 2 === 0 ? Number(digit) * 2 : Number(digit)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}
