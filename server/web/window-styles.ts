import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brandStyle } from '../platform/brand-style.ts'

/**
 * Puts the style sheets into a window's page. As files they would cost the cardholder another round trip before the
 * first text is drawn: on a slow network a third of the time until the code can be entered. `build`: the folder of the
 * build.
 */
export function withStyles(html: string, nonce: string, build = '.next'): string {
  return html.replace(/<link\b[^>]*\srel="stylesheet"[^>]*>/g, link => {
    const path = /\shref="([^"]*)"/.exec(link)?.[1] ?? ''
    const style = path === '/brand.css' ? brandStyle() : builtStyle(path, build)
    return style === undefined ? link : `<style nonce="${nonce}">${style}</style>`
  })
}

/** The text of each style sheet of the build by its file. */
const texts = new Map<string, string | undefined>()

/** Undefined if it is no file of the build, as in development. */
function builtStyle(path: string, build: string): string | undefined {
  if (!/^\/_next\/static\/(?:[\w~-]+\/)*[\w~-][\w.~-]*\.css$/.test(path)) return undefined
  const file = join(build, path.slice('/_next/'.length))
  if (!texts.has(file)) texts.set(file, readIfThere(file))
  return texts.get(file)
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
