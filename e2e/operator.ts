// An operator at the keyboard: runs `safekey cards …` as often as requested, in one process that has loaded the product
// once. That the command works in its own process is shown at each start of the demo, which imports its cards with it.

let turn = 0

process.on('message', async (args: string[]) => {
  let stdout = ''
  let stderr = ''
  console.log = (line: string) => {
    stdout += `${line}\n`
  }
  console.error = (line: string) => {
    stderr += `${line}\n`
  }
  process.argv.splice(2, process.argv.length, ...args)
  process.exitCode = undefined
  turn += 1
  // A command is a module that does its work when it is loaded.
  const failure = await import(`../server/commands/cards.ts?turn=${turn}`).then(
    () => '',
    error => String(error),
  )
  process.send?.({ status: failure ? 1 : (process.exitCode ?? 0), stdout, stderr: stderr + failure })
})
process.on('disconnect', () => process.exit())
