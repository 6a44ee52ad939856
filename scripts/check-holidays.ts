import { holidaysKnownUntil } from '#domain/contact/business-days.ts'

// A mobile number becomes effective on a business day: this warns before the list of holidays runs out.

const known = Date.parse(`${holidaysKnownUntil()}T00:00:00Z`)
const year = 365 * 24 * 60 * 60 * 1000
if (!(known - Date.now() > year)) {
  console.warn(`National holidays are known until ${holidaysKnownUntil()} only: update @holiday-jp/holiday_jp`)
}
