import { once } from 'node:events'
import { createServer } from 'node:net'

// Below the ports that the system assigns, so that no connection takes one in the meantime; each test process uses its
// own range, apart from those of server/testing/free-port.ts.
const each = 20
const first = 12_000 + (process.pid % 300) * each
let asked = 0

/** For tests: a port that nothing listens on. */
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
