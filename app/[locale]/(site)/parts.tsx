import type { ReactNode } from 'react'
import { type Capability, capabilities } from '#server/capabilities.ts'
import type { Say } from './said.tsx'

/**
 * A sentence, the product fact that it states, and the capability without which it would not be true. Tests look for
 * each fact in both languages.
 */
export type Telling = readonly [key: string, fact?: string | undefined, needs?: Capability]

/** The sentences that are true of this deployment. */
export function trueHere(tell: readonly Telling[]): readonly Telling[] {
  const able = capabilities()
  return tell.filter(([, , needs]) => needs === undefined || able[needs])
}

/** The top of a page: its title, and the sentence `lead`. */
export function PageHead({ say, lead = 'lead' }: { say: Say; lead?: string }) {
  return (
    <div className="flex flex-col gap-4">
      <h1>{say('title')}</h1>
      <p className="lead">{say(lead)}</p>
    </div>
  )
}

/** A page beside its table of contents, which stays visible on wide screens. */
export function WithContents({
  label,
  entries,
  children,
}: {
  label: string
  entries: readonly { readonly id: string; readonly name: string }[]
  children: ReactNode
}) {
  return (
    <div className="grid items-start gap-10 lg:grid-cols-[minmax(0,var(--column))_15rem] lg:justify-between lg:gap-16">
      <nav aria-label={label} className="contents-list screen-only lg:order-2">
        <p className="text-sm font-bold">{label}</p>
        <ul>
          {entries.map(({ id, name }) => (
            <li key={id}>
              <a href={`#${id}`}>{name}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div className="flex min-w-0 flex-col gap-12">{children}</div>
    </div>
  )
}

/** A section of a page, with an anchor. */
export function Section({ id, heading, children }: { id: string; heading: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="flex flex-col gap-5">
      <h2 id={id}>{heading}</h2>
      {children}
    </section>
  )
}

export function Points({ say, tell, ordered = false }: { say: Say; tell: readonly Telling[]; ordered?: boolean }) {
  const List = ordered ? 'ol' : 'ul'
  return (
    <List className="points prose">
      {trueHere(tell).map(([key, fact]) => (
        <li key={key} data-fact={fact}>
          {say(key)}
        </li>
      ))}
    </List>
  )
}

export function Paragraphs({ say, tell }: { say: Say; tell: readonly Telling[] }) {
  return (
    <div className="prose">
      {trueHere(tell).map(([key, fact]) => (
        <p key={key} data-fact={fact}>
          {say(key)}
        </p>
      ))}
    </div>
  )
}

/** A table. Narrow screens show each row as a block, with the column's name before each cell. */
export function Table({
  caption,
  columns,
  rows,
}: {
  caption: string
  columns: readonly string[]
  rows: readonly (readonly ReactNode[])[]
}) {
  return (
    <table className="data-table">
      <caption className="sr-only">{caption}</caption>
      <thead>
        <tr>
          {columns.map(column => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([first, ...others]) => (
          <tr key={String(first)}>
            <th scope="row">{first}</th>
            {others.map((cell, index) => (
              <td key={columns[index + 1]} data-column={columns[index + 1]}>
                {cell}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
