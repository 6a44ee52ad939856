import { SubmitButton } from './submit-button.tsx'

/** Renames one thing in a list. `field` is the form field that carries its id. */
export function RenameForm({
  action,
  locale,
  field,
  id,
  name,
  words,
}: {
  action: (form: FormData) => Promise<never>
  locale: string
  field: string
  id: string
  name: string
  words: { readonly label: string; readonly submit: string }
}) {
  return (
    <form action={action} noValidate className="flex flex-col items-start gap-2">
      <input type="hidden" name="locale" value={locale} />
      <input type="hidden" name={field} value={id} />
      <label htmlFor={`name-${id}`} className="font-bold">
        {words.label}
      </label>
      <input
        id={`name-${id}`}
        name="name"
        defaultValue={name}
        autoComplete="off"
        className="min-h-11 w-full max-w-[28em] rounded-md border-2 border-edge bg-paper px-3 py-1.5"
      />
      <SubmitButton>{words.submit}</SubmitButton>
    </form>
  )
}
