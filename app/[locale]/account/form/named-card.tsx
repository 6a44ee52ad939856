import type { ReactNode } from 'react'
import type { Language } from '#domain/kernel/language.ts'
import { RenameForm } from './rename-form.tsx'
import { StepButton } from './step-button.tsx'

const wordNames = ['change', 'name', 'rename', 'removeText', 'remove'] as const
type WordName = (typeof wordNames)[number]

/** The words of the card, from a page that has them under these keys. */
export function cardWords(say: (name: WordName) => string): Record<WordName, string> {
  return Object.fromEntries(wordNames.map(name => [name, say(name)])) as Record<WordName, string>
}

interface NamedCardProps {
  readonly locale: Language
  /** The form field that carries the id. */
  readonly field: string
  readonly id: string
  readonly name: string
  /** What is known about it, as label and value. */
  readonly facts: readonly (readonly [label: string, value: ReactNode])[]
  readonly rename: (form: FormData) => Promise<never>
  readonly remove: (form: FormData) => Promise<never>
  readonly words: Readonly<Record<WordName, string>>
}

/** A card for something that the cardholder has named and can rename or remove: a passkey or a device. */
export function NamedCard({ locale, field, id, name, facts, rename, remove, words }: NamedCardProps) {
  const heading = `${field}-${id}`
  return (
    <li className="card flex flex-col gap-3">
      {/* A name may come from an app: it must not reverse the direction of the line. */}
      <h2 className="text-base break-words" id={heading}>
        <bdi>{name}</bdi>
      </h2>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 text-sm">
        {facts.map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-soft">{label}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
      <details>
        <summary className="py-1">{words.change}</summary>
        <div className="flex flex-col gap-4 pt-2">
          <RenameForm
            action={rename}
            locale={locale}
            field={field}
            id={id}
            name={name}
            words={{ label: words.name, submit: words.rename }}
          />
          <p className="text-sm">{words.removeText}</p>
          <StepButton action={remove} locale={locale} fields={{ [field]: id }} danger describedBy={heading}>
            {words.remove}
          </StepButton>
        </div>
      </details>
    </li>
  )
}
