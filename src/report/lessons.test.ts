import { expect, test } from 'vitest'
import { seededRandom } from '../decide/random.ts'
import { opened } from '../../test/support/instance.ts'

test('the lessons that pay are named, those that hurt after them, and none where nothing was left out', async () => {
  const { autodidact } = await opened({ seed: 3, withholding: 0.4 })
  expect((await autodidact.report()).lessons).toEqual([])
  const random = seededRandom(7)
  await autodidact.remember({ id: 'sign', title: 'Signatures', content: 'Refunds above 100 need a second signature.' })
  await autodidact.remember({ id: 'wire', content: 'Invoices are paid by wire before they are checked.' })
  for (let run = 0; run < 400; run += 1) {
    for (const [id, task, effect] of [['sign', 'who signs refunds above 100', 0.4], ['wire', 'how are invoices paid before they are checked', -0.4]] as const) {
      const recall = { kinds: ['knowledge'] as const, knowledge: { states: ['experimental', 'validated', 'deprecated'] as const } }
      const advice = await autodidact.advise(task, { run: `${id} ${run}`, recall })
      const shown = advice.items.some((item) => item.id === id)
      await autodidact.record({ advice, outcome: { success: random() < 0.5 + (shown ? effect : 0), judge: 'check' } })
    }
  }
  await autodidact.remember({ id: 'blue', title: 'Blue', content: 'Headers of summaries are blue.' })
  for (let run = 0; run < 200; run += 1) {
    const advice = await autodidact.advise('which colour have headers of summaries', { run: `blue ${run}`, recall: { kinds: ['knowledge'] } })
    await autodidact.record({ advice, outcome: { success: random() < 0.7, judge: 'check' } })
  }
  const { lessons, items } = await autodidact.report()
  // Runs that are shown it go well, and so they do without it.
  expect([items.helpful, items.harmful].map((listed) => listed.map(({ id }) => id))).toEqual([['sign'], ['wire']])
  expect(lessons).toMatchObject([
    { id: 'sign', title: 'Signatures', verdict: 'pays', state: 'validated' },
    { id: 'wire', verdict: 'hurts', state: 'deprecated' },
    { id: 'blue', verdict: 'open' },
  ])
  for (const { id, low, high, difference, offered, withheld } of lessons) {
    expect(low).toBeLessThan(difference)
    expect(high).toBeGreaterThan(difference)
    expect(offered + withheld).toBe(id === 'blue' ? 200 : 400)
  }
})
