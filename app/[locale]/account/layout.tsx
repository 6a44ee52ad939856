import type { Metadata } from 'next'
import type { ReactNode } from 'react'

/** Made for one person, each time: nothing of it is rendered once for everybody. */
export const dynamic = 'force-dynamic'

/** No search engine has any business here. */
export const metadata: Metadata = { robots: { index: false, follow: false } }

export default function AccountLayout({ children }: { children: ReactNode }) {
  return children
}
