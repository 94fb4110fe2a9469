import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { root } from './entries.ts'

/** What takes longest, and would be waited for alone if it began last. */
const longest: readonly string[] = [
  'test/faults/hostile-commands.test.ts', 'src/explain/truth.test.ts', 'test/faults/hostile.test.ts', 'test/names.test.ts', 'test/faults/kills.test.ts',
  'src/report/recommendations/chance.test.ts', 'src/evaluate/evaluate.test.ts', 'src/copy/copy.test.ts', 'test/faults/hostile-patterns.test.ts', 'test/faults/folder.test.ts',
  'test/faults/erasing.test.ts', 'src/cli/cli.test.ts', 'test/examples.test.ts', 'src/storage/sqlite/sqlite-storage.test.ts', 'src/evaluate/experiments/experiments.test.ts',
  'src/testing/policy-contract.test.ts', 'src/forget/scan.test.ts', 'test/faults/input.test.ts', 'test/faults/hostile-agents.test.ts', 'bench/forget.test.ts', 'bench/speed.test.ts',
]

const place = ({ moduleId }: TestSpecification): number => {
  const found = longest.indexOf(relative(root, moduleId))
  return found === -1 ? longest.length : found
}

/** Begins with the files that take longest, also where no run before has measured them; the others as Vitest does. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((left, right) => place(left) - place(right))
  }
}
