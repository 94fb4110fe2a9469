import { SingleBar } from 'cli-progress'
import Table3 from 'cli-table3'
import type { Progress, Table } from './bench.ts'

/** A bar on standard error, where it does not mix with results; silent when that is not a terminal. */
export const progressBar = (): Progress & { stop(): void } => {
  const bar = new SingleBar({
    format: '{label} [{bar}] {value}/{total} {duration_formatted}',
    stream: process.stderr,
    noTTYOutput: false,
    hideCursor: true,
    clearOnComplete: true,
  })
  let running = false
  return {
    start: (total, label = '') => {
      if (running) bar.stop()
      running = true
      bar.start(total, 0, { label })
    },
    advance: (by = 1) => {
      if (running) bar.increment(by)
    },
    stop: () => {
      if (running) bar.stop()
      running = false
    },
  }
}

const significant = (value: number): string => {
  // Not measured, or not to be had of so few.
  if (Number.isNaN(value)) return '–'
  if (Number.isInteger(value)) return value.toLocaleString('en')
  return Math.abs(value) >= 1000 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

/** A table for a terminal: numbers at the right, with three significant digits. */
export const drawTable = ({ head, rows }: Table): string => {
  const numeric = head.map((_, column) => rows.some((row) => typeof row[column] === 'number'))
  const table = new Table3({ head: [...head], colAligns: numeric.map((is) => (is ? 'right' : 'left')), style: { head: [], border: [] } })
  for (const row of rows) table.push(row.map((cell) => (typeof cell === 'number' ? significant(cell) : cell)))
  return table.toString()
}
