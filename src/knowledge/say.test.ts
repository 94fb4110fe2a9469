import { expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'

test('votes, looks and applications go with the source that told them: whoever gave them, where nobody else is named', async () => {
  const { autodidact } = await opened()
  const { knowledge, channels } = autodidact
  await knowledge.add({ id: 'k', content: 'Refunds above 100 need a second signature.', author: 'ada' })
  for (const voter of ['eve', 'grace']) {
    await knowledge.vote('k', { voter, useful: voter === 'grace' })
    await channels.view('k', voter)
    await channels.applied('k', voter)
  }
  for (const voter of ['bot-1', 'bot-2']) {
    await knowledge.vote('k', { voter, useful: false, source: 'botnet' })
    await channels.view('k', voter, { source: 'botnet' })
    await channels.applied('k', voter, { source: 'botnet' })
  }
  expect(await knowledge.get('k')).toMatchObject({ votes: { useful: 1, notUseful: 3 }, viewed: 4, applied: 4 })
  await autodidact.forget({ source: 'botnet' })
  expect(await knowledge.get('k')).toMatchObject({ votes: { useful: 1, notUseful: 1 }, viewed: 2, applied: 2 })
  await autodidact.forget({ source: 'eve' })
  expect(await knowledge.get('k')).toMatchObject({ votes: { useful: 1, notUseful: 0 }, viewed: 1, applied: 1 })
})
