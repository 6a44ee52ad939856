import type { Language } from '#domain/kernel/language.ts'
import { readOwnData } from '#server/account/own-data.ts'
import { confirmFor, currentActor, signInFor } from '../../actor.ts'

/** Everything that we store about the signed-in cardholder, as a file. The HTTP front forbids caches to store it. */
export async function GET(_request: Request, { params }: { params: Promise<{ readonly locale: string }> }) {
  const locale: Language = (await params).locale === 'en' ? 'en' : 'ja'
  const actor = await currentActor()
  if (!actor) return redirectTo(signInFor(locale, 'data'))
  const read = await readOwnData(actor)
  if (read.kind === 'stronger-authentication-needed') return redirectTo(confirmFor(locale, 'data'))
  return new Response(JSON.stringify(read.data, null, 2), {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="my-data.json"',
      'cache-control': 'no-store',
    },
  })
}

function redirectTo(path: string): Response {
  return new Response(null, { status: 303, headers: { location: path } })
}
