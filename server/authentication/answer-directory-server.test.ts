import { afterAll, beforeAll, expect, test } from 'vitest'
import { config } from '../platform/config.ts'
import { type Deployment, startDeployment } from '../testing/deployment.ts'
import { answerDirectoryServer } from './answer-directory-server.ts'

let at: Deployment

beforeAll(async () => {
  at = await startDeployment()
})
afterAll(() => at.stop())

const send = async (message: object) => {
  const [, second] = config().issuer.directoryServers
  if (!second) throw new Error('no second directory server')
  return answerDirectoryServer(Buffer.from(JSON.stringify(message)), second)
}
const logged = (event: string) => at.log.map(line => JSON.parse(line)).filter(({ msg }) => msg === event)

test('logs and counts an Erro that answers a directory server, with its code', async () => {
  const message = at.message({ purchaseAmount: 'much' })
  for (const areq of [message, message, { ...message, messageType: 'CReq' }]) await send(areq)
  expect(logged('erro.sent')).toMatchObject([
    { level: 40, directoryServer: 'second', errorCode: '203', count: 1 },
    { directoryServer: 'second', errorCode: '203', count: 2 },
    { directoryServer: 'second', errorCode: '101', count: 1 },
  ])
})

test('logs an Erro from a directory server with its code and transaction, and without its text', async () => {
  const acsTransID = crypto.randomUUID()
  const erro = { messageType: 'Erro', messageVersion: '2.2.0', errorCode: '402', errorComponent: 'D', acsTransID }
  expect(await send({ ...erro, errorDescription: 'a secret', errorDetail: 'a secret' })).toBeUndefined()
  expect(await send({ messageType: 'Erro', errorCode: 'a secret', acsTransID: 'a secret' })).toBeUndefined()
  expect(logged('erro.received')).toMatchObject([
    { level: 50, directoryServer: 'second', errorCode: '402', count: 1, acsTransID },
    { directoryServer: 'second', errorCode: 'unreadable', count: 1 },
  ])
  expect(at.log.join('')).not.toContain('a secret')
})
