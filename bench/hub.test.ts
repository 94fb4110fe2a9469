import { expect, test } from 'vitest'
import { execute } from './harness/execute.ts'
import { judged, linesOf } from './harness/hub-lines.ts'
import { bench } from './hub.bench.ts'

test('everybody is told everything, in order, also the slow and the killed', async () => {
  const { result, table } = await execute(bench, { seeds: 1, flags: { messages: 30, subscribers: 8, seconds: 2, slow: 40, idle: 1 } })
  expect(result).toMatchObject({ delivered: 1, inOrder: 1, doubled: 0, messages: 30, subscribers: 8 })
  expect(table.rows).toHaveLength(8)
})

test('what was missed, out of order, doubled or repeated is counted', () => {
  const lines = linesOf('delivered a 1 5\nacknowledged a 1 0\ndelivered a 3 5\ndelivered a 1 5\ndelivered a 3 7\ndelivered a 2 1\ndelivered a 4')
  expect(judged(lines, ['1', '2', '3', '4'])).toEqual({ delivered: 0.75, inOrder: false, doubled: 1, repeated: 1 })
  expect(judged(linesOf('delivered a 1 5\ndelivered a 2 5\n'), ['1', '2'])).toEqual({ delivered: 1, inOrder: true, doubled: 0, repeated: 0 })
})
