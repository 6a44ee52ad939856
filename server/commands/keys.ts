import { randomOctets } from '../platform/crypto.ts'
import { keyVariable, purposes } from '../platform/key-ring.ts'

// Prints fresh keys, one for each purpose, ready for .env or a vault. Run it once for each installation.
for (const purpose of purposes) console.log(`${keyVariable(purpose)}=1:${randomOctets(32).toString('base64')}`)
// Next.js names the window's forms by it: the same at every build, or open windows end at a release.
console.log(`NEXT_SERVER_ACTIONS_ENCRYPTION_KEY=${randomOctets(32).toString('base64')}`)
