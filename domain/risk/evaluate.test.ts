import { describe, expect, test } from 'vitest'
import fc from '#domain/testing/fast-check.ts'
import { evaluate } from './evaluate.ts'
import type { Risk } from './rules.ts'
import type { Signals } from './signals.ts'
import { type Answers, anyAnswers, anySignals, lazySignals, ordinary, policySays, rows } from './testing/signals.ts'

async function evaluated(change: Partial<Signals>, answers: Answers = {}): Promise<string> {
  const { lazy } = lazySignals(answers)
  return inWords(await evaluate({ ...ordinary, ...change }, lazy))
}

function inWords(risk: Risk): string {
  if (!risk.needsCardholder) return `passes: ${risk.rule}`
  return `asks: ${risk.rules.join(', ')}${risk.mandated ? ' (mandated)' : ''}${risk.onDevice ? ', on a device' : ''}`
}

const low = 'passes: low-risk'
const byAmount = 'asks: amount (mandated)'
const large = { amount: 30_001n }

describe('the amount', () => {
  test.each(
    rows<string>(
      ['at the limit', { amount: 30_000n }, low],
      ['above the limit', large, byAmount],
      ['in a currency without a limit', { limits: { ordinary: undefined } }, byAmount],
      ['with a limit of zero', { limits: { ordinary: 0n } }, byAmount],
      ['of zero, with a limit of zero', { amount: 0n, limits: { ordinary: 0n } }, low],
      ['of 48 digits', { amount: 10n ** 48n - 1n }, byAmount],
      ['absent', { amount: undefined, limits: { ordinary: undefined } }, low],
      ['absent, challenge requested', { amount: undefined, challengeInds: ['03'] }, 'asks: requestor-asked'],
    ),
  )('$what: $decided', async ({ change, decided: risk }) => {
    expect(await evaluated(change)).toBe(risk)
  })
})

describe('a card that the requestor keeps', () => {
  test.each(
    rows<string>(
      ['without an amount', { addsCard: true, amount: undefined }, 'asks: adds-card (mandated)'],
      ['with a small purchase', { addsCard: true, amount: 1n }, 'asks: adds-card (mandated)'],
      [
        'for a requestor that wants no challenge',
        { addsCard: true, challengeInds: ['05'] },
        'asks: adds-card (mandated)',
      ],
      ['at a merchant that is trusted', { addsCard: true, ...large }, 'asks: amount, adds-card (mandated)'],
    ),
  )('needs its cardholder, $what', async ({ change, decided: risk }) => {
    expect(await evaluated(change)).toBe(risk)
  })
})

describe('a risk policy', () => {
  const says = (...outcome: Parameters<typeof policySays>) => ({ policy: policySays(...outcome) })
  test.each(
    rows<string>(
      ['that finds nothing unusual', says('frictionless'), low],
      ['that finds nothing unusual, above the limit', { ...says('frictionless'), ...large }, byAmount],
      [
        'that finds nothing unusual, and the requestor asks',
        { ...says('frictionless'), challengeInds: ['04'] },
        'asks: requestor-asked',
      ],
      ['that asks', says('challenge'), 'asks: policy (mandated)'],
      [
        'that asks, though the requestor wants no challenge',
        { ...says('challenge'), challengeInds: ['05'] },
        'asks: policy (mandated)',
      ],
      ['that asks, above the limit', { ...says('challenge'), ...large }, 'asks: amount, policy (mandated)'],
      ['that asks for a device', says('challenge-on-device'), 'asks: policy (mandated), on a device'],
      [
        'that asks for a device, above the limit',
        { ...says('challenge-on-device'), ...large },
        'asks: amount, policy (mandated), on a device',
      ],
      [
        'that asks, at a trusted merchant',
        { ...says('challenge'), ...large, limits: { ordinary: 30_000n, atTrustedMerchant: 50_000n } },
        'asks: amount, policy (mandated)',
      ],
    ),
  )('$what: $decided', async ({ change, decided: risk }) => {
    expect(await evaluated(change, { merchantTrusted: true })).toBe(risk)
  })
})

describe("the requestor's preference", () => {
  const asks = ['03', '04', '09', '12', '13']
  test.each([
    ...['01', '02', '05', '07', '08', '10', '11', '14', '85'].map(ind => [[ind], false] as const),
    ...asks.map(ind => [[ind], true] as const),
    [[], false],
    [['08', '03'], true],
  ] as const)('%j asks for a challenge: %s', async (challengeInds, asked) => {
    expect(await evaluated({ challengeInds })).toBe(asked ? 'asks: requestor-asked' : low)
    const both = asked ? 'asks: amount, requestor-asked (mandated)' : byAmount
    expect(await evaluated({ challengeInds, ...large })).toBe(both)
  })
})

describe('the browser that the 3DS Method saw', () => {
  const differs = { device: 'differs' } as const
  const known = (ordinaryLimit: bigint | undefined, onKnownDevice?: bigint) => ({
    device: 'known' as const,
    limits: { ordinary: ordinaryLimit, onKnownDevice },
  })
  test.each(
    rows<string>(
      ['a different one, for a small amount', differs, 'asks: device-differs (mandated)'],
      [
        'a different one, when no challenge is wanted',
        { ...differs, challengeInds: ['05'] },
        'asks: device-differs (mandated)',
      ],
      ['a known one, at its limit', { ...known(30_000n, 50_000n), amount: 50_000n }, low],
      ['a known one, above it', { ...known(30_000n, 50_000n), amount: 50_001n }, byAmount],
      ['a known one, without its own limit', { ...known(30_000n), ...large }, byAmount],
      ['a known one with a lower limit', { ...known(30_000n, 1n), amount: 30_000n }, low],
      ['a known one, in a currency without a limit', known(undefined, 50_000n), byAmount],
      ['an unknown one', { limits: { ordinary: 30_000n, onKnownDevice: 50_000n }, ...large }, byAmount],
      [
        'a known one, when a challenge is requested',
        { ...known(30_000n, 50_000n), challengeInds: ['04'] },
        'asks: requestor-asked',
      ],
    ),
  )('$what: $decided', async ({ change, decided: risk }) => {
    expect(await evaluated(change)).toBe(risk)
  })
})

