/** One value of a state that is not the same in two versions. */
export interface StateChange {
  /** Names on the way to it, such as choice point, state, option. */
  readonly path: readonly string[]
  /** Absent where it was not there. */
  readonly before?: string | number | boolean | null
  /** Absent where it is not there any more. */
  readonly after?: string | number | boolean | null
}

type Leaf = NonNullable<StateChange['before']> | null

/** All single values of plain data, by the way to them as JSON. */
const leavesOf = (value: unknown, path: readonly string[], leaves: Map<string, Leaf>): Map<string, Leaf> => {
  if (ArrayBuffer.isView(value)) return leavesOf(Array.from(value as Float64Array), path, leaves)
  if (value instanceof Map) return leavesOf(Object.fromEntries(value), path, leaves)
  if (typeof value === 'object' && value !== null) {
    for (const [name, entry] of Object.entries(value)) leavesOf(entry, [...path, name], leaves)
  } else if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') leaves.set(JSON.stringify(path), value)
  return leaves
}

const sizeOf = ({ before, after }: StateChange): number => {
  if (typeof before === 'number' && typeof after === 'number') return Math.abs(after - before)
  return typeof before === 'number' || typeof after === 'number' ? Math.abs(Number(before ?? after)) : Number.POSITIVE_INFINITY
}

/** What is not the same in two pieces of plain data, the largest change first; of equal ones, by name. Values that are no numbers come before all. */
export const differenceOf = (before: unknown, after: unknown): readonly StateChange[] => {
  const [left, right] = [leavesOf(before, [], new Map()), leavesOf(after, [], new Map())]
  const changes: StateChange[] = []
  for (const path of new Set([...left.keys(), ...right.keys()])) {
    if (left.has(path) && right.has(path) && Object.is(left.get(path), right.get(path))) continue
    const [was, is] = [left.get(path), right.get(path)]
    changes.push({ path: JSON.parse(path) as string[], ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) })
  }
  const names = new Map(changes.map((change) => [change, change.path.join('\n')]))
  const nameOf = (change: StateChange): string => names.get(change) ?? ''
  return changes.sort((one, other) => compared(sizeOf(other), sizeOf(one)) || (nameOf(one) < nameOf(other) ? -1 : 1))
}

/** The difference of two infinite numbers is none. */
const compared = (left: number, right: number): number => (left === right ? 0 : left - right)
