import { describe, expect, test } from 'vitest'
import {
  at,
  authority,
  type Case,
  issue,
  leaf,
  listOf,
  type Made,
  middle,
  newKeys,
  openssl,
  purpose,
  renamed,
  root,
  rsaKeys,
  sha1,
  verdict,
} from '../testing/chains.ts'
import { BasicConstraintsExtension, Extension, KeyUsageFlags, KeyUsagesExtension } from './x509.ts'

// Chains of certificates, each also verified by OpenSSL: `openssl` in a case says where our result differs.

const lower = await issue('CN=lower', { by: middle, extensions: authority() })
const day = 24 * 60 * 60 * 1000

const good: readonly [string, () => Promise<Case>][] = [
  ['signed by an authority', async () => ({ leaf: await leaf(root) })],
  ['below authorities that were sent, in any order', async () => ({ leaf: await leaf(lower), sent: [middle, lower] })],
  ['below an authority of ours whose root is not', async () => ({ leaf: await leaf(middle), trusted: [middle] })],
  [
    'whose path length is just kept',
    async () => {
      const one = await issue('CN=one', { by: root, extensions: authority(1) })
      const none = await issue('CN=none', { by: one, extensions: authority(0) })
      return { leaf: await leaf(none), sent: [one, none] }
    },
  ],
  [
    'below an authority that was cross-signed by one of ours and one of another',
    async () => {
      const other = await issue('CN=other', { extensions: authority() })
      const crossed = await issue('CN=middle', { by: other, keys: middle.keys, extensions: authority() })
      return { leaf: await leaf(middle), sent: [crossed, other, middle], openssl: 'refused' }
    },
  ],
  [
    'below one of two authorities with the same name',
    async () => {
      const twin = await issue('CN=root', { extensions: authority() })
      return { leaf: await leaf(root), trusted: [twin, root], openssl: 'refused' }
    },
  ],
  [
    'below a root that was issued again with the same key',
    async () => {
      const old = await issue('CN=root', { keys: root.keys, extensions: authority(), to: at - day })
      return { leaf: await leaf(root), trusted: [old, root] }
    },
  ],
  ['signed with RSA-2048', async () => ({ leaf: await leaf(root, { keys: await rsaKeys(2048) }) })],
]

