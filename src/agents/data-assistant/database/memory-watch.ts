import { outOfMemorySignal } from './query-limits.ts'

/**
 * A thread of the child process that ends the process when a query makes it grow too large: SQLite sorts and gathers in memory, cannot be interrupted from
 * JavaScript meanwhile, and Node builds it without the accounting that `PRAGMA hard_heap_limit` needs.
 */

/** Most memory of the whole process in bytes: several times the largest result, which is there as rows and once more on its way, and room to sort. */
const maximumBytes = 512 * 2 ** 20

/** A query fills a gigabyte a second at most: some ten megabytes from one look to the next. */
const everyMs = 10

setInterval(() => {
  if (process.memoryUsage.rss() > maximumBytes) process.kill(process.pid, outOfMemorySignal)
}, everyMs)
