/** Where a 303 leads. Throws for any other answer. */
export function placeOf(response: Response, origin: string): string {
  const location = response.headers.get('location')
  if (response.status !== 303 || !location)
    throw new Error(`Expected a 303, got ${response.status} from ${response.url}`)
  return new URL(location, origin).href
}

/** What a browser would send of the form with this field: its hidden fields. Throws if there is none. */
export function formIn(page: string, field: string): FormData {
  const form = page.match(/<form[\s\S]*?<\/form>/g)?.find(each => each.includes(`name="${field}"`))
  if (!form) throw new Error(`The page has no form with ${field}`)
  const data = new FormData()
  for (const [input] of form.matchAll(/<input type="hidden"[^>]*>/g)) {
    const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(input)?.[1] ?? ''
    data.set(attribute('name'), attribute('value'))
  }
  return data
}
