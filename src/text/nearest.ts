/** More letters that are wrong, missing, too many or swapped make another name. */
const mostDifferent = 3

/** Of longer names only the capitals are compared: ids are not typed by hand. */
const longest = 64

const folded = (name: string): string => name.normalize('NFKC').toLowerCase().trim()

/** Letters to change, add, take out or swap with the next one until two texts are equal (optimal string alignment). */
const distance = (left: string, right: string): number => {
  let [beforeLast, last] = [new Array<number>(), Array.from({ length: right.length + 1 }, (_, at) => at)]
  for (let row = 1; row <= left.length; row += 1) {
    const next = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1]
      const swapped = row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      next.push(
        Math.min(
          (last[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + Number(!same), swapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    ;[beforeLast, last] = [last, next]
  }
  return last[right.length] ?? 0
}

/** The name that was probably meant: spelled the same but for capitals, or else nearly the same. */
export const nearestName = (given: string, known: Iterable<string>): string | undefined => {
  const wanted = folded(given)
  let best: string | undefined
  // Of a short name most letters must be right.
  let fewest = Math.min(mostDifferent, Math.floor(wanted.length / 2)) + 1
  for (const name of known) {
    const candidate = folded(name)
    if (candidate === wanted) return name
    if (Math.max(candidate.length, wanted.length) > longest || Math.abs(candidate.length - wanted.length) >= fewest) continue
    const differences = distance(wanted, candidate)
    if (differences < fewest) [best, fewest] = [name, differences]
  }
  return best
}
