// @peculiar/x509 must be loaded after its polyfill, so all our files import it from here.
import 'reflect-metadata'

export * from '@peculiar/x509'
