import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { until } from '#db/testing/until.ts'
import { type Deployment, startDeployment } from '../../testing/deployment.ts'
import { HangingMailServer, stages } from '../../testing/hanging-mail-server.ts'
import type { Message } from '../message.ts'
import { mailTransport, sendEmail } from './smtp.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

const message: Message = {
  to: 'hanako@cardholder.example',
  language: 'en',
  content: { kind: 'code', words: 'sign-in', code: '123456', lifetime: 600_000 },
}

describe('a mail server that stops answering', () => {
  test.each(stages)('at %s is given up at the deadline, and the connection is closed', async stage => {
    const server = new HangingMailServer(stage)
    await server.start()
    at.configure({ SMTP_URL: server.url })
    expect(await sendEmail(message, 'id', 400)).toEqual({
      kind: 'later',
      why: 'ETIMEDOUT',
      silent: stage === 'greeting',
    })
    expect(server.accepted).toBe(1)
    await until(() => server.connections === 0)
    await server.stop()
  })

  test('in the handshake of smtps is given up at the deadline, too', async () => {
    const server = new HangingMailServer('greeting')
    await server.start()
    at.configure({ SMTP_URL: server.url.replace('smtp:', 'smtps:') })
    expect(await sendEmail(message, 'id', 400)).toEqual({ kind: 'later', why: 'ETIMEDOUT', silent: true })
    await until(() => server.connections === 0)
    await server.stop()
  })

  test('by refusing connections is silent; one that refuses the message is not', async () => {
    at.configure({ SMTP_URL: 'smtp://127.0.0.1:1' })
    expect(await sendEmail(message, 'id')).toEqual({ kind: 'later', why: 'ECONNREFUSED', silent: true })
    at.configure({ SMTP_URL: at.mailbox.url })
    at.mailbox.refusal = 450
    expect(await sendEmail(message, 'id')).toMatchObject({ kind: 'later', silent: false })
    at.mailbox.refusal = undefined
  })
})

test('the transport has the options of the URL and ours', async () => {
  at.configure({ SMTP_URL: 'smtps://user:p%40ss@[::1]:2465?requireTLS=true' })
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const socket = connect(listener.address() as { port: number })
  const transport = mailTransport(socket)
  expect(transport.options).toMatchObject({
    host: '::1',
    port: 2465,
    secure: true,
    requireTLS: true,
    auth: { user: 'user', pass: 'p@ss' },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  expect((transport.options as { connection?: unknown }).connection).toBe(socket)
  socket.destroy()
  listener.close()
})
