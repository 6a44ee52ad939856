import { connect } from 'node:net'

// A separate process that requests one page as fast as it is answered: one request at a time on each connection.

export interface StaticOrder {
  readonly port: number
  readonly path: string
  readonly connections: number
  readonly seconds: number
  /** Expected length of the body, bytes. */
  readonly length: number
}

export interface StaticResult {
  readonly requestsPerSecond: number
  /** Milliseconds within which 99 of 100 were answered. */
  readonly p99: number
  /** Answers with another status than 200 or another length. */
  readonly failures: number
}

process.on('message', async (order: StaticOrder) => process.send?.(await load(order)))

async function load({ port, path, connections, seconds, length }: StaticOrder): Promise<StaticResult> {
  const times: number[] = []
  let failures = 0
  const begin = performance.now()
  const end = begin + seconds * 1000
  const request = `GET ${path} HTTP/1.1\r\nhost: localhost:${port}\r\n\r\n`
  const converse = () =>
    new Promise<void>((resolve, reject) => {
      const socket = connect({ port, host: 'localhost', noDelay: true })
      let sentAt = 0
      let missing = -1
      const send = () => {
        missing = -1
        sentAt = performance.now()
        socket.write(request)
      }
      socket.on('data', part => {
        let body = part.length
        if (missing < 0) {
          // Response heads are small, so each arrives whole with the first part.
          const head = part.indexOf('\r\n\r\n') + 4
          const text = part.toString('latin1', 0, head)
          missing = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? -1)
          if (!text.startsWith('HTTP/1.1 200') || missing !== length) failures += 1
          body -= head
        }
        missing -= body
        if (missing > 0) return
        times.push(performance.now() - sentAt)
        if (performance.now() < end) send()
        else socket.end(resolve)
      })
      socket.once('connect', send)
      socket.once('error', reject)
    })
  await Promise.all(Array.from({ length: connections }, converse))
  times.sort((one, other) => one - other)
  return {
    requestsPerSecond: times.length / ((performance.now() - begin) / 1000),
    p99: times[Math.min(times.length - 1, Math.floor(times.length * 0.99))] ?? 0,
    failures,
  }
}
