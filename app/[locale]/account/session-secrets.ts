import { keys } from '#server/platform/keys.ts'

/** What next-auth derives its keys from, the one in use first. */
export async function sessionSecrets(): Promise<string[]> {
  return (await keys().macs('session', 'next-auth')).map(({ tag }) => tag.toString('base64'))
}
