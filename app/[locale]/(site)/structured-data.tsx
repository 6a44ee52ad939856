/** What search engines read: data, not script, and so not subject to the content security policy. */
export function StructuredData({ data }: { data: Readonly<Record<string, unknown>> }) {
  const json = JSON.stringify({ '@context': 'https://schema.org', ...data }).replaceAll('<', '\\u003c')
  // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON of our own words, in which nothing can close the element
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: json }} />
}
