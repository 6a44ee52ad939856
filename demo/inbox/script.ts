/** Updates messages and clock on the page every 3 seconds, without changing messages that are already shown. */
export const script = `
const refresh = async () => {
  if (document.hidden) return
  const response = await fetch(location.href, { headers: { accept: 'text/html' } })
  if (!response.ok) return
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html')
  document.querySelector('#now').replaceWith(fresh.querySelector('#now'))
  const now = document.querySelector('#messages')
  const next = fresh.querySelector('#messages')
  if (now.dataset.newest === next.dataset.newest) return
  const known = new Map([...now.querySelectorAll('li > details')].map(details => [details.id, details.parentElement]))
  for (const details of next.querySelectorAll('li > details')) {
    const item = known.get(details.id)
    if (item) details.parentElement.replaceWith(item)
  }
  now.replaceChildren(...next.childNodes)
  now.dataset.newest = next.dataset.newest
  const arrived = document.querySelector('#arrived')
  arrived.textContent = arrived.dataset.words
}
setInterval(() => refresh().catch(() => {}), 3000)
`
