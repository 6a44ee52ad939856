import { describe, expect, test } from 'vitest'
import { authority, type Case, client, issue, leaf, limits, openssl, root, verdict } from '../testing/chains.ts'

const limitedTo = async (names: Parameters<typeof limits>[0]) =>
  issue('CN=limited', { by: root, extensions: [...authority(), limits(names)] })

const good: readonly [string, () => Promise<Case>][] = [
  [
    'within the names that an authority may sign',
    async () => {
      const limited = await issue('CN=limited', {
        by: root,
        extensions: [...authority(), limits({ permitted: [{ dns: 'ds.example' }, { ip: '10.0.0.0/8' }] })],
      })
      return {
        leaf: await leaf(limited, { extensions: client({ dns: 'a.DS.example', ip: '10.1.2.3' }) }),
        sent: [limited],
      }
    },
  ],
  [
    'within the directory that an authority may sign',
    async () => {
      const limited = await issue('O=Payments,CN=limited', {
        by: root,
        extensions: [...authority(), limits({ permitted: [{ directory: 'O=Payments' }] })],
      })
      return { leaf: await issue('O=payments,CN=ds', { by: limited }), sent: [limited] }
    },
  ],
]

const bad: readonly [string, () => Promise<Case>][] = [
  [
    'for a host that the authority may not sign for',
    async () => {
      const by = await limitedTo({ permitted: [{ dns: 'second.example' }] })
      return { leaf: await leaf(by), sent: [by] }
    },
  ],
  [
    'for a host in the common name, behind one that the authority may sign for',
    async () => {
      const by = await limitedTo({ permitted: [{ dns: 'second.example' }] })
      return { leaf: await leaf(by, { extensions: client({ dns: 'ds.second.example' }) }), sent: [by], openssl: 'good' }
    },
  ],
  [
    'for a host that an authority higher up excludes',
    async () => {
      const by = await limitedTo({ excluded: [{ dns: 'ds.example' }] })
      const below = await issue('CN=below', { by, extensions: authority() })
      return { leaf: await leaf(below, { extensions: client({ dns: 'first.ds.example' }) }), sent: [by, below] }
    },
  ],
  [
    'for an address that the authority may not sign for',
    async () => {
      const by = await limitedTo({ permitted: [{ ip: '10.0.0.0/8' }] })
      return { leaf: await leaf(by, { extensions: client({ ip: '11.1.2.3' }) }), sent: [by] }
    },
  ],
  [
    'for a mailbox that the authority may not sign for',
    async () => {
      const by = await limitedTo({ permitted: [{ email: 'ds.example' }] })
      return { leaf: await leaf(by, { extensions: client({ email: 'a@b.ds.example' }) }), sent: [by] }
    },
  ],
  [
    'for a mailbox of an excluded host that is written with an empty mailbox',
    async () => {
      const by = await limitedTo({ excluded: [{ email: '@ds.example' }] })
      return { leaf: await leaf(by, { extensions: client({ email: 'a@ds.example' }) }), sent: [by] }
    },
  ],
  [
    'with a mailbox that cannot be compared with an excluded one',
    async () => {
      const by = await limitedTo({ excluded: [{ email: 'ds.example' }] })
      return { leaf: await leaf(by, { extensions: client({ email: 'ds.example' }) }), sent: [by] }
    },
  ],
  [
    'outside of the directory that the authority may sign for',
    async () => {
      const by = await limitedTo({ permitted: [{ directory: 'O=Payments' }] })
      return { leaf: await issue('O=Others,CN=first.ds.example', { by }), sent: [by] }
    },
  ],
  [
    'with a constrained name of a kind that we do not compare',
    async () => {
      const by = await limitedTo({ permitted: [{ url: 'ds.example' }] })
      return {
        leaf: await leaf(by, { extensions: client({ url: 'https://ds.example/' }) }),
        sent: [by],
        openssl: 'good',
      }
    },
  ],
]

describe('an authority’s name constraints', () => {
  test.each(good)('accept a certificate %s', async (_what, make) => {
    const chain = await make()
    expect([await verdict(chain), openssl(chain)]).toEqual(['good', 'good'])
  })

  test.each(bad)('refuse a certificate %s', async (_what, make) => {
    const chain = await make()
    expect([await verdict(chain), openssl(chain)]).toEqual(['name-not-permitted', chain.openssl ?? 'refused'])
  })
})