const bad: readonly [string, string, () => Promise<Case>][] = [
  [
    'of another authority',
    'untrusted',
    async () => ({ leaf: await leaf(await issue('CN=x', { extensions: authority() })) }),
  ],
  ['without the authority between', 'untrusted', async () => ({ leaf: await leaf(middle) })],
  [
    'below an authority without basicConstraints',
    'untrusted',
    async () => {
      const plain = await issue('CN=plain', {
        by: root,
        extensions: [new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true)],
      })
      return { leaf: await leaf(plain), sent: [plain] }
    },
  ],
  [
    'below a client certificate',
    'untrusted',
    async () => {
      const other = await issue('CN=client', { by: root })
      return { leaf: await leaf(other), sent: [other] }
    },
  ],
  [
    'below an authority that may not sign certificates',
    'untrusted',
    async () => {
      const mute = await issue('CN=mute', {
        by: root,
        extensions: [
          new BasicConstraintsExtension(true, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.cRLSign, true),
        ],
      })
      return { leaf: await leaf(mute), sent: [mute] }
    },
  ],
  [
    'below one authority more than a path length allows',
    'path-too-long',
    async () => {
      const none = await issue('CN=none', { by: root, extensions: authority(0) })
      const below = await issue('CN=below', { by: none, extensions: authority() })
      return { leaf: await leaf(below), sent: [none, below] }
    },
  ],
  [
    'whose root allows no authority below',
    'path-too-long',
    async () => {
      const short = await issue('CN=short', { extensions: authority(0) })
      const below = await issue('CN=below', { by: short, extensions: authority() })
      return { leaf: await leaf(below), sent: [below], trusted: [short] }
    },
  ],
  [
    'for servers alone',
    'not-for-clients',
    async () => ({ leaf: await leaf(root, { extensions: [purpose('serverAuth')] }) }),
  ],
  [
    'for encryption alone',
    'not-for-clients',
    async () => ({ leaf: await leaf(root, { extensions: [new KeyUsagesExtension(KeyUsageFlags.keyEncipherment)] }) }),
  ],
  [
    'below an authority for servers alone',
    'not-for-clients',
    async () => {
      const servers = await issue('CN=servers', { by: root, extensions: [...authority(), purpose('serverAuth')] })
      return { leaf: await leaf(servers), sent: [servers] }
    },
  ],
  ['that has expired', 'out-of-date', async () => ({ leaf: await leaf(root, { to: at - day }) })],
  ['that is not valid yet', 'out-of-date', async () => ({ leaf: await leaf(root, { from: at + day }) })],
  [
    'below an authority that has expired',
    'out-of-date',
    async () => {
      const over = await issue('CN=over', { by: root, extensions: authority(), to: at - day })
      return { leaf: await leaf(over), sent: [over] }
    },
  ],
  [
    'below an authority that is not valid yet',
    'out-of-date',
    async () => {
      const early = await issue('CN=early', { by: root, extensions: authority(), from: at + day })
      return { leaf: await leaf(early), sent: [early] }
    },
  ],
  ['whose signature was changed', 'untrusted', async () => ({ leaf: renamed(await leaf(root)) })],
  [
    'of an authority with the same name and another key',
    'untrusted',
    async () => ({ leaf: await leaf(await issue('CN=root', { extensions: authority() })) }),
  ],
  [
    'below authorities that have signed each other',
    'untrusted',
    async () => {
      const [a, b] = [await newKeys(), await newKeys()]
      const first = await issue('CN=a', { keys: a, extensions: authority() })
      const second = await issue('CN=b', { keys: b, by: first, extensions: authority() })
      const back = await issue('CN=a', { keys: a, by: second, extensions: authority() })
      return { leaf: await leaf(back), sent: [second, back] }
    },
  ],
  [
    'below very many authorities that have signed each other',
    'untrusted',
    async () => {
      const keys = await Promise.all(Array.from({ length: 5 }, newKeys))
      const selves = await Promise.all(keys.map((own, n) => issue(`CN=${n}`, { keys: own, extensions: authority() })))
      const sent = await Promise.all(
        selves.flatMap((by, from) =>
          keys.flatMap((own, to) =>
            from === to ? [] : [issue(`CN=${to}`, { keys: own, by, extensions: authority() })],
          ),
        ),
      )
      return { leaf: await leaf(selves[0] ?? root), sent }
    },
  ],
  [
    'at the end of a chain that is too long',
    'untrusted',
    async () => {
      const sent: Made[] = []
      for (let by = root; sent.length < 5; ) {
        by = await issue(`CN=step ${sent.length}`, { by, extensions: authority() })
        sent.push(by)
      }
      return { leaf: await leaf(sent.at(-1) ?? root), sent, openssl: 'good' }
    },
  ],
  [
    'with an unknown critical extension',
    'unknown-extension',
    async () => ({ leaf: await leaf(root, { extensions: [new Extension('1.2.3.4', true, new Uint8Array([5, 0]))] }) }),
  ],
  [
    'below an authority with an unknown critical extension',
    'unknown-extension',
    async () => {
      const odd = [...authority(), new Extension('1.2.3.4', true, new Uint8Array([5, 0]))]
      const by = await issue('CN=odd', { by: root, extensions: odd })
      return { leaf: await leaf(by), sent: [by] }
    },
  ],
  ['with a key of RSA-1024', 'weak', async () => ({ leaf: await leaf(root, { keys: await rsaKeys(1024) }) })],
  [
    'below an authority with a key of RSA-1024',
    'weak',
    async () => {
      const by = await issue('CN=weak', { by: root, keys: await rsaKeys(1024), extensions: authority() })
      return { leaf: await leaf(by), sent: [by] }
    },
  ],
  ['signed with SHA-1', 'weak', async () => ({ leaf: await leaf(root, { signing: sha1 }) })],
]

describe('accepts a certificate', () => {
  test.each(good)('%s', async (_what, make) => {
    const chain = await make()
    expect([await verdict(chain), openssl(chain)]).toEqual(['good', chain.openssl ?? 'good'])
  })
})

describe('refuses a certificate', () => {
  test.each(bad)('%s: %s', async (_what, why, make) => {
    const chain = await make()
    expect([await verdict(chain), openssl(chain)]).toEqual([why, chain.openssl ?? 'refused'])
  })
})

describe('revocation lists', () => {
  const ours = [root, middle]

  test('refuse a certificate below a revoked authority', async () => {
    const lists = async (...revoked: Made[]) => `${await listOf(root, revoked)}\n${await listOf(middle, [])}`
    const chain = { leaf: await leaf(middle), trusted: ours }
    expect(await verdict(chain, await lists())).toBe('good')
    expect(await verdict(chain, await lists(middle))).toBe('revoked')
  })

  test('accept a certificate below an authority that only one of its two issuers has revoked', async () => {
    const other = await issue('CN=other', { extensions: authority() })
    const crossed = await issue('CN=middle', { by: other, keys: middle.keys, extensions: authority() })
    const lists = [await listOf(root, [middle]), await listOf(other, []), await listOf(middle, [])].join('\n')
    const chain = { leaf: await leaf(middle), trusted: [...ours, other] }
    expect(await verdict(chain, lists)).toBe('revoked')
    expect(await verdict({ ...chain, trusted: [...ours, other, crossed] }, lists)).toBe('good')
  })

  test('must be signed by an authority that may sign lists', async () => {
    const extensions = [new BasicConstraintsExtension(true), new KeyUsagesExtension(KeyUsageFlags.keyCertSign)]
    const mute = await issue('CN=mute', { extensions })
    const chain = { leaf: await leaf(mute), trusted: [mute] }
    await expect(listOf(mute, []).then(list => verdict(chain, list))).rejects.toThrow('CN=mute must be signed')
  })
})
