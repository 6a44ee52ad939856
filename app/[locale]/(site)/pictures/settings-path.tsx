/** The path through a phone's settings, one screen after the other. */
export function SettingsPath({ name, path }: { name: string; path: readonly string[] }) {
  return (
    <figure className="card flex flex-col gap-3">
      <figcaption className="font-bold">{name}</figcaption>
      <ol className="settings-path">
        {path.map(screen => (
          <li key={screen}>
            <span>{screen}</span>
          </li>
        ))}
      </ol>
    </figure>
  )
}
