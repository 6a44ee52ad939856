import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { agree, concatKdf } from './key-agreement.ts'

const jwkOf = (namedCurve: string) => {
  const { kty, crv, x, y } = generateKeyPairSync('ec', { namedCurve }).publicKey.export({ format: 'jwk' })
  return { kty: kty ?? '', crv: crv ?? '', x: x ?? '', y: y ?? '' }
}

test('[Req 313] the key derivation is the one of RFC 7518, appendix C', () => {
  const z = Buffer.from('9e56d91d817135d372834283bf84269cfb316ea3da806a48f6daa7798cfe90c4', 'hex')
  const [algorithmId, partyUInfo, partyVInfo] = ['A128GCM', 'Alice', 'Bob'].map(part => Buffer.from(part))
  expect(
    concatKdf(z, {
      algorithmId: algorithmId ?? z,
      partyUInfo: partyUInfo ?? z,
      partyVInfo: partyVInfo ?? z,
      bits: 128,
    }).toString('base64url'),
  ).toBe('VqqN6vgjbSBcIijNcacQGg')
})

test('each agreement has its own key, and repeats the SDK’s key unchanged', async () => {
  const sdk = jwkOf('P-256')
  const [one, other] = await Promise.all([agree(sdk, 'SDK'), agree(sdk, 'SDK')])
  expect(one?.sdkEphemPubKey).toEqual(sdk)
  expect(one?.acsEphemPubKey).not.toEqual(other?.acsEphemPubKey)
  expect(one?.secret).toHaveLength(32)
  expect(one?.secret).not.toEqual(other?.secret)
})

test('a padded coordinate equals one without padding', async () => {
  const sdk = jwkOf('P-256')
  expect((await agree({ ...sdk, x: `${sdk.x}=` }, 'SDK'))?.sdkEphemPubKey).toEqual(sdk)
})

test('a point that is not on the curve is refused: it could reveal the other side’s secrets', async () => {
  const { x, y } = jwkOf('P-256')
  const zero = Buffer.alloc(32).toString('base64url')
  for (const bad of [
    { x: y, y: x },
    { x: zero, y: zero },
    { x, y: zero },
    jwkOf('secp256k1'),
    { x: Buffer.alloc(32, 255).toString('base64url'), y },
    { x: x.slice(0, 20), y },
    { x: 7, y: null },
    {},
  ]) {
    expect(await agree(bad, 'SDK'), JSON.stringify(bad)).toBeUndefined()
  }
})
