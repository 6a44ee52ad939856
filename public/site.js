// The site works without this file; it adds a search among the questions, the try-out of a payment, and remembers a language.

// The other language opens at the same place of the page, and the address without a language remembers the choice.
for (const link of document.querySelectorAll('a[data-language]')) {
  link.addEventListener('click', () => {
    link.hash = location.hash
    const safe = location.protocol === 'https:' ? '; secure' : ''
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that opens this site
    document.cookie = `language=${link.dataset.language}; path=/; max-age=31536000; samesite=lax${safe}`
  })
}

// Questions: only those that hold every word typed stay in sight. Width of letters, kana and case make no difference.
const search = document.getElementById('search')
if (search) {
  const plain = text =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[ァ-ヶ]/g, letter => String.fromCharCode(letter.charCodeAt(0) - 0x60))
  const questions = [...document.querySelectorAll('.question')].map(element => ({
    element,
    words: plain(`${element.textContent} ${element.dataset.words}`),
  }))
  const field = search.querySelector('input')
  const status = search.querySelector('[role="status"]')
  const look = () => {
    const wanted = plain(field.value).split(/\s+/).filter(Boolean)
    let found = 0
    for (const { element, words } of questions) {
      element.hidden = !wanted.every(word => words.includes(word))
      if (!element.hidden) found += 1
    }
    for (const group of document.querySelectorAll('[data-group]'))
      group.hidden = !group.querySelector('.question:not([hidden])')
    const words = found === 0 ? search.dataset.none : found === 1 ? search.dataset.one : search.dataset.many
    status.textContent = wanted.length === 0 ? '' : words.replace('0', String(found))
  }
  field.addEventListener('input', look)
  // A link to a question that is out of sight brings all of them back.
  addEventListener('hashchange', () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
    if (!target?.hidden) return
    field.value = ''
    look()
    target.scrollIntoView()
  })
  search.hidden = false
}
