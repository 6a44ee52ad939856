import type { ServerResponse } from 'node:http'

/** Holds an answer back until it is whole; `change` may then set headers and answers the body that leaves. */
export function holdBack(response: ServerResponse, change: (body: Buffer) => Buffer): void {
  const parts: Buffer[] = []
  const end = response.end.bind(response)
  const writeHead = response.writeHead.bind(response)
  let held: Parameters<typeof response.writeHead> | undefined

  response.writeHead = ((...head: Parameters<typeof response.writeHead>) => {
    held = head
    response.statusCode = head[0]
    return response
  }) as typeof response.writeHead
  response.flushHeaders = () => {}
  response.write = ((part: unknown, ...rest: unknown[]) => {
    parts.push(toBuffer(part))
    callback(rest)?.()
    return true
  }) as typeof response.write
  response.end = ((...given: unknown[]) => {
    const [part] = given
    if (part !== undefined && part !== null && typeof part !== 'function') parts.push(toBuffer(part))
    const body = change(Buffer.concat(parts))
    response.writeHead = writeHead
    if (held) writeHead(response.statusCode, ...(held.slice(1) as []))
    return end(body, () => callback(given)?.())
  }) as typeof response.end
}

function toBuffer(part: unknown): Buffer {
  return typeof part === 'string' ? Buffer.from(part) : Buffer.from(part as Uint8Array)
}

function callback(given: readonly unknown[]): (() => void) | undefined {
  const last = given.findLast(value => typeof value === 'function')
  return last as (() => void) | undefined
}
