import { withInstallation } from './installation.ts'

// Opening the installation migrates it.
await withInstallation(async () => {
  console.log('The database has the newest schema.')
  return 0
})
