import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { Product } from './product.ts'

// When started as root, the demo's database may be outside its folder and outlive it, without its keys.
test('a demo whose keys are gone starts with new data and names the old data', async () => {
  // Two starts of the whole demo, each with a database that is made first.
  test.slow()
  const product = new Product(test.info().parallelIndex + 6)
  try {
    await product.start()
    await product.stop()
    rmSync(join(product.dataDir, 'demo-keys.json'))
    await product.start()
    const { status } = await fetch(`${product.addresses.ds}/health/ready`)
    expect(status).toBe(200)
    expect(product.output).toContain(`${join(product.dataDir, 'postgres')} is an earlier demo's`)
  } finally {
    await product.remove()
  }
})
