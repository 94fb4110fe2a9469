import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

test('what is merged keeps the evidence of every version of every item', async () => {
  const { autodidact } = await opened()
  const runs: string[] = []
  for (const task of ['one', 'two', 'three']) runs.push((await autodidact.record({ task, success: true })).run)
  const content = 'Refunds above one hundred euro need a second signature'
  const [first = '', second = '', third = ''] = runs
  await autodidact.remember({ id: 'a', content, evidence: [first] })
  await autodidact.remember({ id: 'b', content: `${content}!`, evidence: [second], tags: ['money'] })
  await autodidact.knowledge.update('b', { evidence: [third] })
  const [proposal] = await autodidact.knowledge.consolidate()
  expect(proposal?.evidence.toSorted()).toEqual(runs.toSorted())
  await autodidact.knowledge.merge(proposal ?? { keep: { id: 'a', number: 1, text: '' }, merge: [] })
  expect((await autodidact.knowledge.get(proposal?.keep.id ?? ''))?.evidence).toEqual(expect.arrayContaining(runs))
})
