import { defineBench, number } from './harness/bench.ts'
import { sqliteBaseline } from './harness/sqlite-baseline.ts'

export const bench = defineBench({
  name: 'storage-baseline',
  summary: 'bare node:sqlite on this machine: inserts, transactions and point reads',
  flags: {
    calls: number(5000, 'calls per figure'),
    payload: number(300, 'characters of a row'),
  },
  run: async ({ flags, progress }) => {
    const { insert, insertFull, insertHundred, read } = await sqliteBaseline({ ...flags, progress })
    return {
      insertP50Ms: insert.p50Ms,
      insertP95Ms: insert.p95Ms,
      insertFullP50Ms: insertFull.p50Ms,
      insertFullP95Ms: insertFull.p95Ms,
      insertHundredP50Ms: insertHundred.p50Ms,
      insertHundredP95Ms: insertHundred.p95Ms,
      rowsPerSecond: 100_000 / insertHundred.p50Ms,
      readP50Ms: read.p50Ms,
      readP95Ms: read.p95Ms,
      ...flags,
    }
  },
  table: (result) => ({
    head: ['operation', 'p50 ms', 'p95 ms'],
    rows: [
      ['insert one row, NORMAL', result.insertP50Ms, result.insertP95Ms],
      ['insert one row, FULL', result.insertFullP50Ms, result.insertFullP95Ms],
      ['insert 100 rows, NORMAL', result.insertHundredP50Ms, result.insertHundredP95Ms],
      ['read one row', result.readP50Ms, result.readP95Ms],
    ],
  }),
})
