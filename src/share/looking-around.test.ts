import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import type { Message } from './message.ts'
import type { Subscription } from './subscription.ts'

const told = async (subscription: Subscription): Promise<Message[]> => {
  const messages: Message[] = []
  for await (const message of subscription.pending()) messages.push(message)
  return messages
}

describe('popular', () => {
  test('is what has more votes for than against it, where an agent that applied it counts like two', async () => {
    const { autodidact } = await opened()
    for (const id of ['applied', 'liked', 'disputed']) await autodidact.share({ id, author: 'coder', content: `What is ${id}.` })
    const vote = async (id: string, useful: number, useless: number): Promise<void> => {
      for (let voter = 0; voter < useful + useless; voter += 1) await autodidact.knowledge.vote(id, { voter: `voter ${voter}`, useful: voter < useful })
    }
    await vote('applied', 1, 0)
    await autodidact.channels.applied('applied', 'tester')
    await vote('liked', 2, 0)
    await vote('disputed', 4, 3)
    expect((await autodidact.channels.popular()).map(({ id }) => id)).toEqual(['applied', 'liked', 'disputed'])
  })

  test('is, of what is equal, what more agents looked at, and then what came later', async () => {
    const { autodidact } = await opened()
    for (const id of ['seen', 'early', 'late']) await autodidact.share({ id, author: 'coder', content: `What is ${id}.` })
    await autodidact.channels.view('seen', 'tester')
    expect((await autodidact.channels.popular()).map(({ id }) => id)).toEqual(['seen', 'late', 'early'])
  })
})

test('an answer for some is told to them and to whoever gave it, whoever may see the question', async () => {
  const { autodidact } = await opened()
  await autodidact.channels.ask({ id: 'q', author: 'tester', content: 'Where is the key?' })
  await autodidact.channels.answer('q', { id: 'secret', author: 'coder', targets: ['tester'], content: 'Under the mat.' })
  await autodidact.channels.answer('q', { id: 'open', author: 'coder', content: 'Ask the porter.' })
  const answersFor = async (reader?: string) => (await autodidact.channels.answers('q', reader === undefined ? {} : { for: reader })).map(({ id }) => id).toSorted()
  expect([await answersFor('tester'), await answersFor('coder')]).toEqual([['open', 'secret'], ['open', 'secret']])
  expect([await answersFor('reviewer'), await answersFor()]).toEqual([['open'], ['open']])
})

test('what has no priority is told to whoever wants at least medium, and not above', async () => {
  const { autodidact } = await opened()
  const [medium, high] = [await autodidact.channels.subscribe('coder', { leastPriority: 'medium' }), await autodidact.channels.subscribe('tester', { leastPriority: 'high' })]
  await autodidact.remember({ id: 'k', channel: 'code', content: 'Rebase before you push.' })
  expect([await told(medium), await told(high)]).toMatchObject([[{ id: 'k' }], []])
})

test('of several acknowledgements at once the latest place is kept, in whatever order they are said', async () => {
  const { autodidact } = await opened()
  const subscription = await autodidact.channels.subscribe('tester')
  for (const id of ['a', 'b', 'c']) await autodidact.share({ id, author: 'coder', content: `What is ${id}.` })
  const [first, second, third] = await told(subscription)
  if (first === undefined || second === undefined || third === undefined) throw new Error('Not everything was told.')
  // The first is being kept while the others are said.
  await Promise.all([first, third, second].map((message) => message.acknowledge()))
  expect(await told(await autodidact.channels.subscribe('tester'))).toEqual([])
})
