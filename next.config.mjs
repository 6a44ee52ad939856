import createNextIntlPlugin from 'next-intl/plugin'

const withNextIntl = createNextIntlPlugin('./messages/request.ts')

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // The HTTP front (server/web/server.ts) compresses and sets headers.
  compress: false,
  devIndicators: false,
  // No picture is resized here; the address for it would answer 500 to a request for a file that is no picture.
  images: { unoptimized: true },
  // postgres and pino look for files of their own at run time.
  serverExternalPackages: ['postgres', 'pino', 'nodemailer'],
  // The title of a page stands in its head, also where no script could move it there.
  htmlLimitedBots: /.*/,
  // Addresses of earlier sites and of guesses, where the language is said already (without one: middleware.ts).
  redirects: async () => [
    { source: '/:language(ja|en)/faq', destination: '/:language/help', permanent: false },
    { source: '/:language(ja|en)/(home|index|index.html)', destination: '/:language', permanent: false },
    { source: '/:language(ja|en)/(tos|terms-and-conditions)', destination: '/:language/terms', permanent: false },
    { source: '/:language(ja|en)/privacy-policy', destination: '/:language/privacy', permanent: false },
    { source: '/index.html', destination: '/', permanent: false },
  ],
  // `npm run check` looks at types, once and for the whole house.
  typescript: { ignoreBuildErrors: true },
  experimental: {
    globalNotFound: true,
    // The HTTP front takes the query from every address, and with it the one by which the framework tells a page's data from the page:
    // it would redirect to that address for ever. Nothing keeps those answers (no-store).
    validateRSCRequestHeaders: false,
    // A public page is rendered once per process, with the brand of its configuration: one build serves any issuer.
    isrFlushToDisk: false,
    serverActions: {
      // Inside a frame that is sandboxed without allow-same-origin a form post has the origin null. It is allowed here
      // and refused by the HTTP front everywhere but under /acs/challenge/.
      allowedOrigins: ['null'],
      bodySizeLimit: '64kb',
    },
  },
}

export default withNextIntl(config)
