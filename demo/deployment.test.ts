import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { environment } from './deployment.ts'

afterEach(() => vi.unstubAllEnvs())

function directoryServer() {
  const ports = { web: 1, ds: 2, shop: 3, inbox: 4, smtp: 5, rreq: 6 }
  const origins = { web: 'http://localhost:1', shop: 'http://localhost:3', inbox: 'http://localhost:4' }
  const folder = mkdtempSync(join(tmpdir(), 'deployment-'))
  const { ISSUER_FILE = '' } = environment(folder, ports, origins, 'postgres://', {}, { sms: '', appPush: '' })
  return JSON.parse(readFileSync(ISSUER_FILE, 'utf8')).directoryServers[0]
}

test('lets a dsURL name the demo’s own hosts, with the demo’s reference number', () => {
  expect(directoryServer()).toMatchObject({
    referenceNumber: 'DEMO-DS-REF-0001',
    hosts: ['localhost:6', '127.0.0.1:6'],
  })
})

test('lets an integrator’s hosts and reference number in', () => {
  vi.stubEnv('DEMO_DS_HOSTS', 'localhost:4003, ds.example,')
  vi.stubEnv('DEMO_DS_REFERENCE', 'MY-DS-REF-0001')
  expect(directoryServer()).toMatchObject({
    referenceNumber: 'MY-DS-REF-0001',
    hosts: ['localhost:6', '127.0.0.1:6', 'localhost:4003', 'ds.example'],
  })
})
