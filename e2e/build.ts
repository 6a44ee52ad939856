import { spawnSync } from 'node:child_process'
import { projectFolder } from './product.ts'

/** Builds the product once for all workers, unless the existing build is of these sources. */
export default function build(): void {
  const args = ['--import', 'tsx', 'demo/main.ts', '--build-only']
  const { status } = spawnSync(process.execPath, args, { cwd: projectFolder, stdio: 'inherit' })
  if (status !== 0) throw new Error('The product does not build.')
}
