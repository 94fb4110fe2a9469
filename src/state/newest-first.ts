import type { Fact, FactKind } from '../log/fact.ts'
import { cursorAfter, type Storage } from '../storage/storage.ts'

/** Places of the log that are read at once, at first and at most: whoever wants a few finds them soon, and a rare kind does not take thousands of reads. */
const [firstStretch, longestStretch] = [1_000, 32_000]

/** The facts of some kinds from the end of the log to its beginning, in stretches that may be empty. What is written meanwhile is not among them. */
export async function* newestFirst(storage: Storage, namespace: string, kinds: readonly FactKind[]): AsyncGenerator<readonly Fact[], void, undefined> {
  let before = (await storage.head(namespace)).sequence + 1
  for (let stretch = firstStretch; before > 1; stretch = Math.min(longestStretch, 2 * stretch)) {
    const after = Math.max(0, before - 1 - stretch)
    const facts: Fact[] = []
    for await (const page of storage.read(cursorAfter(after), { namespace, kinds, before })) facts.push(...page)
    yield facts.reverse()
    before = after + 1
  }
}
