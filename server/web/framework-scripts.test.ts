import { expect, test } from 'vitest'
import { withoutFrameworkScripts } from './framework-scripts.ts'

test('removes scripts with an address, inline data and preloads of scripts', () => {
  const framework = [
    '<link rel="preload" as="script" fetchPriority="low" href="/_next/static/chunks/webpack.js" nonce="n"/>',
    '<script src="/_next/static/chunks/main.js" async="" nonce="n"></script>',
    '<script nonce="n">(self.__next_f=self.__next_f||[]).push([0])</script>',
    '<script>self.__next_f.push([1,"<p>&lt;\\u003c/script>"])</script>',
    '<script src="/_next/static/chunks/polyfills.js" noModule=""></script>',
  ]
  const page = (inside: string) => `<html><head>${inside}</head><body><p>text</p></body></html>`
  expect(withoutFrameworkScripts(page(framework.join('')))).toBe(page(''))
})

test('keeps our own files, structured data and styles', () => {
  const ours = [
    '<script src="/window.js" nonce="n" defer=""></script>',
    '<script type="application/ld+json">{"@type":"FAQPage"}</script>',
    '<link rel="stylesheet" href="/_next/static/css/a.css" data-precedence="next"/>',
    '<link rel="preload" as="style" href="/_next/static/css/a.css"/>',
  ].join('')
  expect(withoutFrameworkScripts(ours)).toBe(ours)
})
