// Uses a passkey in the window, where the browser permits it in this frame. The window loads this file only if the
// cardholder has a passkey for the payment; without it, the window shows its other methods.

const form = document.getElementById('passkey')

/** Only Chromium says beforehand whether a frame may use passkeys. Elsewhere the call fails, and the page says so. */
function isUsable() {
  if (!window.PublicKeyCredential || self.origin === 'null') return false
  return document.featurePolicy?.allowsFeature('publickey-credentials-get') ?? true
}

if (isUsable()) {
  for (const part of document.querySelectorAll('[data-revealed-by=passkey]')) part.hidden = false
  for (const part of document.querySelectorAll('[data-replaced-by=passkey]')) part.hidden = true
  form?.addEventListener('submit', confirm)
} else {
  const instead = document.getElementById('instead')
  if (instead?.dataset.atOnce) instead.requestSubmit()
}

async function confirm(event) {
  event.preventDefault()
  if (form.dataset.sent) return
  const button = form.querySelector('button')
  const error = document.getElementById('passkey-error')
  const label = button.textContent
  form.dataset.sent = 'yes'
  button.setAttribute('aria-disabled', 'true')
  button.textContent = button.dataset.working
  error.hidden = true
  try {
    const { challenge, domain, timeout } = form.dataset
    // No passkey is named, because whoever knows the card number can open this window: the browser offers those that it
    // has.
    const credential = await navigator.credentials.get({
      publicKey: {
        challenge: fromBase64url(challenge),
        rpId: domain,
        timeout: Number(timeout),
        userVerification: 'required',
      },
    })
    form.elements.credential.value = JSON.stringify(toJSON(credential))
    document.body.classList.add('processing')
    form.submit()
  } catch {
    delete form.dataset.sent
    button.removeAttribute('aria-disabled')
    button.textContent = label
    error.hidden = false
    error.focus()
  }
}

/** `credential.toJSON` is missing in older browsers and in the passkeys of some password managers. */
function toJSON({ id, type, response }) {
  const { clientDataJSON, authenticatorData, signature } = response
  const parts = Object.entries({ clientDataJSON, authenticatorData, signature })
  return {
    ...{ id, rawId: id, type, clientExtensionResults: {} },
    response: Object.fromEntries(parts.map(([name, bytes]) => [name, toBase64url(bytes)])),
  }
}

function toBase64url(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

function fromBase64url(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), character => character.charCodeAt(0))
}
