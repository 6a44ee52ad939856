import { AxeBuilder } from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'

// The tags are not cumulative.
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Rules for views that differ only in colour. */
const rulesOfColour = ['color-contrast', 'link-in-text-block']

type Media = Pick<NonNullable<Parameters<Page['emulateMedia']>[0]>, 'media' | 'colorScheme' | 'forcedColors'>

export interface View {
  readonly name: string
  readonly width: number
  readonly media: Media
}

/** In the order of checking: a view that differs only in colour follows the one whose layout it shares. */
const views: readonly View[] = [250, 1280].flatMap(width =>
  (['light', 'dark'] as const).map(colorScheme => ({
    name: `${width} px, ${colorScheme}`,
    width,
    media: { colorScheme },
  })),
)

/** Checks a page for barriers that a program can find: narrow and wide, light and dark. */
export async function isAccessible(page: Page): Promise<void> {
  await isAccessibleIn(page, views)
}

/**
 * The same for a page that is checked in Japanese as well: in English only in light colours, because colours do not depend
 * on the language.
 */
export async function isAccessibleAs(page: Page, language: 'ja' | 'en'): Promise<void> {
  await isAccessibleIn(page, language === 'ja' ? views : views.filter(({ media }) => media.colorScheme === 'light'))
}

/** The same in given views; `more` runs further checks in each. */
export async function isAccessibleIn(page: Page, wanted: readonly View[], more?: () => Promise<void>): Promise<void> {
  const seen = new Set<string>()
  for (const { name, width, media } of wanted) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ media: null, colorScheme: null, forcedColors: null, ...media })
    const layout = await page.evaluate(layoutOf)
    await hasNoBarriers(page, name, seen.has(layout) ? { rules: rulesOfColour } : {})
    seen.add(layout)
    await more?.()
  }
}

interface Rules {
  /** Only these rules. */
  readonly rules?: readonly string[]
  readonly without?: readonly string[]
}

/** Checks the page in its current view. */
export async function hasNoBarriers(page: Page, name: string, { rules, without = [] }: Rules = {}): Promise<void> {
  const isOneFrame = page.frames().length === 1
  const knowsAxe = isOneFrame && (await page.evaluate(() => 'axe' in window))
  const builder = new AxeBuilder({ page, ...(knowsAxe && { axeSource: ';' }) })
    // Passed rules are only counted.
    .options({ resultTypes: ['violations'] })
    .disableRules([...without])
    // In the legacy mode the results of several frames need not be combined in a separate tab.
    .setLegacyMode(isOneFrame)
  const { violations, passes } = await (rules ? builder.withRules([...rules]) : builder.withTags(tags)).analyze()
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  expect(found, `${page.url()} ${name}`).toEqual([])
  expect(passes.length).toBeGreaterThan(rules ? 0 : 10)
}

/** Everything about a page that a view can change except its colours: visibility, position, and text size. */
function layoutOf(): string {
  return [...document.querySelectorAll('body, body *')]
    .map(element => {
      const { x, y, width, height } = element.getBoundingClientRect()
      const { display, visibility, opacity, fontSize, fontWeight } = getComputedStyle(element)
      return [x, y, width, height, display, visibility, opacity, fontSize, fontWeight].join()
    })
    .join(';')
}
