import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** @type {import('next').NextConfig} */
export default {
  output: 'standalone',
  outputFileTracingRoot: root,
  poweredByHeader: false,
  compress: false,
  serverExternalPackages: ['postgres'],
  typescript: { ignoreBuildErrors: true, tsconfigPath: '../../tsconfig.json' },
}
