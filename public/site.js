// The site works without this file.

// The other language opens at the same place of the page, and the address without a language remembers the choice.
for (const link of document.querySelectorAll('a[data-language]')) {
  link.addEventListener('click', () => {
    link.hash = location.hash
    const safe = location.protocol === 'https:' ? '; secure' : ''
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that opens this site
    document.cookie = `language=${link.dataset.language}; path=/; max-age=31536000; samesite=lax${safe}`
  })
}
