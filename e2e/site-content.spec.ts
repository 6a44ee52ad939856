import { HtmlValidate } from 'html-validate'
import { ask, languages, publicPaths } from './site.ts'
import { siteFacts } from './site-facts.ts'
import { expect, test } from './test.ts'

// The content of the site, page by page, without scripts.

const facts = Object.keys(siteFacts)

const factsIn = (html: string) => new Set([...html.matchAll(/data-fact="(F\d\d)"/g)].map(([, fact = '']) => fact))

test('every fact is on the site in Japanese and in English, on the same pages', async ({ product }) => {
  const found = { ja: new Set<string>(), en: new Set<string>() }
  for (const path of await publicPaths(product)) {
    if (!path.startsWith('/ja')) continue
    const [japanese, english] = await Promise.all(
      [path, path.replace('/ja', '/en')].map(async each => factsIn((await ask(product.addresses.web, each)).body)),
    )
    expect([...(english ?? [])], path).toEqual([...(japanese ?? [])])
    for (const fact of japanese ?? []) found.ja.add(fact)
    for (const fact of english ?? []) found.en.add(fact)
  }
  for (const language of languages) expect([...found[language]].sort()).toEqual(facts)
})

test('the terms are one link away at the top of the home page', async ({ product }) => {
  for (const language of languages) {
    const { body } = await ask(product.addresses.web, `/${language}`)
    const [top = ''] = body.split('<h2')
    expect(top).toMatch(new RegExp(`<h1[^]*<a href="/${language}/terms"[^>]*data-fact="F03"`))
  }
})

test('every page is valid HTML, and so is the page for unknown addresses', async ({ product }) => {
  const validator = new HtmlValidate({ extends: ['html-validate:standard'] })
  for (const path of [...(await publicPaths(product)), '/nothing', '/ja/terms/1999']) {
    const { body } = await ask(product.addresses.web, path)
    const report = await validator.validateString(body)
    const wrong = report.results.flatMap(({ messages }) =>
      messages.map(each => `${path}: ${each.ruleId} ${each.message}`),
    )
    expect(wrong).toEqual([])
  }
  const broken = await validator.validateString('<!DOCTYPE html><html lang="ja"><p><div></p></html>')
  expect(broken.valid).toBe(false)
})

test('every link leads to an existing page and place', async ({ product }) => {
  const { web } = product.addresses
  const pages = new Map<string, string>()
  const bodyOf = async (path: string) => {
    const known = pages.get(path)
    if (known !== undefined) return known
    const { status, headers, body } = await ask(web, path)
    // A visitor who is not signed in is redirected to sign-in.
    if (/^\/(ja|en)\/account$/.test(path)) expect(headers.location).toMatch(/\/account\/sign-in/)
    else expect(status, path).toBe(200)
    pages.set(path, body)
    return body
  }
  let checked = 0
  for (const path of await publicPaths(product)) {
    const html = await bodyOf(path)
    for (const [, href = ''] of html.matchAll(/<a [^>]*href="([^"]+)"/g)) {
      const { host, pathname, hash } = new URL(href, `http://site${path}`)
      // In the demo the pages end with links to the shop and the inbox.
      if (host !== 'site') continue
      const target = await bodyOf(pathname)
      if (hash) expect(target, `${path} → ${href}`).toContain(`id="${hash.slice(1)}"`)
      checked += 1
    }
    for (const [, file = ''] of html.matchAll(/<(?:script|link|img|source)[^>]* (?:src|href|srcSet)="(\/[^"]+)"/g))
      await bodyOf(file)
  }
  expect(checked).toBeGreaterThan(400)
})

test('a link that leaves the site says so, visibly and to screen readers', async ({ product }) => {
  for (const path of await publicPaths(product)) {
    const { body } = await ask(product.addresses.web, path)
    const leaving = [...body.matchAll(/<a [^>]*href="https:[^>]*>[\s\S]*?<\/a>/g)].map(([link]) => link)
    expect(leaving.length).toBeGreaterThan(0)
    for (const link of leaving) {
      expect(link).toMatch(/rel="external/)
      expect(link).toContain('<svg aria-hidden="true"')
      expect(link).toContain(path.startsWith('/ja') ? '（外部のサイト）' : ' (external site)')
    }
  }
})

test('each page has its own address, its other language, and a preview', async ({ product }) => {
  const { acs } = product.addresses
  const titles = new Set<string>()
  const paths = await publicPaths(product)
  for (const path of paths) {
    const { body } = await ask(product.addresses.web, path)
    const plain = path.replace(/^\/(ja|en)/, '')
    expect(body).toContain(`<link rel="canonical" href="${acs}${path}"/>`)
    for (const language of languages)
      expect(body).toContain(`<link rel="alternate" hrefLang="${language}" href="${acs}/${language}${plain}"/>`)
    expect(body).toContain(`<link rel="alternate" hrefLang="x-default" href="${acs}${plain || '/'}"/>`)
    const [, title = ''] = /<title>([^<]+)<\/title>/.exec(body) ?? []
    const [, picture = ''] = /<meta property="og:image" content="([^"]+)"/.exec(body) ?? []
    expect(picture).toContain(`${acs}/${path.slice(1, 3)}/og/`)
    titles.add(`${path.slice(1, 3)} ${title}`)
    for (const [, json = ''] of body.matchAll(/<script type="application\/ld\+json">([^<]+)<\/script>/g))
      expect(JSON.parse(json)).toMatchObject({ '@context': 'https://schema.org' })
  }
  expect(titles.size).toBe(paths.length)
  expect((await ask(product.addresses.web, '/ja/help')).body).toContain('"@type":"FAQPage"')
  expect((await ask(product.addresses.web, '/en')).body).toContain('"@type":"WebSite"')
  const robots = await ask(product.addresses.web, '/robots.txt')
  expect(robots.body).toContain(`Sitemap: ${acs}/sitemap.xml`)
})
