import { once } from 'node:events'
import { createServer } from 'node:net'

// Below the ports that the system assigns, so that no connection takes one in the meantime, and above 10080, the last that
// `fetch` refuses (Fetch Standard, "bad port"); each test process uses its own range.
const each = 40
const first = 20_000 + (process.pid % 300) * each
let asked = 0

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = first + (asked++ % each)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port)
  const listens = await once(server, 'listening').then(
    () => true,
    () => false,
  )
  await new Promise(resolve => server.close(resolve))
  return listens
}
