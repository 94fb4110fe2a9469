import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

test('what was used before is not tried beside what is recalled: only what nobody knows anything of', async () => {
  const { autodidact } = await opened({ seed: 1, withholding: 0.5 })
  await autodidact.remember({ id: 'best', content: 'Refunds above 100 need a second signature, and refunds above 100 are signed by who signs refunds.' })
  await autodidact.remember({ id: 'used', content: 'Refunds above 100 need a stamp.' })
  await autodidact.remember({ id: 'new', content: 'Refunds above 100 need a form.' })
  await autodidact.knowledge.use('used', { success: true })
  const shown = new Set<string>()
  for (let run = 0; run < 40; run += 1) for (const { id } of (await autodidact.advise('who signs refunds above 100', { recall: { limit: 1 } })).items) shown.add(id)
  expect([...shown].toSorted()).toEqual(['best', 'new'])
})
