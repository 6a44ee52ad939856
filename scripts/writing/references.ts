// What a document names must exist: the files that it links to or names, its anchors, npm scripts, commands of `safekey`
// with their options, and settings.

/** What there is to name. */
export interface Project {
  /** The text of a document with a heading; undefined for other files and folders, null if there is no such path. */
  readonly read: (path: string) => string | undefined | null
  /** Of package.json. */
  readonly scripts: readonly string[]
  /** Commands of `safekey` with their sub-commands, as their own help says them: `cards import`, `ranges`. */
  readonly commands: ReadonlySet<string>
  /** Whether a command of `safekey` has an option, without its dashes. */
  readonly hasOption: (command: string, option: string) => boolean
  /** Words of capitals that occur in the code or in .env.example. */
  readonly constants: ReadonlySet<string>
}

/** Folders of the project, by which a path in a document is recognised. */
const path =
  /^(?:app|bench|bin|db|demo|docs|domain|e2e|embedded|messages|public|scripts|server)\/[\w./@[\]()-]*[\w\])/]$/

/** @param file the document's own path, from which relative links begin */
export function brokenLinks(file: string, text: string, { read }: Pick<Project, 'read'>): string[] {
  return text
    .split('\n')
    .flatMap((line, index) => linksOf(line, file, read).map(what => `${file}:${index + 1}: ${what}`))
}

/** Names between backticks and in blocks of code. */
export function unknownNames(file: string, text: string, project: Project): string[] {
  let inBlock = false
  return text.split('\n').flatMap((line, index) => {
    if (/^\s*```/.test(line)) {
      inBlock = !inBlock
      return []
    }
    const codes = inBlock ? [line] : [...line.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)
    return codes.flatMap(code => unknownIn(code, project)).map(what => `${file}:${index + 1}: ${what}`)
  })
}

function linksOf(line: string, file: string, read: Project['read']): string[] {
  // A parenthesis may be part of an address: app/[locale]/(site)/.
  const targets = [...line.matchAll(/\]\(((?:[^()\s]|\([^()\s]*\))+)\)|src="([^"]+)"/g)]
  return targets.flatMap(([, link, image]) => {
    const target = link ?? image ?? ''
    if (/^[a-z]+:/.test(target)) return []
    const [to = '', anchor] = target.split('#')
    const at = to === '' ? file : join(file, to)
    const content = read(at)
    if (content === null) return [`there is no ${at}`]
    if (anchor && content !== undefined && !anchorsOf(content).has(anchor)) return [`${at} has no heading #${anchor}`]
    return []
  })
}

function unknownIn(code: string, { read, scripts, commands, hasOption, constants }: Project): string[] {
  const wrong: string[] = []
  if (path.test(code) && !/\b[A-Z]{3,}\b/.test(code) && read(code.replace(/\/$/, '')) === null)
    wrong.push(`there is no ${code}`)
  for (const [, script = ''] of code.matchAll(/\bnpm run (-?[\w:]+)/g))
    if (!scripts.includes(script)) wrong.push(`package.json has no script ${script}`)
  for (const [, command = '', sub = ''] of code.matchAll(/(?:^|npx |[|;&] )safekey ([a-z]+)(?: ([a-z]+)(?![\w.]))?/g))
    if (!commands.has(`${command} ${sub}`.trim())) wrong.push(`there is no command safekey ${command} ${sub}`.trim())
  for (const [, command = '', rest = ''] of code.matchAll(/(?:^|npx |[|;&] )safekey ([a-z]+)([^|;&>]*)/g))
    for (const [, option = ''] of rest.matchAll(/(?<= )--([a-z-]+)/g))
      if (commands.has(command) && option !== 'help' && !hasOption(command, option))
        wrong.push(`safekey ${command} has no option --${option}`)
  for (const [constant] of code.matchAll(/\b[A-Z]+_[A-Z_]+[A-Z]\b/g))
    if (!constants.has(constant)) wrong.push(`nothing in the code is called ${constant}`)
  return wrong
}

/** As GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const headings = text.split('\n').filter(line => /^#+ /.test(line))
  return new Set(
    headings.map(heading =>
      heading
        .replace(/^#+ /, '')
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

function join(from: string, to: string): string {
  return new URL(to, `file:///${from}`).pathname.slice(1).replace(/\/$/, '')
}
