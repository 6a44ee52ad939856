import { methods } from '#domain/methods/registry.ts'
import type { Selection } from '#domain/methods/selection.ts'
import type { Event, Start } from './states.ts'

/**
 * An event as a challenge takes it that only a device may answer; undefined if it must not change such a challenge. The
 * pages of such a challenge lead to none of the events that are dropped: a tampered form does, or a page of ours that is
 * wrong.
 */
export function asOnDevice(event: Event): Event | undefined {
  switch (event.kind) {
    case 'opened':
      if (event.barred || event.start === 'choosing' || begins(event.start)) return event
      return { kind: 'opened', barred: 'device-needed' }
    case 'nothing-to-show':
      return { kind: 'opened', barred: 'device-needed' }
    case 'method-selected':
      return begins(event.start) ? event : undefined
    case 'answered':
      return methods[event.method].signs ? event : undefined
    // They are about codes.
    case 'resend':
    case 'codes-refused':
    case 'delivery-failing':
    case 'contact-lost':
      return undefined
    default:
      return event
  }
}

/** Only codes are asked together: a device is asked alone. */
function begins(start: Start): boolean {
  if (start.kind !== 'methods') return false
  const [selected, ...others] = start.selected
  return selected !== undefined && methods[selected].signs && others.length === 0 && isSame(start.begun, start.selected)
}

function isSame(one: Selection, other: Selection): boolean {
  return one.length === other.length && one.every((id, i) => id === other[i])
}
