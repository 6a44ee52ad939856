// `safekey COMMAND …`: the single program for everything that an operator types. Each command has its own file, which
// parses the rest of the command line and describes its own usage.

const commands: Readonly<Record<string, { readonly about: string; readonly run: () => Promise<unknown> }>> = {
  start: { about: 'run the product: web, ds and worker', run: () => import('../main.ts') },
  migrate: { about: 'bring the database to the newest schema', run: () => import('./migrate.ts') },
  keys: { about: 'print fresh keys; retire or forget old ones', run: () => import('./keys.ts') },
  cards: { about: 'import the list of cards; print codes for letters', run: () => import('./cards.ts') },
  reports: { about: 'list and resolve reports of cardholders', run: () => import('./reports.ts') },
  alerts: { about: 'list and close alerts of the watch', run: () => import('./alerts.ts') },
  reconcile: { about: 'make a restored database safe', run: () => import('./reconcile.ts') },
  commands: { about: 'list what operators changed', run: () => import('./commands.ts') },
  ranges: { about: 'print what directory servers publish of this deployment', run: () => import('./ranges.ts') },
  challenge: { about: 'print and verify the evidence of a payment for a dispute', run: () => import('./challenge.ts') },
  explain: { about: 'say why a payment was challenged, refused or let pass', run: () => import('./explain.ts') },
  areq: { about: 'check EMV 3DS messages', run: () => import('./areq.ts') },
  risk: { about: 'check, try, sign and activate risk policies', run: () => import('./risk.ts') },
  av: { about: 'verify an authentication value', run: () => import('./av.ts') },
}

const lines = Object.entries(commands).map(([name, { about }]) => `    ${name.padEnd(10)}${about}`)
const usage = `safekey COMMAND …\n${lines.join('\n')}\n    safekey COMMAND --help says how each is used; docs/operations.md.`

const [node = '', script = '', name = '--help', ...rest] = process.argv
if (['--help', '-h', 'help'].includes(name)) console.log(usage)
else {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) {
    process.argv = [node, script, ...rest]
    await command.run()
  } else {
    console.error(usage)
    process.exitCode = 1
  }
}
