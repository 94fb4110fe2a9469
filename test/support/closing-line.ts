import { existsSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'
import { dataRoot } from './data.ts'

/**
 * Ends the output with `N passed, N failed, N skipped`, alone on its line, for `.ci/run` and people in a hurry. A file that could not
 * even be loaded counts as failed. Tests skip for one reason only, which is said above that line: the shared data is not there.
 */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      let failures = 0
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state === 'pending') count.skipped += 1
        else count[state] += 1
        if (state === 'failed') failures += 1
      }
      // Errors outside tests: a file that does not load, a hook that throws.
      if (module.state() === 'failed' && failures === 0) count.failed += 1
    }
    if (count.skipped > 0 && !existsSync(dataRoot)) process.stdout.write(`${count.skipped} skipped because there is no data folder ${dataRoot} (AUTODIDACT_DATA names another)\n`)
    process.stdout.write(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`)
  }
}
