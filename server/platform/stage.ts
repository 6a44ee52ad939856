/**
 * Where this process runs. Production unless a file that is loaded before the product says otherwise: the demo and the
 * tests start it with `node --import demo/stage.ts`. There is no variable for it, so no setting of a production system
 * can switch its protections off by mistake.
 */
export interface Stage {
  readonly name: 'production' | 'demo'
  /** File with the clock's offset in milliseconds; production has none. */
  readonly clockFile?: string
}

const place = Symbol.for('safekey.stage')

export function stage(): Stage {
  return (globalThis as { [place]?: Stage })[place] ?? { name: 'production' }
}

export function isDemo(): boolean {
  return stage().name === 'demo'
}
