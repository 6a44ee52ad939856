import { randomUUID } from 'node:crypto'
import { areq } from '#domain/emv/areq.ts'
import { receive } from '#domain/emv/receive.ts'
import { buildAReq, messageVersions, ordinaryBrowser } from '../demo/shop/areq.ts'
import { currencies } from '../demo/shop/order.ts'
import { median, spread } from './statistics.ts'

export interface CheckingResult {
  /** AReqs parsed and checked per second on one core: median over the rounds, by version. */
  readonly messagesPerSecond: Record<string, number>
  readonly messagesSpread: Record<string, readonly [number, number]>
  /** Length of the message in bytes. */
  readonly bytes: Record<string, number>
}

/** Measures only parsing and checking: bytes in, verdict out, no network and no database. Versions alternate. */
export function measureChecking(seconds: number, rounds: number, say: (line: string) => void): CheckingResult {
  const versions = messageVersions.toSorted()
  const messages = new Map(versions.map(version => [version, Buffer.from(JSON.stringify(sampleAReq(version)))]))
  const runs = new Map(versions.map(version => [version, [] as number[]]))
  for (const message of messages.values()) run(message, Math.min(seconds, 1))
  for (let round = 0; round < rounds; round++) {
    say(`checking: round ${round + 1} of ${rounds}`)
    for (const [version, message] of messages) runs.get(version)?.push(run(message, seconds))
  }
  const by = <T>(value: (version: (typeof versions)[number]) => T) =>
    Object.fromEntries(versions.map(version => [version, value(version)]))
  return {
    messagesPerSecond: by(version => median(runs.get(version) ?? [])),
    messagesSpread: by(version => spread(runs.get(version) ?? [])),
    bytes: by(version => messages.get(version)?.length ?? 0),
  }
}

/** Messages per second. Throws if the message is refused: a refusal would be cheaper. */
function run(message: Uint8Array, seconds: number): number {
  const start = performance.now()
  let count = 0
  let elapsed = 0
  while (elapsed < seconds * 1000) {
    for (let each = 0; each < 100; each++) {
      const received = receive(message, { messageType: 'AReq', table: areq })
      if (received.kind === 'refused') throw new Error(`The sample is refused: ${received.erro.errorDetail}`)
    }
    count += 100
    elapsed = performance.now() - start
  }
  return (count * 1000) / elapsed
}

/** The demo shop's AReq for a purchase in a browser, as its directory server forwards it. */
function sampleAReq(messageVersion: string): object {
  const [jpy] = currencies
  if (!jpy) throw new Error('no yen')
  const purchase = {
    ...{ card: '378282246310005', cardholderName: 'HANAKO YAMADA', email: 'hanako@mail.example' },
    ...{ merchantName: 'Kotori Store', amount: 1200, currency: jpy, locale: 'ja' as const },
    ...{ challengeInd: '01', messageVersion },
  }
  const browser = { acceptHeader: 'text/html,*/*;q=0.8', userAgent: 'Mozilla/5.0 (X11; Linux x86_64)', ip: '192.0.2.7' }
  const origin = 'https://shop.example'
  const transaction = { threeDSServerTransID: randomUUID(), orderId: randomUUID(), origin, now: new Date() }
  const dsFields = { dsTransID: randomUUID(), dsReferenceNumber: 'DEMO-DS-REF-0001', dsURL: `${origin}/ds/rreq` }
  return { ...buildAReq(purchase, { ...browser, script: ordinaryBrowser }, transaction), ...dsFields }
}
