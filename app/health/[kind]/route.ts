import { health } from '#server/health/health.ts'

export const dynamic = 'force-dynamic'

export async function GET(_request: Request, { params }: { params: Promise<{ kind: string }> }): Promise<Response> {
  const { kind } = await params
  if (kind !== 'live' && kind !== 'ready') return Response.json({ error: 'not found' }, { status: 404 })
  const { status, body } = await health(kind)
  return Response.json(body, { status, headers: { 'cache-control': 'no-store' } })
}
