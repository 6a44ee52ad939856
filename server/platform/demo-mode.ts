/**
 * Whether this process runs in production or demo mode. It is production unless a file that is loaded before the
 * product says otherwise: the demo and the tests start with `node --import demo/demo-mode.ts`. There is no environment
 * variable for it, so that no setting of a production system can switch its protections off by mistake.
 */
export interface Mode {
  readonly name: 'production' | 'demo'
  /** File with the clock's offset in milliseconds; undefined in production. */
  readonly clockFile?: string
  /** Where the demo's merchant and inbox are, for links; undefined in production. */
  readonly merchant?: string
  readonly inbox?: string
}

const place = Symbol.for('safekey.mode')

export function mode(): Mode {
  return (globalThis as { [place]?: Mode })[place] ?? { name: 'production' }
}

export function demoMode(): boolean {
  return mode().name === 'demo'
}
