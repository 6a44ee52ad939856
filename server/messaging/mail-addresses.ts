import { mailboxOf } from '#domain/contact/address.ts'

interface Sender {
  readonly name: string
  readonly address: string
}

/**
 * The sender and the recipient of a mail, both for its header and for the mail server. They are objects, which
 * nodemailer leaves as they are; it would parse a string and lose quotation marks (xxx.yyy.@… is "xxx.yyy."@… in RFC
 * 5321).
 */
export function mailAddresses({ name, address }: Sender, to: string) {
  return {
    from: { name, address: mailboxOf(address) },
    to: { name: '', address: mailboxOf(to) },
  }
}
