import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** A file of JSON lines to which entries are appended, so that they survive a restart of the demo. */
export class Journal<Entry> {
  readonly #file: string
  #lines = 0

  constructor(file: string) {
    this.#file = file
    mkdirSync(dirname(file), { recursive: true })
  }

  get lines(): number {
    return this.#lines
  }

  /** Oldest first. A line cut short by a kill is skipped. */
  read(): Entry[] {
    const lines = this.#text().split('\n').filter(Boolean)
    this.#lines = lines.length
    return lines.flatMap(line => {
      try {
        return [JSON.parse(line) as Entry]
      } catch {
        return []
      }
    })
  }

  append(entry: Entry): void {
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`, { mode: 0o600 })
    this.#lines += 1
  }

  replace(entries: readonly Entry[]): void {
    const next = `${this.#file}.new`
    writeFileSync(next, entries.map(entry => `${JSON.stringify(entry)}\n`).join(''), { mode: 0o600 })
    renameSync(next, this.#file)
    this.#lines = entries.length
  }

  #text(): string {
    try {
      return readFileSync(this.#file, 'utf8')
    } catch {
      return '' // no file yet
    }
  }
}
