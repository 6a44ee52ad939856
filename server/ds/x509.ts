// @peculiar/x509 must be loaded after its polyfill; all our files take it from here.
import 'reflect-metadata'

export * from '@peculiar/x509'
