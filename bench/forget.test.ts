import { expect, test } from 'vitest'
import { execute } from './harness/execute.ts'
import { bench } from './forget.bench.ts'

test('what is forgotten leaves no word, and no trace in what was learned', async () => {
  const { result, table } = await execute(bench, { seeds: 2, flags: { runs: 100 } })
  expect(result).toMatchObject({ residue: 0, statesEqual: true, scanFound: 0, pendingAtFirst: 2, untaught: 0 })
  expect(Reflect.get(result, 'before')).toBeGreaterThan(100)
  expect(Reflect.get(result, 'offers')).toBeGreaterThan(10)
  expect(table.rows).toHaveLength(11)
})
