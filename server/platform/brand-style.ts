import { config } from './config.ts'

/** The issuer's colours from the configuration, as a style sheet. */
export function brandStyle(): string {
  const { accent, accentDark } = config().issuer.brand
  return `:root{--accent:${accent}}@media (prefers-color-scheme:dark){:root{--accent:${accentDark}}}`
}
