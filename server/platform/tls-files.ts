/** Files of our certificate, its key and the authorities that we trust, for every party without files of its own. */
export interface TlsFiles {
  readonly certFile: string
  readonly keyFile: string
  readonly clientCAFile: string
  readonly crlFile?: string
  readonly serverCAFile?: string
}
