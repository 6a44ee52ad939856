import type { Product } from './product.ts'
import { send } from './raw.ts'

export const languages = ['ja', 'en'] as const

/** Addresses of every public page in the site map, without their origin. */
export async function publicPaths({ addresses }: Product): Promise<string[]> {
  const { body } = await ask(addresses.web, '/sitemap.xml')
  const paths = [...body.matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address = '']) => new URL(address).pathname)
  if (paths.length < 18) throw new Error(`The site map names ${paths.length} pages.`)
  return paths
}

/** Requests a page without a browser. */
export async function ask(web: string, path: string, headers: Readonly<Record<string, string>> = {}) {
  return await send(web, { path, headers: { host: new URL(web).host, ...headers } })
}
