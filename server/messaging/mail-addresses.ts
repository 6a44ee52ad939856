import { mailboxOf } from '#domain/contact/address.ts'

interface Sender {
  readonly name: string
  readonly address: string
}

/**
 * From whom and to whom a mail goes, in its header and to the mail server alike. Addresses are objects, which nodemailer
 * takes as they are, where it would read a text anew and lose quotation marks (xxx.yyy.@… is "xxx.yyy."@… to RFC 5321).
 */
export function mailAddresses({ name, address }: Sender, to: string) {
  return {
    from: { name, address: mailboxOf(address) },
    to: { name: '', address: mailboxOf(to) },
  }
}
