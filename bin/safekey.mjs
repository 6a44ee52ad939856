#!/usr/bin/env node
import { register } from 'tsx/esm/api'

// The commands are TypeScript: tsx reads them as they are.
register()
await import('../server/commands/safekey.ts')
