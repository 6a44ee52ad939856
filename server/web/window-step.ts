import type { IncomingMessage, ServerResponse } from 'node:http'
import { currentStep } from '../challenge/step.ts'

const address = /^\/acs\/challenge\/([\w-]{43})\/step$/

/** The address at which window.js asks whether its page is still right. Answered here, because no page is needed. */
export function isWindowStep(path: string): boolean {
  return address.test(path)
}

export async function answerWindowStep(path: string, request: IncomingMessage, response: ServerResponse) {
  response.setHeader('cache-control', 'no-store')
  if (request.method === 'POST') {
    response.statusCode = 405
    response.setHeader('allow', 'GET, HEAD')
    response.end()
    return
  }
  const [, windowKey = ''] = address.exec(path) ?? []
  const step = await currentStep(windowKey)
  // A frame that is sandboxed without allow-same-origin has no origin. Only the holder of the key gets an answer.
  response.setHeader('access-control-allow-origin', '*')
  response.setHeader('cross-origin-resource-policy', 'cross-origin')
  response.setHeader('content-type', 'text/plain; charset=utf-8')
  response.end(step)
}
