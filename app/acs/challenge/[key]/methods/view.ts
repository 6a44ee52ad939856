import type { ReactNode } from 'react'
import type { Notice } from '#domain/challenge/states.ts'
import type { Window } from '#server/challenge/view.ts'
import type { WindowForm } from '../form.tsx'

interface Step<Kind extends Window['kind']> {
  readonly window: Extract<Window, { kind: Kind }>
  readonly form: WindowForm
}

interface Common {
  /** Set if the choice shows the method only once a script has found that the browser permits it in this frame. */
  readonly revealedBy?: 'passkey'
  /** Shown below the method in the choice. The words are in messages/ under `challenge.choice`. */
  readonly hint?: 'accountHint' | 'pushHint'
  /** The notices about the input, each with the id of its field. */
  readonly errors: { readonly [notice in Notice]?: string }
  /** Where the page says its notices: those at the field it shows itself. On top of the page if left out. */
  readonly notices?: (window: Extract<Window, { kind: 'asking' }>) => 'at-field' | 'errors-at-field' | 'on-top'
  /** The id of the form whose input a change of language keeps. */
  readonly typing?: string
}

/** How the window shows a method: one that is answered in the window, or one that is answered in the account. */
export type MethodView = Common &
  (
    | { readonly asks: 'asking'; readonly Page: (step: Step<'asking'>) => ReactNode | Promise<ReactNode> }
    | {
        readonly asks: 'awaiting-approval'
        readonly Page: (step: Step<'awaiting-approval'>) => ReactNode | Promise<ReactNode>
      }
  )
