import { ask, languages, publicPaths } from './site.ts'
import { expect, test } from './test.ts'

// Headers, redirects, and unknown addresses.

const protection = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'cross-origin',
}

test('every answer has protective headers, and no page permits inline scripts or styles', async ({ product }) => {
  const { web } = product.addresses
  const paths = [...(await publicPaths(product)), '/', '/nothing', '/ja/terms/1999', '/sitemap.xml', '/site.js']
  for (const path of paths) {
    const { headers } = await ask(web, path)
    expect(headers, path).toMatchObject(protection)
    expect(headers['permissions-policy']).toContain('camera=()')
    const policy = String(headers['content-security-policy'])
    for (const part of ["default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'"])
      expect(policy).toContain(part)
    expect(policy).not.toMatch(/unsafe|nonce|sha256|https?:|\*/)
  }
  expect((await ask(web, '/ja/picture/asking')).headers['content-security-policy']).toMatch(
    /^default-src 'none'.*form-action 'none'; frame-ancestors 'self'$/,
  )
})

test('public pages contain nothing of the framework and nothing inline', async ({ product }) => {
  for (const path of await publicPaths(product)) {
    const { body } = await ask(product.addresses.web, path)
    const scripts = [...body.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag)
    for (const tag of scripts) expect(tag).toMatch(/ src="\/[a-z-]+\.js"| type="application\/ld\+json"/)
    expect(body).not.toMatch(/ style="| on[a-z]+="|__next_f|as="script"/)
  }
})

test('public pages can be cached, revalidated and compressed', async ({ product }) => {
  const { web } = product.addresses
  for (const path of ['/ja', '/en/help', '/ja/terms', '/sitemap.xml', '/site.js', '/brand.css', '/mark.svg']) {
    const first = await ask(web, path)
    expect(first.headers['cache-control'], path).toMatch(/^public, max-age=60, s-maxage=600,/)
    const again = await ask(web, path, { 'if-none-match': String(first.headers.etag) })
    expect(again.status, path).toBe(304)
    expect(again.body).toBe('')
    for (const encoding of ['br', 'gzip']) {
      const packed = await ask(web, path, { 'accept-encoding': encoding })
      expect(packed.headers['content-encoding'], path).toBe(encoding)
      expect(packed.headers.vary).toBe('Accept-Encoding')
      expect(packed.headers.etag).not.toBe(first.headers.etag)
    }
    const refused = await ask(web, path, { 'accept-encoding': 'br;q=0, gzip;q=0' })
    expect(refused.headers).not.toHaveProperty('content-encoding')
  }
  const [style = ''] = /\/_next\/static\/[^"]+\.css/.exec((await ask(web, '/ja')).body) ?? []
  expect((await ask(web, style)).headers['cache-control']).toBe('public, max-age=31536000, immutable')
  for (const path of ['/', '/ja/nothing', '/fr/help'])
    expect((await ask(web, path)).headers['cache-control'], path).toBe('no-store')
  expect((await ask(web, '/ja/status')).headers['cache-control']).toBe('public, max-age=5')
})

test('an address without a language leads to the same page in a language that we have', async ({ product }) => {
  const { web } = product.addresses
  const follow = async (path: string, languages = 'ja', cookie = '') => {
    let at = path
    for (let hops = 0; hops < 5; hops += 1) {
      const { status, headers } = await ask(web, at, { 'accept-language': languages, cookie })
      if (status < 300 || status > 399) return `${status} ${at}`
      at = new URL(String(headers.location), 'http://site').pathname
    }
    return 'a circle'
  }
  expect(await follow('/')).toBe('200 /ja')
  expect(await follow('/', 'en-GB,ja;q=0.5')).toBe('200 /en')
  expect(await follow('/', 'en', 'language=ja')).toBe('200 /ja')
  expect(await follow('/help', 'en')).toBe('200 /en/help')
  expect(await follow('/fr/help', 'en')).toBe('200 /en/help')
  expect(await follow('/zh-Hant/terms/2026-04-01')).toBe('200 /ja/terms/2026-04-01')
  expect(await follow('/EN-us/help', 'ja')).toBe('200 /en/help')
  expect(await follow('/fr')).toBe('200 /ja')
  expect(await follow('/ja/help/')).toBe('200 /ja/help')
  expect(await follow('/faq', 'en')).toBe('200 /en/help')
  expect(await follow('/en/privacy-policy')).toBe('200 /en/privacy')
  expect(await follow('/fr/nothing')).toBe('404 /ja/nothing')
  expect(await follow('/index.html')).toBe('200 /ja')
})

const missing = { ja: 'ページが見つかりません', en: 'Page not found' } as const

test('an unknown address is answered in its language within the frame of the site, without a script', async ({
  product,
}) => {
  const paths = { ja: ['/ja/nothing', '/ja/help/more', '/ja/terms/1999'], en: ['/en/account/nothing', '/en/a/b/c'] }
  for (const language of languages)
    for (const path of paths[language]) {
      const { status, body } = await ask(product.addresses.web, path)
      expect(status, path).toBe(404)
      expect(body, path).toContain(`<html lang="${language}"`)
      expect(body, path).toMatch(new RegExp(`<title>${missing[language]} . SafeKey`))
      expect(body, path).toMatch(new RegExp(`<h1[^>]*>${missing[language]}`))
      expect(body, path).not.toContain(missing[language === 'ja' ? 'en' : 'ja'])
      for (const part of ['<header', '<footer', '/mark.svg']) expect(body, path).toContain(part)
    }
})

test('an unknown address without a language is answered in both', async ({ product }) => {
  const { status, body } = await ask(product.addresses.web, '/nothing.html')
  expect(status).toBe(404)
  for (const language of languages) {
    expect(body).toContain(missing[language])
    expect(body).toContain(`href="/${language}"`)
  }
})
