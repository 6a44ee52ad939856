import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from './test.ts'

// When started as root, the demo's database may be outside its folder and outlive it, without its keys.
test('a demo whose keys are gone starts with new data and names the old data', async ({ product, shop }) => {
  // A start of the whole demo, with a database that is made first.
  test.slow()
  const { orderId } = await shop.order({ amount: 1_200 })
  await product.stop()
  rmSync(join(product.dataDir, 'demo-keys.json'))
  await product.start()
  expect(product.output).toContain(`${join(product.dataDir, 'postgres')} is an earlier demo's`)
  await expect(shop.see({ orderId })).rejects.toThrow()
  expect((await shop.order({ amount: 1_200 })).ares).toMatchObject({ transStatus: 'Y' })
})
