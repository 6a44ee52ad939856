/** A way through pages: from each step, what may happen there and to which step it leads. docs/journeys.md is drawn from it. */
export type Journey<Step extends string, Event extends string> = Readonly<
  Record<Step, Readonly<Partial<Record<Event, Step>>>>
>

/** The step after an event; undefined when it cannot happen there, as with the back button, a bookmark or a second tab. */
export function follow<Step extends string, Event extends string>(
  journey: Journey<Step, Event>,
  step: Step,
  event: Event,
): Step | undefined {
  return journey[step][event]
}