describe('restricted payments', () => {
  const restricted = { larger: true, restricted: true }
  test.each(
    rows<string>(
      ['a larger purchase below the limit', restricted, 'asks: restricted (mandated)'],
      ['a larger purchase above it', { ...restricted, ...large }, 'asks: amount, restricted (mandated)'],
      [
        'a larger purchase in a known browser',
        { ...restricted, ...large, device: 'known', limits: { ordinary: 30_000n, onKnownDevice: 50_000n } },
        'asks: restricted (mandated)',
      ],
      [
        'a larger purchase, challenge requested',
        { ...restricted, challengeInds: ['04'] },
        'asks: requestor-asked, restricted (mandated)',
      ],
      ['a smaller purchase', { restricted: true }, low],
      ['a larger purchase without a restriction', { larger: true }, low],
    ),
  )('$what: $decided', async ({ change, decided: risk }) => {
    expect(await evaluated(change)).toBe(risk)
  })
})

describe('a merchant that the cardholder trusts', () => {
  const trust = { amount: 50_000n, limits: { ordinary: 30_000n, atTrustedMerchant: 50_000n } }
  const trusted = 'passes: trusted-merchant'
  test.each(
    rows<string>(
      ['an amount at the higher limit', trust, trusted],
      ['an amount above it', { ...trust, amount: 50_001n }, byAmount],
      ['an amount below both', { ...trust, amount: 30_000n }, low],
      ['an issuer without a higher limit', { ...trust, limits: { ordinary: 30_000n } }, byAmount],
      [
        'a currency without a limit',
        { ...trust, limits: { ordinary: undefined, atTrustedMerchant: 50_000n } },
        byAmount,
      ],
      ["a requestor that names the list's exemption", { ...trust, challengeInds: ['08'] }, trusted],
      ['a browser that differs', { ...trust, device: 'differs' }, 'asks: amount, device-differs (mandated)'],
      ['restricted payments', { ...trust, larger: true, restricted: true }, 'asks: amount, restricted (mandated)'],
      ['a cardholder without a contact', { ...trust, hasContact: false }, trusted],
      [
        'a known browser, whose limit is lower',
        { ...trust, device: 'known', limits: { ...trust.limits, onKnownDevice: 40_000n } },
        trusted,
      ],
      ...['03', '04', '09', '12', '13'].map(
        ind =>
          [
            `a requestor that asks for a challenge (${ind})`,
            { ...trust, challengeInds: [ind] },
            'asks: amount, requestor-asked (mandated)',
          ] as [string, Partial<Signals>, string],
      ),
    ),
  )('$what: $decided', async ({ change, decided: risk }) => {
    expect(await evaluated(change, { merchantTrusted: true })).toBe(risk)
  })

  test('does not pass a purchase above the limit when it is not trusted', async () => {
    expect(await evaluated(trust, { merchantTrusted: false })).toBe(byAmount)
  })

  test.each(
    rows<readonly string[]>(
      ['read when trust decides', trust, ['merchantTrusted']],
      ['not read for a small amount', {}, []],
      ['not read when another rule asks', { ...trust, challengeInds: ['04'] }, []],
      ['not read above the higher limit', { ...trust, amount: 50_001n }, []],
    ),
  )('is $what', async ({ change, decided: expected }) => {
    const { lazy, read } = lazySignals()
    await evaluate({ ...ordinary, ...change }, lazy)
    expect(read).toEqual(expected)
  })
})

describe('for any signals', () => {
  const always = (promise: (signals: Signals, answers: Required<Answers>, risk: Risk) => void | Promise<void>) =>
    fc.assert(
      fc.asyncProperty(anySignals, anyAnswers, async (signals, answers) =>
        promise(signals, answers, await evaluate(signals, lazySignals(answers).lazy)),
      ),
      { numRuns: 2000 },
    )

  test('a purchase above every applicable limit, or from a browser that differs, does not pass', async () => {
    await always(({ channel, amount, limits, device }, { merchantTrusted }, risk) => {
      if (channel === '03' || risk.needsCardholder) return
      const applying = [
        limits.ordinary,
        ...(device === 'known' ? [limits.onKnownDevice] : []),
        ...(merchantTrusted ? [limits.atTrustedMerchant] : []),
      ]
      const within = applying.some(limit => limit !== undefined && (amount ?? 0n) <= limit)
      expect(amount === undefined || (limits.ordinary !== undefined && within)).toBe(true)
      expect(device).not.toBe('differs')
    })
  })

  test('a larger purchase does not pass while payments are restricted', async () => {
    await always((signals, _answers, risk) => {
      if (signals.channel === '03' || risk.needsCardholder) return
      expect(signals.larger && signals.restricted).toBe(false)
    })
  })

  test('trust only lets a purchase pass that no rule but the amount stops', async () => {
    await always(async (signals, answers, risk) => {
      const without = await evaluate(signals, lazySignals({ ...answers, merchantTrusted: false }).lazy)
      if (!risk.needsCardholder && risk.rule === 'trusted-merchant') {
        expect(answers.merchantTrusted).toBe(true)
        expect(without).toEqual({ needsCardholder: true, rules: ['amount'], mandated: true, onDevice: false })
      } else expect(risk).toEqual(without)
    })
  })
})
