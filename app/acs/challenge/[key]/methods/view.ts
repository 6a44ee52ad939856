import type { ReactNode } from 'react'
import type { Notice } from '#domain/challenge/states.ts'
import type { Window } from '#server/challenge/view.ts'
import type { WindowForm } from '../form.tsx'

interface Step<Kind extends Window['kind']> {
  readonly window: Extract<Window, { kind: Kind }>
  readonly form: WindowForm
}

interface Common {
  /** What stands below the method where one is chosen. Words are in messages/ under `challenge.choice`. */
  readonly hint?: 'accountHint'
  /** Notices that are about what was entered, and the id of the field. */
  readonly errors: { readonly [notice in Notice]?: string }
}

/** How the window shows a method: one that it asks for itself, or one that is answered elsewhere. */
export type MethodView = Common &
  (
    | { readonly asks: 'asking'; readonly Page: (step: Step<'asking'>) => ReactNode | Promise<ReactNode> }
    | {
        readonly asks: 'awaiting-approval'
        readonly Page: (step: Step<'awaiting-approval'>) => ReactNode | Promise<ReactNode>
      }
  )
