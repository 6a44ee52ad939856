import postgres from 'postgres'

/**
 * The grants of the run-time role when another role owns the tables. It may only read the audit log and append to it.
 */
function grantsFor(role: string): string[] {
  return [
    `grant usage on schema public to ${role}`,
    `grant select, insert, update, delete on all tables in schema public to ${role}`,
    `revoke update, delete on audit_events, audit_subjects from ${role}`,
    `revoke insert, update, delete on audit_retention from ${role}`,
    // It makes and drops partitions by these functions alone, and reaches their rows through the tables alone.
    `revoke all on schema partitions from ${role}`,
    `grant execute on function purge_audit_events(integer), drop_partition(text) to ${role}`,
    `grant execute on function make_partition(text, timestamp with time zone) to ${role}`,
  ]
}

/** Lets the role of `runTimeURL` use the tables that the role of `ownerURL` owns. Idempotent. */
export async function grantRunTime(ownerURL: string, runTimeURL: string): Promise<void> {
  const [owner, runTime] = [connect(ownerURL), connect(runTimeURL)]
  try {
    const [row] = await runTime<{ role: string; quoted: string }[]>`
      select current_user as role, quote_ident(current_user) as quoted`
    const [own] = await owner<{ role: string }[]>`select current_user as role`
    if (!row || row.role === own?.role) return
    // In one transaction, so that the role can never change the audit log in between.
    await owner.begin(async sql => {
      for (const grant of grantsFor(row.quoted)) await sql.unsafe(grant)
    })
  } finally {
    await Promise.all([owner.end({ timeout: 5 }), runTime.end({ timeout: 5 })])
  }
}

function connect(url: string): postgres.Sql {
  return postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10, fetch_types: false })
}
