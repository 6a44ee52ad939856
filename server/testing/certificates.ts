import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Certificate {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

/** A certificate authority in a folder, and what it signs. Names are common names; all are good for 127.0.0.1. */
export class CertificateAuthority {
  readonly #folder: string
  readonly #name: string
  readonly certFile: string
  readonly cert: string

  constructor(folder: string, name: string) {
    this.#folder = folder
    this.#name = name
    this.certFile = join(folder, `${name}.crt`)
    this.#openssl('req', '-x509', '-days', '2', ...this.#fresh(name), '-out', this.certFile)
    this.cert = readFileSync(this.certFile, 'utf8')
  }

  sign(name: string): Certificate {
    const file = `${this.#name}-${name}`
    const certFile = join(this.#folder, `${file}.crt`)
    const authority = ['-CA', this.certFile, '-CAkey', join(this.#folder, `${this.#name}.key`)]
    const purpose = ['-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=critical,CA:FALSE']
    this.#openssl('req', '-x509', '-days', '2', ...authority, ...this.#fresh(name, file), ...purpose, '-out', certFile)
    const keyFile = join(this.#folder, `${file}.key`)
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
  }

  #fresh(name: string, file = name): string[] {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    return [...key, '-keyout', join(this.#folder, `${file}.key`), '-subj', `/CN=${name}`]
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' })
  }
}
