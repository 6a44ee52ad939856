import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Certificate {
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string
  readonly key: string
}

interface Wanted {
  /** Subject in OpenSSL's notation; by default only the common name. */
  readonly subject?: string
  /** Whether it is an authority itself. */
  readonly authority?: boolean
  /** Valid for one purpose only, such as serverAuth. */
  readonly purpose?: string
  /** The hosts that it is for, in OpenSSL's notation; by default this machine. */
  readonly hosts?: string
  /** Expired on 2 January 2020. */
  readonly expired?: boolean
  /** When it expires, milliseconds since the epoch. */
  readonly end?: number
}

// Node.js uses this machine's clock, the product the test's: these certificates are valid by both.
const [first, second, last] = ['2020-01-01', '2020-01-02', '2049-12-31'].map(day => Date.parse(day)) as [
  number,
  number,
  number,
]
/** Seconds after which none of these certificates is valid any more. */
export const pastValidity = 30 * 365 * 24 * 3600

/**
 * A certificate authority in a folder, with the certificates that it signs. Names are common names; all are valid for
 * 127.0.0.1.
 */
export class CertificateAuthority {
  readonly #folder: string
  readonly #name: string
  readonly #config: string
  readonly certFile: string
  readonly keyFile: string
  readonly cert: string

  /** A root authority, or one that another has signed. */
  constructor(folder: string, name: string, signed?: Certificate) {
    this.#folder = folder
    this.#name = name
    this.certFile = signed?.certFile ?? join(folder, `${name}.crt`)
    this.keyFile = signed?.keyFile ?? join(folder, `${name}.key`)
    this.#config = join(folder, `${name}.cnf`)
    const database = join(folder, `${name}.index`)
    writeFileSync(database, '')
    writeFileSync(`${database}.attr`, 'unique_subject = no\n')
    writeFileSync(join(folder, `${name}.crlnumber`), '01\n')
    writeFileSync(
      this.#config,
      `[ca]\ndefault_ca=us\n[us]\ndatabase=${database}\ncrlnumber=${join(folder, `${name}.crlnumber`)}\ndefault_md=sha256\nnew_certs_dir=${folder}\nrand_serial=yes\npolicy=any\n[any]\ncommonName=supplied\norganizationName=optional\norganizationalUnitName=optional\n`,
    )
    if (!signed) this.#signItself()
    this.cert = readFileSync(this.certFile, 'utf8')
  }

  sign(
    name: string,
    {
      subject = `/CN=${name}`,
      authority = false,
      purpose,
      expired = false,
      end = expired ? second : last,
      hosts = 'IP:127.0.0.1,DNS:localhost',
    }: Wanted = {},
  ): Certificate {
    const file = join(this.#folder, `${this.#name}-${name.replace(/\W/g, '-')}-${++made}`)
    const [request, certFile, keyFile] = [`${file}.csr`, `${file}.crt`, `${file}.key`]
    const extensions = [
      `subjectAltName=${hosts}`,
      `basicConstraints=critical,CA:${authority ? 'TRUE' : 'FALSE'}`,
      ...(purpose ? [`extendedKeyUsage=${purpose}`] : []),
    ]
    writeFileSync(`${file}.ext`, extensions.join('\n'))
    this.#openssl('req', '-new', ...this.#fresh(subject, keyFile), '-out', request)
    const signing = ['-in', request, '-out', certFile, '-extfile', `${file}.ext`, ...validUntil(end)]
    this.#asAuthority('-batch', '-notext', '-preserveDN', ...signing)
    return { certFile, keyFile, cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') }
  }

  /** An intermediate authority below this one. */
  below(name: string): CertificateAuthority {
    return new CertificateAuthority(this.#folder, name, this.sign(name, { authority: true }))
  }

  revoke({ certFile }: Certificate): void {
    this.#asAuthority('-revoke', certFile)
  }

  /** The current revocation list as a file, valid or long expired. */
  list({ outOfDate = false } = {}): string {
    const file = join(this.#folder, `${this.#name}-${++made}.crl`)
    const times = ['-crl_lastupdate', asTime(first), '-crl_nextupdate', asTime(outOfDate ? second : last)]
    this.#asAuthority('-gencrl', ...times, '-out', file)
    return file
  }

  #signItself(): void {
    const [request, extensions] = [`${this.certFile}.csr`, `${this.certFile}.ext`]
    writeFileSync(extensions, 'basicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=hash\n')
    this.#openssl('req', '-new', ...this.#fresh(`/CN=${this.#name}`), '-out', request)
    const signing = ['-in', request, '-out', this.certFile, '-extfile', extensions, ...validUntil(last)]
    this.#openssl('ca', '-config', this.#config, '-selfsign', '-keyfile', this.keyFile, '-batch', '-notext', ...signing)
  }

  #asAuthority(...args: string[]): void {
    this.#openssl('ca', '-config', this.#config, '-cert', this.certFile, '-keyfile', this.keyFile, ...args)
  }

  #fresh(subject: string, keyFile = this.keyFile): string[] {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
    return [...key, '-keyout', keyFile, '-subj', subject]
  }

  #openssl(...args: string[]): void {
    execFileSync('openssl', args, { stdio: 'pipe' })
  }
}

let made = 0

function validUntil(end: number): string[] {
  return ['-startdate', asTime(first), '-enddate', asTime(end)]
}

/** A time in OpenSSL's notation: 20491231000000Z. */
function asTime(time: number): string {
  return new Date(time).toISOString().replace(/[-:T]|\.\d+/g, '')
}

/** Writes the content of several files to one. */
export function joined(file: string, ...files: readonly string[]): string {
  writeFileSync(file, '')
  for (const each of files) appendFileSync(file, readFileSync(each))
  return file
}
