/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  compress: false,
  serverExternalPackages: ['postgres'],
  typescript: { ignoreBuildErrors: true, tsconfigPath: '../../tsconfig.json' },
}
