import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { ClosingLine } from './test/support/closing-line.ts'
import { LongestFirst } from './test/support/longest-first.ts'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts', 'bench/**/*.test.ts'],
    // A process loads the product once, and not again for each file: nothing here leaves anything behind that another file would see.
    isolate: false,
    // Node loads the source as it does for users, and nothing of it is rewritten: calls between rewritten modules cost a quarter more.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    sequence: { sequencer: LongestFirst },
    globalSetup: ['test/support/temporary-root.ts', 'test/support/bundled-programs.ts'],
    setupFiles: ['test/support/seed.ts'],
    // More than there are processors: most files wait for children, disks and timers now and then.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    // Compiled code for the processes that tests start: what is left of loading is mostly that.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'compiled') },
    // For what hangs; a slow machine is no failure.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: ['default', new ClosingLine()],
  },
})
