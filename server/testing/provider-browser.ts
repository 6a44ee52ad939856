/** A browser at an identity provider: keeps cookies, follows redirects, and submits the provider's sign-in page. */
export class ProviderBrowser {
  readonly #jar = new Map<string, string>()
  readonly #client: string
  /** How often the provider has shown its sign-in page. */
  asked = 0

  /** `client`: our own origin, to which the provider redirects back. */
  constructor(client: string) {
    this.#client = client
  }

  /** Visits the provider, signs in, and returns the query of the redirect URI. */
  async visit(to: string, who: string): Promise<URLSearchParams> {
    let [address, body] = [to, undefined as URLSearchParams | undefined]
    for (let hops = 0; hops < 10; hops += 1) {
      const cookie = [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ')
      const method = body ? 'POST' : 'GET'
      const answer = await fetch(address, { redirect: 'manual', headers: { cookie }, method, body: body ?? null })
      this.#fill(answer.headers.getSetCookie())
      body = undefined
      const location = answer.headers.get('location')
      if (location?.startsWith(this.#client)) return new URL(location).searchParams
      if (location) address = new URL(location, address).href
      else {
        this.asked += 1
        body = new URLSearchParams({ who })
      }
    }
    throw new Error('The provider does not lead back.')
  }

  #fill(lines: readonly string[]): void {
    for (const line of lines) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      this.#jar.set(name, decodeURIComponent(value))
    }
  }
}
