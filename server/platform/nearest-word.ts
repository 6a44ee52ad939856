/** The known word that was probably meant: at most a third of its letters differ. Undefined if no word is near. */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  const [nearest] = known
    .map(candidate => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)
  return nearest?.candidate
}

/** Number of letters to add, remove or replace (Levenshtein). */
function editDistance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, column) => column)
  for (const [index, letter] of [...one].entries()) {
    let diagonal = row[0] ?? 0
    const next = [index + 1]
    for (const [column, otherLetter] of [...other].entries()) {
      const above = row[column + 1] ?? 0
      const exchanged = diagonal + (letter === otherLetter ? 0 : 1)
      next.push(Math.min(exchanged, above + 1, (next[column] ?? 0) + 1))
      diagonal = above
    }
    row = next
  }
  return row.at(-1) ?? 0
}
