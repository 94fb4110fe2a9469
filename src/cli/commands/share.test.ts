import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { autodidactHere } from '../../../test/support/command-line.ts'
import { temporaryFile } from '../../../test/support/instance.ts'

const inFile = () => {
  const file = temporaryFile()
  const here = (...words: readonly string[]) => autodidactHere([...words, '--file', file], { cwd: dirname(file) })
  const say = (...words: readonly string[]) => here('share', ...words)
  return { here, say, json: async (...words: readonly string[]): Promise<unknown> => JSON.parse((await say(...words, '--json')).stdout) }
}

test('what was shared is looked at, answered, viewed and applied from a shell', async () => {
  const { here, say, json } = inFile()
  await say('Why does the build hang?', '--kind', 'question', '--author', 'tester', '--id', 'question-1', '--channel', 'debugging')
  await say('Delete build.lock.', '--answers', 'questio', '--author', 'coder', '--id', 'answer-1')
  expect(await json('answers', 'question-1')).toMatchObject([{ id: 'answer-1', content: 'Delete build.lock.' }])
  expect((await say('answers', 'question-1')).stdout).toContain('Delete build.lock.')
  await say('tell', 'Cache the modules.', '--author', 'coder', '--id', 'cached', '--priority', 'high')
  expect(await json('recent', 'tester', '--priority', 'high')).toMatchObject([{ id: 'cached' }])
  expect(await json('recent', 'tester', '--kind', 'question', '--kind', 'answer', '--limit', '1')).toMatchObject([{ id: 'answer-1' }])
  expect(await json('view', 'cached', 'tester')).toMatchObject({ id: 'cached', viewed: 1 })
  expect(await json('applied', 'cached', 'tester')).toEqual({ item: 'cached', agent: 'tester', counted: true })
  expect((await say('applied', 'cached', 'tester')).stdout).toMatch(/^counted before/)
  expect(((await json('popular')) as { id: string }[])[0]?.id).toBe('cached')
  expect(await json('popular', '--channel', 'debugging', '--for', 'tester')).toHaveLength(2)
  expect(await json('channels')).toEqual(expect.arrayContaining([expect.objectContaining({ name: 'debugging', items: 2 })]))
  await here('subscribe', 'tester', '--no-wait', '--channel', 'debugging')
  expect(await json('subscriptions')).toMatchObject([{ name: 'tester', agent: 'tester', channels: ['debugging'] }])
  expect((await say('subscriptions', 'coder')).stdout).toBe('There is none.\n')
  expect((await say('unsubscribe', 'tester')).stdout).toBe('tester is told nothing more\n')
  expect(await json('unsubscribe', 'tester')).toEqual({ name: 'tester', removed: false })
  expect(await json('unsubscribe', 'tester', '--agent', 'nobody')).toEqual({ name: 'tester', removed: false })
})

test('a question that was asked before is answered from a shell, and whoever asked again is told later answers', async () => {
  const { here, say, json } = inFile()
  const asked = ['Why does the build hang?', '--kind', 'question'] as const
  expect(await json(...asked, '--author', 'tester', '--id', 'hanging')).toMatchObject({ status: 'stored', answers: [] })
  await say('Delete build.lock.', '--answers', 'hanging', '--author', 'coder')
  expect(await json(...asked, '--author', 'reviewer')).toMatchObject({ status: 'known', id: 'hanging', answers: [{ content: 'Delete build.lock.' }] })
  expect((await say(...asked, '--author', 'clerk')).stdout).toMatch(/^known: hanging\n[^]*Delete build\.lock\./)
  await here('subscribe', 'reviewer', '--no-wait', '--channel', 'code')
  await say('Restart the daemon.', '--answers', 'hanging', '--author', 'coder')
  expect((await here('subscribe', 'reviewer', '--no-wait')).stdout).toContain('Restart the daemon.')
})

test.each([
  [[], /It says nothing/],
  [['x', '--least', '1'], /[Uu]nknown option '--least'/],
  [['answers'], /[Mm]issing required argument 'id'/],
  [['answers', 'nothing'], /UNKNOWN_ID.*`autodidact share recent AGENT`/],
  [['recent'], /[Mm]issing required argument 'agent'/],
  [['recent', 'a', '--to', 'b'], /[Uu]nknown option '--to'/],
  [['view', 'nothing', 'a'], /UNKNOWN_ID/],
  [['applied', 'nothing'], /[Mm]issing required argument 'agent'/],
  [['channels', 'x'], /[Tt]oo many arguments/],
])('%j is refused with what to do', async (words, message) => {
  const { say } = inFile()
  await say('Something.')
  const { code, stderr } = await say(...words)
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
})
