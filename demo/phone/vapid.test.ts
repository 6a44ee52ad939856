import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { checkVapid } from './vapid.ts'

test('accepts the example of RFC 8292', async () => {
  const t =
    'eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0.i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA'
  const k = 'BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs'
  const expected = { audience: 'https://push.example.net', publicKey: k }
  const check = (time: number) => checkVapid(`vapid t=${t}, k=${k}`, { ...expected, now: new Date(time * 1000) })
  expect(await check(1_453_523_767)).toBeUndefined()
  expect(await check(1_453_523_769)).toMatchObject({ status: 403 })
})

describe('an application server', () => {
  const now = new Date('2026-11-28T03:00:00Z')
  const seconds = now.getTime() / 1000
  const audience = 'http://localhost:3002'
  const right = { aud: audience, exp: seconds + 3600, sub: 'mailto:push@minatomachi.example' }
  let keys: Awaited<ReturnType<typeof generateKeyPair>>
  let publicKey = ''

  beforeAll(async () => {
    keys = await generateKeyPair('ES256')
    const { x = '', y = '' } = await exportJWK(keys.publicKey)
    const point = [Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]
    publicKey = Buffer.concat(point).toString('base64url')
  })

  const sign = (claims: Record<string, unknown>) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'JWT' }).sign(keys.privateKey)
  const check = (authorization: string | undefined) => checkVapid(authorization, { audience, publicKey, now })

  test('is accepted with a token of its own', async () => {
    expect(await check(`vapid t=${await sign(right)}, k=${publicKey}`)).toBeUndefined()
    expect(await check(`Vapid k=${publicKey},t=${await sign(right)}`)).toBeUndefined()
    expect(
      await check(`vapid t=${await sign({ aud: audience, exp: seconds + 86_400 })}, k=${publicKey}`),
    ).toBeUndefined()
  })

  test.each([
    ['without a time of expiry', { exp: undefined }],
    ['that has expired', { exp: seconds - 1 }],
    ['that expires in more than 24 hours', { exp: seconds + 86_401 }],
    ['for another push service', { aud: 'http://localhost:3003' }],
    ['for no push service', { aud: undefined }],
    ['whose contact is on localhost', { sub: 'mailto:push@localhost' }],
    ['whose contact is no address', { sub: 'push' }],
  ])('is refused with a token %s', async (_, claims) => {
    expect(await check(`vapid t=${await sign({ ...right, ...claims })}, k=${publicKey}`)).toMatchObject({ status: 403 })
  })

  test('is refused with a signature by another key', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const t = await new SignJWT(right).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    expect(await check(`vapid t=${t}, k=${publicKey}`)).toMatchObject({ status: 403 })
  })

  test('is refused when another key is named than the subscription has', async () => {
    const other = `${publicKey.slice(0, -1)}${publicKey.endsWith('A') ? 'E' : 'A'}`
    expect(await check(`vapid t=${await sign(right)}, k=${other}`)).toMatchObject({ status: 403 })
  })

  test.each([['Bearer abc'], ['vapid'], ['vapid t=a'], ['vapid t=a, t=b'], ['vapid t=a.b.c, k=BA, x=1'], ['']])(
    'is refused with the header "%s"',
    async header => {
      expect(await check(header)).toMatchObject({ status: 403 })
    },
  )

  test('is asked to identify itself when there is no header', async () => {
    expect(await check(undefined)).toMatchObject({ status: 401 })
  })
})
