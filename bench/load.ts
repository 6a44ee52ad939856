import { randomUUID } from 'node:crypto'
import { connect } from 'node:net'

// A separate process that sends AReqs as fast as they are answered: one at a time on each connection. It sends prepared
// bytes and replaces only their two ids, because its own work takes time from what it measures.

export interface LoadOrder {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** A whole AReq as JSON; its dsTransID and threeDSServerTransID are replaced in each request. */
  readonly areq: string
  /** Card numbers, as long as the one in the AReq, which take its place in turn. */
  readonly cards?: readonly string[] | undefined
}

export interface LoadResult {
  readonly requestsPerSecond: number
  /** From the first byte sent to the last received, milliseconds: half of the requests took less, and 99 of 100. */
  readonly p50: number
  readonly p99: number
  /** Answers other than an ARes with transStatus Y for the very AReq that was sent. */
  readonly failures: number
}

process.on('message', async (order: LoadOrder) => process.send?.(await load(order)))

async function load({ port, connections, seconds, areq, cards = [] }: LoadOrder): Promise<LoadResult> {
  const times: number[] = []
  let failures = 0
  const begin = performance.now()
  const end = begin + seconds * 1000
  const count = (milliseconds: number, right: boolean) => {
    times.push(milliseconds)
    if (!right) failures += 1
    return performance.now() < end
  }
  let used = 0
  const nextCard = () => cards[used++ % cards.length]
  await Promise.all(Array.from({ length: connections }, () => converse(port, areq, nextCard, count)))
  const elapsed = (performance.now() - begin) / 1000
  times.sort((a, b) => a - b)
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0
  return { requestsPerSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99), failures }
}

/** Sends and receives on one connection until `count` returns false. */
function converse(
  port: number,
  areq: string,
  nextCard: () => string | undefined,
  count: (milliseconds: number, right: boolean) => boolean,
): Promise<void> {
  const head = `POST /acs/areq HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(areq)}\r\n\r\n`
  const request = Buffer.from(head + areq)
  const place = (name: string) => request.indexOf(`"${name}":"`) + name.length + 4
  const [dsPlace, serverPlace, cardPlace] = [place('dsTransID'), place('threeDSServerTransID'), place('acctNumber')]
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: 'localhost', noDelay: true })
    let dsTransID = ''
    let sentAt = 0
    let received = ''
    const send = () => {
      dsTransID = randomUUID()
      request.write(dsTransID, dsPlace, 'latin1')
      request.write(randomUUID(), serverPlace, 'latin1')
      request.write(nextCard() ?? '', cardPlace, 'latin1')
      received = ''
      sentAt = performance.now()
      socket.write(request)
    }
    socket.on('data', bytes => {
      received += bytes.toString('latin1')
      if (!isWhole(received)) return
      const right = received.includes('"transStatus":"Y"') && received.includes(dsTransID)
      if (count(performance.now() - sentAt, right)) send()
      else socket.end(resolve)
    })
    socket.once('connect', send)
    socket.once('error', reject)
  })
}

function isWhole(answer: string): boolean {
  const body = answer.indexOf('\r\n\r\n') + 4
  const length = /content-length: (\d+)/i.exec(answer)?.[1]
  return body > 3 && length !== undefined && answer.length - body >= Number(length)
}
