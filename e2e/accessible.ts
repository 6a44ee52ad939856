import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

// The tags are not cumulative.
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** No barrier that a program can find: narrow and wide, light and dark. */
export async function isAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    for (const width of [250, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      const { violations, passes } = await new AxeBuilder({ page }).withTags(tags).analyze()
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
      expect(found, `${width} px, ${colorScheme}`).toEqual([])
      expect(passes.length).toBeGreaterThan(10)
    }
  }
}
