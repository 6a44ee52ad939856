import { randomUUID } from 'node:crypto'
import { Authenticator } from './authenticator.ts'
import { Browser, type Product } from './browser.ts'
import { decrypt, newSubscriptionKeys, type SubscriptionKeys, Undecryptable } from './encryption.ts'
import type { Memory, Notification } from './memory.ts'
import { readNotification, Unreadable } from './notification.ts'
import { endpointOf, type Subscriber } from './push-service.ts'

/** What a page gets from `pushManager.subscribe` (Push API, PushSubscriptionJSON). */
export interface SubscriptionJSON {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
}

const mostNotifications = 20

/** A phone with a browser, a screen lock that is an authenticator, and a lock screen on which pushes appear. */
export class Phone {
  readonly memory: Memory
  readonly browser: Browser
  readonly authenticator: Authenticator
  /** The product's origin. */
  readonly origin: string
  readonly #pushOrigin: string
  readonly #now: () => Date

  /** @param pushOrigin the push service's origin as the product reaches it */
  constructor(memory: Memory, product: Product, pushOrigin: string, now: () => Date) {
    this.memory = memory
    this.browser = new Browser(product, memory.contents.cookies)
    this.authenticator = new Authenticator(memory.contents.passkeys)
    this.origin = product.origin
    this.#pushOrigin = pushOrigin
    this.#now = now
  }

  get notifications(): readonly Notification[] {
    return this.memory.contents.notifications
  }

  get isSubscribed(): boolean {
    return this.memory.contents.subscription !== undefined
  }

  /** Push API, `pushManager.subscribe()`: an existing subscription for the same sender is kept. */
  subscribe(applicationServerKey: string): SubscriptionJSON {
    const { contents } = this.memory
    if (contents.subscription?.applicationServerKey !== applicationServerKey) {
      this.unsubscribe()
      contents.subscription = { id: randomUUID(), applicationServerKey, keys: newSubscriptionKeys() }
      this.memory.save()
    }
    const { id, keys } = contents.subscription
    return { endpoint: endpointOf(this.#pushOrigin, id), keys: { p256dh: keys.publicKey, auth: keys.auth } }
  }

  /** Notifications are switched off: the push service answers 410 from now on. */
  unsubscribe(): void {
    const { contents } = this.memory
    if (!contents.subscription) return
    contents.ended = [contents.subscription.id, ...contents.ended].slice(0, 100)
    contents.subscription = undefined
    this.memory.save()
  }

  /** Forgets what the product has stored in this browser, as for another owner of the phone. */
  forgetSite(): void {
    const { contents } = this.memory
    contents.cookies.length = 0
    contents.passkeys.length = 0
    contents.notifications = []
    this.unsubscribe()
    this.memory.save()
  }

  /**
   * What the push service knows about an endpoint.
   *
   * @param arrived gets each message: as the phone shows it, or why the phone cannot read it
   */
  findSubscriber(id: string, arrived: (message: Notification | Error) => void): Subscriber | 'gone' | undefined {
    const { subscription, ended } = this.memory.contents
    if (ended.includes(id)) return 'gone'
    if (subscription?.id !== id) return undefined
    const { applicationServerKey, keys } = subscription
    return {
      applicationServerKey,
      receive: body => arrived(this.#read(body, keys)),
    }
  }

  #read(body: Buffer, keys: SubscriptionKeys): Notification | Error {
    try {
      const content = readNotification(decrypt(body, keys), this.origin)
      const notification = { ...content, id: randomUUID(), arrivedAt: this.#now().toISOString() }
      this.show(notification)
      return notification
    } catch (error) {
      if (error instanceof Undecryptable || error instanceof Unreadable) return error
      throw error
    }
  }

  /** Takes a notification off the lock screen; undefined if it is not there any more. */
  dismiss(id: string): Notification | undefined {
    const { contents } = this.memory
    const notification = contents.notifications.find(shown => shown.id === id)
    contents.notifications = contents.notifications.filter(shown => shown !== notification)
    this.memory.save()
    return notification
  }

  /** Shows a notification on the lock screen; it replaces an older one with the same tag. */
  show(notification: Notification): void {
    const { contents } = this.memory
    const { tag } = notification
    const others = contents.notifications.filter(shown => tag === undefined || shown.tag !== tag)
    contents.notifications = [notification, ...others].slice(0, mostNotifications)
    this.memory.save()
  }
}
