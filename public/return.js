// Leads back to the shop when there was time to read how it ended. Without script the button does.

// The result has to be sent first: the window's own form sees to that, at once.
document.getElementById('finish')?.requestSubmit()

const form = document.getElementById('return')

/** A shop that has not answered by then may be asked once more. Milliseconds. */
const patience = 30_000
let sentAt = Number.NEGATIVE_INFINITY

/** The entry in the browser's history remembers that it has led back: who comes here again by "back" is not sent away again. */
const hasLedBack = () => history.state?.ledBack === true

function leadBack() {
  if (performance.now() - sentAt < patience) return
  sentAt = performance.now()
  history.replaceState({ ...history.state, ledBack: true }, '')
  form.submit()
}

function show() {
  if (!hasLedBack()) return setTimeout(() => hasLedBack() || leadBack(), Number(form.dataset.wait))
  const next = document.getElementById('next')
  if (next && form.dataset.finished) next.textContent = form.dataset.finished
}

if (form) {
  form.addEventListener('submit', event => {
    event.preventDefault()
    leadBack()
  })
  // Back from the history, a page may look as it did when it was left, its script included.
  addEventListener('pageshow', event => {
    if (event.persisted) sentAt = Number.NEGATIVE_INFINITY
    show()
  })
}
