import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Product, projectFolder } from './product.ts'
import { type RawAnswer, send } from './raw.ts'

// Pages, routes, actions and form fields of the account, read from the sources and the build, so that new ones are
// included automatically.

export interface Named {
  readonly id: string
  /** The kind that forms and addresses use together with this id. */
  readonly kind: string
}

/** The folders below `folder` that contain a file of this name, as routes. */
export function filesOf(folder: string, name: string, prefix = ''): string[] {
  return readdirSync(join(projectFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file === name || file.endsWith(`/${name}`))
    .map(file => join(prefix, file).slice(0, -name.length).replace(/\/$/, ''))
    .sort()
}

/** The address of a page or route, with `id` for each of its parameters. */
export function pathOf(route: string, { id, kind }: Named): string {
  const filled = route.replace('[kind]', kind).replace(/\[\[?(?:\.\.\.)?\w+\]?\]/g, id)
  if (route.startsWith('api/')) return `/${filled}`
  return route.startsWith('account') ? `/en/${filled}` : `/en/account${filled && `/${filled}`}`
}

export interface Action {
  readonly id: string
  readonly name: string
  readonly page: string
}

/** The actions in the Next.js build, each with one page that has it. */
export function actionsOfAccount(): Action[] {
  const file = join(projectFolder, '.next/server/server-reference-manifest.json')
  const { node } = JSON.parse(readFileSync(file, 'utf8')) as {
    node: Record<string, { filename: string; exportedName: string; workers: Record<string, unknown> }>
  }
  const folder = 'app/[locale]/account/'
  return Object.entries(node)
    .filter(([, { filename }]) => filename.startsWith(folder))
    .map(([id, { filename, exportedName, workers }]) => {
      const [page = ''] = Object.keys(workers).sort()
      return {
        id,
        name: `${filename.slice(folder.length)} ${exportedName}`,
        page: page.slice(folder.length, -'/page'.length),
      }
    })
    .sort((one, other) => one.name.localeCompare(other.name))
}

let names: string[] | undefined
export async function formFields(): Promise<string[]> {
  if (names) return names
  const folder = join(projectFolder, 'domain/account')
  const files = readdirSync(folder).filter(file => /forms?\.ts$/.test(file))
  const modules = await Promise.all(files.map(file => import(pathToFileURL(join(folder, file)).href)))
  const forms = modules.flatMap(module => Object.values(module as Record<string, unknown>))
  names = forms.flatMap(form => {
    const shape = (form as { schema?: { shape?: object } } | null)?.schema?.shape
    return shape ? Object.keys(shape) : []
  })
  return names
}

/** Posts a form to an action, on a page that has it: Next.js accepts it only there. */
export async function postAction(
  product: Product,
  action: Action,
  cookie: string,
  fields: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  const form = new FormData()
  // Without scripts the form names the action; with scripts a header does.
  if (!more['next-action']) form.set(`$ACTION_ID_${action.id}`, '')
  for (const [field, value] of Object.entries(fields)) form.set(field, value)
  const whole = new Response(form)
  const headers = { ...more, 'content-type': whole.headers.get('content-type') ?? '' }
  const path = pathOf(action.page, { id: 'none', kind: 'none' })
  return call(product, path, cookie, { method: 'POST', headers, body: Buffer.from(await whole.arrayBuffer()) })
}

/** Sends a request as this product's own pages do. */
export function call(
  { addresses }: Product,
  path: string,
  cookie: string,
  { headers, ...request }: { method?: string; headers?: Record<string, string>; body?: Buffer } = {},
): Promise<RawAnswer> {
  const own = { host: new URL(addresses.acs).host, origin: addresses.acs, ...(cookie && { cookie }) }
  return send(addresses.web, { ...request, path, headers: { ...own, ...headers } })
}
