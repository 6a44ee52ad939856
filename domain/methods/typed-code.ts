import { attempt } from '#domain/code/one-time-code.ts'
import { codePolicy } from '#domain/code/policy.ts'
import { readCode } from '#domain/code/read-code.ts'
import type { Channel } from '#domain/contact/code-recipients.ts'
import type { Instant } from '#domain/kernel/instant.ts'
import {
  available,
  type Entered,
  type Failed,
  type InWindow,
  type Proof,
  type ProofEvent,
  type Proved,
  type Retry,
  unavailable,
} from './method.ts'

// The common part of methods that send a code and ask for it in the window.

const policy = codePolicy.challenge

type CodeNotice = 'code-missing' | 'code-malformed' | 'code-wrong' | 'code-earlier' | 'code-expired'

export function typedCode<By extends Channel>(channel: By) {
  return {
    answered: 'in-window',
    signs: false,
    channel,
    available: ({ recipients, codes = 'permitted' }) => {
      if (codes !== 'permitted') return unavailable('limited')
      return recipients.kind === 'to' && recipients.contacts.some(contact => contact.channel === channel)
        ? available
        : unavailable('no-recipient')
    },
    read,
    begin: (now, deadlineAt) => ({ expiresAt: Math.min(now + policy.lifetime, deadlineAt) }),
    on,
  } as const satisfies Partial<InWindow<CodeNotice>>
}

function read(entered: string): Entered {
  const read = readCode(entered)
  if (read.kind === 'code') return { kind: 'answer', answer: read.code }
  return { kind: 'unreadable', why: read.kind === 'code-missing' ? 'missing' : 'malformed' }
}

function on({ attempts, expiresAt = 0 }: Proof, event: ProofEvent, now: Instant): Proved | Failed | Retry<CodeNotice> {
  switch (event.kind) {
    case 'unreadable':
      return { kind: 'retry', notice: `code-${event.why}`, attempt: 'none' }
    case 'withdrawn':
      return { kind: 'retry', notice: 'code-expired', attempt: 'free' }
    case 'compared':
      break
    default:
      return { kind: 'retry', notice: 'code-expired', attempt: 'none' }
  }
  const { compared } = event
  const result = attempt({ attempts, expiresAt }, compared, policy, now)
  // A right code that arrived too late is not a guess.
  const wrong = compared.kind !== 'match'
  switch (result.kind) {
    case 'accepted':
      return { kind: 'proved', outcome: 'authenticated' }
    case 'attempts-spent':
      return { kind: 'failed', outcome: 'attempts-spent', wrong }
    case 'code-earlier':
      return { kind: 'retry', notice: result.kind, attempt: result.free ? 'free' : 'wrong' }
    default:
      return { kind: 'retry', notice: result.kind, attempt: wrong ? 'wrong' : 'spent' }
  }
}
