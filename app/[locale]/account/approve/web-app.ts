import type { Metadata } from 'next'
import type { Language } from '#domain/kernel/language.ts'
import { registersBrowsers } from '#server/account/register-device.ts'

/** What makes a page installable as the web app of an approval device. */
export function webAppMetadata(locale: Language): Pick<Metadata, 'manifest' | 'icons'> {
  if (!registersBrowsers()) return {}
  return { manifest: `/${locale}/app.webmanifest`, icons: { apple: '/app-icon/180.png' } }
}
