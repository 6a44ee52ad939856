// A purchase to walk through on the home page. Without this file a still picture stands in its place.

const live = document.getElementById('try-out-live')
const frame = live.querySelector('iframe')
const status = live.querySelector('[role="status"]')
const back = live.querySelector('[data-back]')
const steps = [...live.querySelectorAll('[data-step]')].map(({ dataset }) => dataset.step)
let step = steps[0]

/** Brings a step into sight; `words` names the sentence that is said, if it is not the step's own. */
function show(next, words = next) {
  const first = next === 'window' && step === 'shop'
  step = next
  for (const panel of live.querySelectorAll('[data-panel]'))
    panel.hidden = !panel.dataset.panel.split(' ').includes(step)
  for (const item of live.querySelectorAll('[data-step]')) {
    if (item.dataset.step === step) item.setAttribute('aria-current', 'step')
    else item.removeAttribute('aria-current')
  }
  back.hidden = step === steps[0]
  status.textContent = status.dataset[words] ?? ''
  if (first) showWindow('asking')
}

/** The address is replaced, not added: “back” in the browser leaves the page as ever. */
function showWindow(state) {
  frame.contentWindow.location.replace(live.dataset.windows + state)
}

function go(next, words) {
  show(next, words)
  if (status.textContent) status.focus()
}

// The window's own forms, answered here instead of by the service.
frame.addEventListener('load', () => {
  frame.contentDocument.addEventListener('submit', event => {
    event.preventDefault()
    const { code } = event.target.elements
    const button = event.submitter
    if (button?.name === 'language') location.href = live.dataset.other
    else if (code) enter(code.value.normalize('NFKC').replace(/\D/g, ''))
    else if (button?.hasAttribute('aria-describedby')) showWindow('resent')
    else go('shop')
  })
})

function enter(digits) {
  if (digits === live.dataset.code) return go('done')
  const state = digits === '' ? 'missing' : 'wrong'
  show('phone', state)
  showWindow(state)
}

live.addEventListener('click', ({ target }) => {
  const button = target.closest('button')
  if (!button) return
  if (button.dataset.go) go(button.dataset.go)
  else go(steps[steps.indexOf(step) - 1])
})

document.getElementById('try-out-still').hidden = true
live.hidden = false
show(step)
