import { userInfo } from 'node:os'

/** Who types, if they do not say: the system's name of the account. */
export function operatorName(): string {
  try {
    return userInfo().username
  } catch {
    // A container may run under a number that has no name.
    return 'unnamed'
  }
}
