import { join, resolve } from 'node:path'

// Loaded before the product (`node --import demo/demo-mode.ts`): switches it to demo mode, in which the clock can be
// moved and directory servers need no certificate. Production never loads this file.
Object.assign(globalThis, {
  [Symbol.for('safekey.mode')]: {
    name: 'demo',
    clockFile: join(resolve(process.env.DATA_DIR ?? '.data'), 'clock'),
    merchant: process.env.DEMO_SHOP_URL,
    inbox: process.env.DEMO_INBOX_URL,
  },
})
