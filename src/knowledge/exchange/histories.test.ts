import { expect, test } from 'vitest'
import { opened } from '../../../test/support/instance.ts'

test('a file that lacks the present version of an item appends nothing behind it', async () => {
  const { autodidact: there } = await opened()
  const { autodidact: here } = await opened()
  await there.remember({ id: 'k', content: 'one' })
  await here.knowledge.import(await there.knowledge.export(), { trusted: true })
  await here.knowledge.update('k', { content: 'two, as it is said here' })
  await there.knowledge.update('k', { content: 'two' })
  await there.knowledge.update('k', { content: 'three' })
  // What was forgotten there is in no file.
  await there.forget({ facts: ['k@2'] })
  expect((await there.knowledge.history('k')).map(({ number }) => number)).toEqual([1, 3])
  expect(await here.knowledge.import(await there.knowledge.export(), { trusted: true })).toMatchObject({ extended: 0, failed: 1, problems: [{ id: 'k', code: 'CONFLICT' }] })
  expect((await here.knowledge.history('k')).map(({ content }) => content)).toEqual(['one', 'two, as it is said here'])
})
