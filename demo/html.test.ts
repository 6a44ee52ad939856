import { expect, test } from 'vitest'
import { html } from './html.ts'

test('what is put into a page stays text, wherever it is put', () => {
  const hostile = `"><script>alert('&')</script>`
  const page = String(html`<p title="${hostile}">${[hostile, html`<b>${1}</b>`]}${false}${null}</p>`)
  expect(page).not.toContain('<script>')
  expect(page.match(/"/g)).toHaveLength(2)
  expect(page).toContain('<b>1</b></p>')
})
