const marks = {
  done: { shape: 'M5.5 10.5l3 3 6-7', colour: 'text-success' },
  open: { shape: 'M10 5.5v5l3 2', colour: 'text-soft' },
  stopped: { shape: 'M6.5 6.5l7 7M13.5 6.5l-7 7', colour: 'text-danger' },
} as const

export type MarkName = keyof typeof marks

/** How something ended, by its shape: a tick, a clock or a cross. The words beside it say the same. */
export function Mark({ mark }: { mark: MarkName }) {
  const { shape, colour } = marks[mark]
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 20 20"
      width="20"
      height="20"
      className={`mt-0.5 shrink-0 ${colour}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
    >
      <circle cx="10" cy="10" r="8.5" strokeWidth="1.5" />
      <path d={shape} />
    </svg>
  )
}
