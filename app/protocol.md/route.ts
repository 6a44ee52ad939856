import { readProtocol } from '#server/web/protocol.ts'

export const dynamic = 'force-dynamic'

export async function GET(): Promise<Response> {
  return new Response(await readProtocol(), {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'public, max-age=300' },
  })
}
