/** Files of our certificate, its key and the authorities we trust, for every counterpart that has none of its own. */
export interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
  readonly clientCAFile: string
  readonly crlFile?: string
  readonly serverCAFile?: string
}
