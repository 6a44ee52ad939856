'use client'

import { useContext, useEffect, useRef } from 'react'
import { FailureContext } from './failure-words.tsx'

/** Replaces a page whose action failed, if the form itself does not show the failure. */
export default function AccountFailure({ reset }: { readonly reset: () => void }) {
  const words = useContext(FailureContext)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <main id="content" className="measure flex flex-col items-start gap-6 py-8 sm:py-10">
      <h1 ref={heading} tabIndex={-1}>
        {words?.heading}
      </h1>
      <p className="lead">{words?.text}</p>
      <button type="button" className="button" onClick={reset}>
        {words?.again}
      </button>
    </main>
  )
}
