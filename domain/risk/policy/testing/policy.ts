import type { Policy } from '../policy.ts'
import { readPolicy } from '../read-policy.ts'

/** A small policy as a document. Tests change a copy of it. */
export function document() {
  return {
    id: 'small',
    version: 1,
    name: 'A small policy',
    tables: [
      {
        id: 'amount',
        combine: 'highest',
        rules: [
          { id: 'high', when: { amount: { above: 50_000 } }, score: 30, reason: 'amount-unusual' },
          { id: 'considerable', when: { amount: { above: 10_000 } }, score: 10, reason: 'amount-unusual' },
        ],
      },
      {
        id: 'origin',
        combine: 'sum',
        rules: [
          { id: 'device', when: { deviceDays: { below: 3, orUnknown: true } }, score: 25, reason: 'device-new' },
          { id: 'trusted', when: { trusted: true }, score: -20, reason: 'merchant-trusted' },
          {
            id: 'contact',
            when: { daysSinceContactChange: { below: 2 }, category: { oneOf: ['5732', '5947'] } },
            atLeast: 'challenge-on-device',
            reason: 'contact-changed',
          },
        ],
      },
    ] as Record<string, unknown>[],
    thresholds: { challenge: 30, 'challenge-on-device': 50, refuse: 500 } as Record<string, number>,
    examples: [
      { about: 'usual', signals: { amount: 500, deviceDays: 30 }, outcome: 'frictionless' },
      { about: 'high amount', signals: { amount: 60_000, deviceDays: 30 }, outcome: 'challenge' },
    ] as Record<string, unknown>[],
  }
}

/** The policy of a document that has no problem. */
export function policyOf(text: string): Policy {
  const read = readPolicy(text)
  if ('problems' in read) throw new Error(read.problems.join('\n'))
  return read.policy
}
