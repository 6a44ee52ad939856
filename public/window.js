// The window works without this file; it adds focus on errors, words for the time left and for how far the code is, the
// processing screen from the press of a button on, and calm on double clicks.

const noticed = document.querySelector('[data-focus]') ?? document.getElementById('summary')
noticed?.focus()

for (const form of document.forms) {
  // This one is sent by passkey.js, which asks the authenticator first.
  if (form.id === 'passkey') continue
  form.addEventListener('submit', event => {
    const button = form.querySelector('button')
    if (form.dataset.sent) return event.preventDefault()
    form.dataset.sent = 'yes'
    document.body.classList.add('processing')
    button?.setAttribute('aria-disabled', 'true')
    if (button?.dataset.working) button.textContent = button.dataset.working
  })
}

// Back from the history, a page may look as it did when it was left: its forms can be sent again.
addEventListener('pageshow', event => {
  if (event.persisted) location.reload()
})

const time = document.getElementById('time')
if (time) {
  const left = Number(time.dataset.left)
  for (const seconds of [300, 60, 30, 0]) {
    // The phase that has begun already is said at once, those before it are passed over by the next.
    const wait = Math.max(0, left - seconds * 1000)
    const words = time.getAttribute(`data-${seconds}`)
    if (wait >= 0 && words) setTimeout(() => (time.textContent = words), wait)
  }
  setTimeout(() => location.reload(), Number(time.dataset.ends) + 1500)
  const code = document.getElementById('code')
  const look = Number(time.dataset.look)
  if (look > 0) setTimeout(() => code?.value === '' && location.reload(), look)
}

// The cardholder answers out of band meanwhile: a page that shows an earlier step loads again. If a frame without an
// origin may ask for nothing, its page is loaded again instead; elsewhere a network that fails is waited for.
const look = document.getElementById('look')
if (look) {
  const every = Number(look.dataset.every)
  const again = async () => {
    try {
      const answer = await fetch(`${location.pathname}/step`)
      if (answer.ok && (await answer.text()).split(' ')[0] !== look.dataset.step) return location.reload()
    } catch {
      if (look.dataset.reloads && self.origin === 'null') return location.reload()
    }
    setTimeout(again, every)
  }
  setTimeout(again, every)
  if (look.dataset.ends) setTimeout(() => location.reload(), Number(look.dataset.ends) + 1500)
}

// Says how far each message with a code is. Where one is held up, the page has more to offer, so it loads again if nothing
// is typed.
const destinations = document.getElementById('destinations')
if (destinations) {
  const every = Number(destinations.dataset.every)
  const until = Date.now() + Number(destinations.dataset.for)
  const lines = [...destinations.children]
  let states = destinations.dataset.states.split(' ')
  const mayChange = (line, index) => /queued|delayed/.test(states[index]) || isReported(line, index)
  const isReported = (line, index) => line.dataset.reports && states[index] === 'handed-over'
  const watch = () => {
    if (!lines.some(mayChange) || Date.now() > until) return
    setTimeout(again, lines.some((_, index) => /queued|delayed/.test(states[index])) ? every : 5 * every)
  }
  const again = async () => {
    const answer = await fetch(`${location.pathname}/step`).then(
      answer => (answer.ok ? answer.text() : ''),
      () => '',
    )
    const [step, ...now] = answer.split(' ')
    if (step === 'open' && now.length === lines.length && now.join() !== states.join()) {
      const held = now.some((state, index) => state !== states[index] && /delayed|failed/.test(state))
      states = now
      if (held && document.getElementById('code').value === '') return location.reload()
      for (const [index, line] of lines.entries()) line.textContent = line.getAttribute(`data-${states[index]}`)
    }
    watch()
  }
  watch()
}
