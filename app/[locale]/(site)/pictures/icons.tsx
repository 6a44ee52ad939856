import type { ReactNode } from 'react'

// Line drawings without words. The words beside them are text, so that they wrap, scale and are read aloud.

function Drawing({ viewBox = '0 0 120 80', children }: { viewBox?: string; children: ReactNode }) {
  return (
    <svg
      aria-hidden="true"
      viewBox={viewBox}
      className="drawing"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      {children}
    </svg>
  )
}

/** A merchant's page on a screen, with a card beside it. */
export function ShopDrawing() {
  return (
    <Drawing>
      <rect x="8" y="8" width="76" height="54" rx="5" />
      <path d="M8 20h76M15 14h.1M21 14h.1M36 70h20M46 62v8" />
      <path d="M18 31h28M18 39h20" />
      <rect x="18" y="46" width="24" height="9" rx="2" className="accent-fill" />
      <rect x="60" y="34" width="50" height="32" rx="5" className="paper-fill" />
      <path d="M60 44h50" strokeWidth="5" />
      <path d="M68 57h10M84 57h6" />
    </Drawing>
  )
}

/** A phone that receives a message. */
export function MessageDrawing() {
  return (
    <Drawing>
      <rect x="40" y="4" width="40" height="72" rx="7" />
      <path d="M56 69h8" />
      <rect x="46" y="18" width="56" height="27" rx="5" className="paper-fill" />
      <path d="M54 27h24M54 36h14" />
      <circle cx="102" cy="18" r="6" className="accent-fill" />
      <path d="M28 26c-5 7-5 17 0 24M20 20c-8 11-8 25 0 36" />
    </Drawing>
  )
}

/** A screen with a tick. */
export function DoneDrawing() {
  return (
    <Drawing>
      <rect x="18" y="8" width="84" height="54" rx="5" />
      <path d="M18 20h84M25 14h.1M31 14h.1M50 70h20M60 62v8" />
      <circle cx="60" cy="41" r="14" className="accent-fill" />
      <path d="m53 41 5 5 10-10" className="on-accent-line" />
    </Drawing>
  )
}

/** A phone that asks for approval. */
export function PushDrawing() {
  return (
    <Drawing viewBox="0 0 64 80">
      <rect x="12" y="4" width="40" height="72" rx="7" />
      <path d="M28 69h8" />
      <rect x="18" y="18" width="28" height="34" rx="4" className="paper-fill" />
      <path d="M23 25h18M23 31h12" />
      <rect x="23" y="38" width="18" height="8" rx="3" className="accent-fill" />
    </Drawing>
  )
}

/** A phone that shows digits. */
export function CodeDrawing() {
  return (
    <Drawing viewBox="0 0 64 80">
      <rect x="12" y="4" width="40" height="72" rx="7" />
      <path d="M28 69h8" />
      <rect x="4" y="28" width="56" height="20" rx="4" className="paper-fill" />
      <path d="M12 38h.1M20 38h.1M28 38h.1M36 38h.1M44 38h.1M52 38h.1" strokeWidth="5" />
    </Drawing>
  )
}

/** A phone that is unlocked with a key. */
export function PasskeyDrawing() {
  return (
    <Drawing viewBox="0 0 64 80">
      <rect x="12" y="4" width="40" height="72" rx="7" />
      <path d="M28 69h8" />
      <circle cx="32" cy="28" r="9" className="accent-fill" />
      <circle cx="32" cy="26" r="2.5" className="on-accent-line" />
      <path d="M32 38v18M32 50h7M32 56h5" />
    </Drawing>
  )
}

/** A circular arrow around a tick. */
export function AutomaticDrawing() {
  return (
    <Drawing viewBox="0 0 80 80">
      <path d="M66 40a26 26 0 1 1-7.6-18.4M60 10v12H48" />
      <path d="m30 41 7 7 14-15" className="accent-line" />
    </Drawing>
  )
}
