import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import { doubtedOf, sourceText } from './sources.ts'

test('sources that others judged are listed, the worst first, and those that are doubted are told of', async () => {
  const { autodidact } = await opened()
  await autodidact.remember({ id: 'rule', content: 'Refunds above 100 need a second signature.', source: 'handbook' })
  await autodidact.remember({ id: 'rumour', content: 'Refunds need no signature.', source: 'forum', trust: 'imported' })
  await autodidact.remember({ id: 'unheard', content: 'Refunds are paid on Mondays.', source: 'letter' })
  expect((await autodidact.report()).sources).toEqual([])
  for (const success of [true, false, true, false, true, false, true, false, true, false]) {
    await autodidact.record({ task: 'refund order 7', used: [success ? 'rule' : 'rumour'], outcome: { success, judge: 'check' } })
  }
  const { sources } = await autodidact.report()
  expect(sources.map(({ name }) => name)).toEqual(['forum', 'handbook'])
  const [doubted, ...others] = doubtedOf(sources)
  expect(others).toEqual([])
  expect(doubted === undefined ? '' : sourceText(doubted)).toMatch(/source forum .* 0 % .*\(5\).* 86 % of the rest/)
})
