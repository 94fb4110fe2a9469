import { expect, test } from 'vitest'
import { bench } from './questions.bench.ts'

test('the questions bench asks four assistants the same and compares them', async () => {
  const progress = { start: () => undefined, advance: () => undefined }
  const { result, table } = await bench.execute({ flags: { limit: 40, first: 1 }, seeds: 1, progress })
  expect(result).toMatchObject({ seeds: 1, baselines: { learningOff: { wrong: 0 } } })
  expect(table.rows.map(([name]) => name)).toEqual(['to reach', 'cases', 'learningOff', 'exactMatch', 'nearestCase'])
})
