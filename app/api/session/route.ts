import { resumeSession, timeLeft } from '#server/account/sessions.ts'
import { currentToken } from '../../[locale]/account/cookies.ts'

export const dynamic = 'force-dynamic'

/** How long the session of this browser has, milliseconds; asking is no use of it. */
export async function GET(): Promise<Response> {
  return Response.json({ left: await left() })
}

/** "Stay signed in": the session is used. */
export async function POST(): Promise<Response> {
  const token = await currentToken()
  if (token) await resumeSession(token)
  return Response.json({ left: await left() })
}

async function left(): Promise<number> {
  const token = await currentToken()
  return (token && (await timeLeft(token))) ?? 0
}
