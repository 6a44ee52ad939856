import { chromium } from '@playwright/test'
import lighthouse from 'lighthouse'
import { freePort } from '../demo/free-port.ts'
import { findChromium } from '../e2e/chromium.ts'
import { install } from './deployment.ts'
import { startProduct } from './product.ts'
import { median } from './statistics.ts'

/** The score, of 100, that each category must reach. */
const bars = { performance: 98, accessibility: 100, 'best-practices': 100, seo: 100 } as const
type Category = keyof typeof bars
const categories = Object.keys(bars) as Category[]

export interface LighthouseResult {
  readonly pages: readonly { readonly path: string; readonly scores: Readonly<Record<Category, number>> }[]
  /** Pages and categories below their required score, in words. */
  readonly below: readonly string[]
}

/** Runs Lighthouse's mobile profile on every page of the site map, in both languages; the median of `rounds`. */
export async function measureLighthouse(rounds: number, say: (line: string) => void): Promise<LighthouseResult> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('No browser found: install chromium, or name one in CHROMIUM_PATH')
  const deployment = await install()
  const product = await startProduct(deployment, ['web'])
  const port = await freePort()
  const args = ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`]
  const browser = await chromium.launch({ executablePath, args })
  try {
    const { web } = deployment.origins
    const answer = await fetch(`${web}/sitemap.xml`)
    const addresses = [...(await answer.text()).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address = '']) => address)
    if (!answer.ok || addresses.length === 0) throw new Error('The site map lists no page: is the build whole?')
    const pages: { path: string; scores: Record<Category, number> }[] = []
    for (const address of addresses) {
      const runs: Record<Category, number>[] = []
      for (let round = 0; round < rounds; round += 1) runs.push(await scoresOf(address, port))
      const scores = Object.fromEntries(
        categories.map(category => [category, median(runs.map(run => run[category]))]),
      ) as Record<Category, number>
      const path = new URL(address).pathname
      pages.push({ path, scores })
      say(`lighthouse: ${path} ${categories.map(category => scores[category]).join(' ')}`)
    }
    const below = pages.flatMap(({ path, scores }) =>
      categories
        .filter(category => scores[category] < bars[category])
        .map(category => `${path}: ${category} ${scores[category]}, wanted ${bars[category]}`),
    )
    return { pages, below }
  } finally {
    await browser.close()
    await product.stop()
    await deployment.remove()
  }
}

async function scoresOf(address: string, port: number): Promise<Record<Category, number>> {
  // Without device options Lighthouse uses the mobile profile, which simulates a slow network and processor.
  const run = await lighthouse(address, { port, output: 'json', logLevel: 'silent', onlyCategories: [...categories] })
  const found = run?.lhr.categories ?? {}
  return Object.fromEntries(
    categories.map(category => [category, Math.round((found[category]?.score ?? 0) * 100)]),
  ) as Record<Category, number>
}
