import type { Capabilities, Capability } from '#server/capabilities.ts'
import type { Telling } from '../parts.tsx'

export interface Question {
  /** The anchor, the same in both languages, and the key in messages/ (site.help.questions). */
  readonly id: string
  readonly answer: readonly Telling[]
  /** Shown only where the deployment has this capability. */
  readonly needs?: Capability
  /** The page that says more: its address after the language, and the key of its name. */
  readonly more?: readonly [address: string, part: string, heading: string]
}

const codes: readonly Question[] = [
  { id: 'what-is-a-code', answer: [['six', 'F16']], more: ['/prepare#code', 'prepare', 'code.heading'] },
  {
    id: 'no-email',
    answer: [
      ['address', 'F17'],
      ['filter', 'F17'],
      ['carrier', 'F31'],
    ],
    more: ['/prepare#carriers', 'prepare', 'carriers.heading'],
  },
  {
    id: 'no-sms',
    answer: [
      ['settings', 'F31'],
      ['signal', 'F31'],
      ['numbers', 'F31'],
      ['abroad', 'F31', 'push'],
    ],
    more: ['/prepare#carriers', 'prepare', 'carriers.heading'],
  },
  { id: 'still-no-code', answer: [['call', 'F18']] },
  { id: 'code-by-telephone', answer: [['never', 'F19']] },
  { id: 'code-expired', answer: [['again', 'F16']] },
  { id: 'wrong-code', answer: [['tries']] },
]

const push: readonly Question[] = [
  {
    id: 'no-push',
    needs: 'push',
    answer: [
      ['useCode', 'F20'],
      ['allow', 'F10'],
      ['check', 'F11'],
    ],
    more: ['/prepare#push', 'prepare', 'push.heading'],
  },
  { id: 'without-app', needs: 'push', answer: [['code', 'F12']], more: ['/prepare#code', 'prepare', 'code.heading'] },
  { id: 'new-phone', needs: 'push', answer: [['register', 'F30']] },
]

const contacts: readonly Question[] = [
  {
    id: 'change-contact',
    answer: [
      ['how', 'F15'],
      ['phone', 'F15'],
    ],
  },
  { id: 'register-in-window', needs: 'registration', answer: [['yes', 'F14'], ['facts']] },
  { id: 'keep-current', answer: [['why', 'F13']] },
  { id: 'family-card', answer: [['own', 'F26']] },
  { id: 'application', answer: [['no', 'F26']] },
]

const payments: readonly Question[] = [
  { id: 'charge', answer: [['free', 'F25']] },
  { id: 'where', answer: [['mark', 'F02']] },
  { id: 'nothing-asked', answer: [['automatic', 'F08']] },
  { id: 'why-asked', needs: 'riskPolicies', answer: [['unusual'], ['where']] },
  { id: 'no-code-offered', needs: 'riskPolicies', answer: [['device'], ['none']] },
  { id: 'asked-often', needs: 'trustedMerchants', answer: [['trusted', 'F27']] },
  { id: 'choose-method', answer: [['choose'], ['always']] },
  { id: 'timed-out', answer: [['again', 'F16']] },
  { id: 'asked-by-message', needs: 'decoupled', answer: [['why'], ['how'], ['unknown']] },
]

const safety: readonly Question[] = [
  {
    id: 'refused-as-unusual',
    needs: 'watch',
    answer: [
      ['notice', 'F23'],
      ['not-me', 'F23'],
      ['me', 'F23'],
    ],
  },
  {
    id: 'real-window',
    answer: [
      ['compare', 'F28'],
      ['looks', 'F28'],
    ],
    more: ['/security#window', 'security', 'window.heading'],
  },
  {
    id: 'unexpected-message',
    answer: [['enter-nothing'], ['message', 'F29']],
    more: ['/security#wrong', 'security', 'wrong.heading'],
  },
]

/** Every question, in page order. */
const questionGroups = { codes, push, contacts, payments, safety }

export type QuestionGroup = keyof typeof questionGroups

/** The questions of a deployment with these capabilities, by group; groups without questions are left out. */
export function questionsOf(able: Capabilities): [QuestionGroup, Question[]][] {
  return Object.entries(questionGroups)
    .map(([group, questions]): [QuestionGroup, Question[]] => [
      group as QuestionGroup,
      questions.filter(({ needs }) => needs === undefined || able[needs]),
    ])
    .filter(([, questions]) => questions.length > 0)
}
