import { expect, test } from 'vitest'
import { execute } from './harness/execute.ts'
import { bench } from './self-recall.bench.ts'

test('every item that is left finds itself', async () => {
  const { result, table } = await execute(bench, { seeds: 1, flags: { items: 300 } })
  expect(result).toMatchObject({ share: 1 })
  expect(table.rows).toHaveLength(2)
})
