// Leads back to the shop when there was time to read how it ended. Without script the button does.
// The page loads this ahead of the button, without "defer": a press before it had run would be a post of the browser's
// own, and a second press a second one.

/** A shop that has not answered by then may be asked once more. Milliseconds. */
const patience = 30_000
let sentAt = Number.NEGATIVE_INFINITY

const returnForm = () => document.getElementById('return')

/** The entry in the browser's history remembers that it has led back: who comes here again by "back" is not sent away again. */
const hasLedBack = () => history.state?.ledBack === true

function leadBack() {
  if (performance.now() - sentAt < patience) return
  sentAt = performance.now()
  history.replaceState({ ...history.state, ledBack: true }, '')
  returnForm().submit()
}

function show() {
  const { wait, finished } = returnForm().dataset
  if (!hasLedBack()) return setTimeout(() => hasLedBack() || leadBack(), Number(wait))
  const next = document.getElementById('next')
  if (next && finished) next.textContent = finished
}

document.addEventListener('submit', event => {
  if (event.target.id !== 'return') return
  event.preventDefault()
  leadBack()
})

// Back from the history, a page may look as it did when it was left, its script included.
addEventListener('pageshow', event => {
  if (event.persisted) sentAt = Number.NEGATIVE_INFINITY
  if (returnForm()) show()
})

// The result has to be sent first: the window's own form sees to that, at once.
document.addEventListener('DOMContentLoaded', () => {
  const finish = document.getElementById('finish')
  if (!finish) return
  document.body.classList.add('processing')
  finish.requestSubmit()
})
