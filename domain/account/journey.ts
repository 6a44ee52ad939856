/**
 * A state machine over pages: for each step, the possible events and the steps they lead to. docs/journeys.md is drawn
 * from it.
 */
export type Journey<Step extends string, Event extends string> = Readonly<
  Record<Step, Readonly<Partial<Record<Event, Step>>>>
>

/**
 * The step after an event. Undefined if it cannot happen there, for example after the back button or from a second tab.
 */
export function follow<Step extends string, Event extends string>(
  journey: Journey<Step, Event>,
  step: Step,
  event: Event,
): Step | undefined {
  return journey[step][event]
}
