// The service worker of approval devices: shows pushes in browsers that do not show declarative messages by themselves
// (Push API, "Declarative push messages"), and opens the page that answers them.

addEventListener('push', event => {
  const { notification } = event.data?.json() ?? {}
  if (!notification) return
  const { title, navigate, ...options } = notification
  const shown = registration.showNotification(title, {
    ...options,
    tag: 'approval',
    renotify: true,
    data: { navigate },
  })
  event.waitUntil(Promise.all([shown, refreshPages()]))
})

addEventListener('notificationclick', event => {
  event.notification.close()
  event.waitUntil(open(event.notification.data.navigate))
})

// The browser has replaced the subscription.
addEventListener('pushsubscriptionchange', event => {
  event.waitUntil(renew(event))
})

async function refreshPages() {
  for (const page of await clients.matchAll({ type: 'window', includeUncontrolled: true })) page.postMessage('push')
}

async function open(address) {
  const pages = await clients.matchAll({ type: 'window', includeUncontrolled: true })
  const page = pages.find(({ url }) => url === address)
  return page ? page.focus() : clients.openWindow(address)
}

async function renew({ newSubscription, oldSubscription }) {
  const subscription = newSubscription ?? (await registration.pushManager.subscribe(oldSubscription.options))
  const body = new URLSearchParams({ subscription: JSON.stringify(subscription) })
  await fetch('/api/approval/subscribe', { method: 'POST', body })
}
