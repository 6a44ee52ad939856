import { join, resolve } from 'node:path'

// Loaded before the product (`node --import demo/demo-mode.ts`): tells it that this is the demo, where the clock can be moved
// and directory servers need no certificate. Production never loads this file.
Object.assign(globalThis, {
  [Symbol.for('safekey.mode')]: {
    name: 'demo',
    clockFile: join(resolve(process.env.DATA_DIR ?? '.data'), 'clock'),
  },
})
