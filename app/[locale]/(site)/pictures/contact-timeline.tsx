import type { Say } from '../said.tsx'

const moments = ['requested', 'confirmed', 'effective'] as const

/** A change of the mobile number, from the request to the day it takes effect. */
export function ContactTimeline({ say }: { say: Say }) {
  return (
    <figure className="card flex flex-col gap-4">
      <figcaption className="font-bold">{say('code.timeline')}</figcaption>
      <ol className="timeline">
        {moments.map(moment => (
          <li key={moment}>
            <p className="font-bold">{say(`code.${moment}`)}</p>
            <p className="text-sm">{say(`code.${moment}Text`)}</p>
          </li>
        ))}
      </ol>
    </figure>
  )
}
