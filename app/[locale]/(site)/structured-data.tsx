/** Data for search engines. It is not a script, so the content security policy does not apply to it. */
export function StructuredData({ data }: { data: Readonly<Record<string, unknown>> }) {
  const json = JSON.stringify({ '@context': 'https://schema.org', ...data }).replaceAll('<', '\\u003c')
  // biome-ignore lint/security/noDangerouslySetInnerHtml: JSON of our own words, in which nothing can close the element
  return <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: json }} />
}
