import { readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { autodidactHere } from '../../../test/support/command-line.ts'
import { temporaryFile } from '../../../test/support/instance.ts'

const inFile = () => {
  const file = temporaryFile()
  const say = async (...words: readonly string[]) => autodidactHere(['knowledge', ...words, '--file', file], { cwd: dirname(file) })
  return { say, json: async (...words: readonly string[]): Promise<unknown> => JSON.parse((await say(...words, '--json')).stdout) }
}

test('an item is added, changed, compared, brought back, used, voted on and put away from a shell', async () => {
  const { say, json } = inFile()
  const added = await json('add', '[RESPONSE_PRINCIPLE|0.9] Be concise.', '--by', 'ada', '--tag', 'style')
  expect(added).toMatchObject({ status: 'stored', flags: [], state: 'experimental' })
  const { id } = added as { id: string }
  expect(await json('list', '--kind', 'RESPONSE_PRINCIPLE')).toMatchObject([{ id, score: 0.9, content: 'Be concise.', tags: ['style'] }])
  expect(await json('update', id, 'Be brief.', '--by', 'grace', '--reason', 'Shorter.')).toMatchObject({ id: `${id}@2` })
  expect((await say('history', id)).stdout).toMatch(/version 1.*by ada[\s\S]*version 2.*by grace[\s\S]*Shorter\./)
  expect((await say('diff', id)).stdout).toMatch(/content\n {2}- Be concise\.\n {2}\+ Be brief\./)
  await say('revert', id, '--number', '1')
  expect(await json('show', id)).toMatchObject({ number: 3, content: 'Be concise.' })
  await say('use', id, '--failed')
  await say('use', id)
  expect((await say('show', id)).stdout).toMatch(/2 uses, surely \d+ % good/)
  expect(await json('vote', id, '--by', 'linus')).toEqual({ useful: 1, notUseful: 0 })
  expect((await say('vote', id, '--by', 'ada')).stderr).toMatch(/nobody votes on what is their own/)
  expect(await json('move', id, 'archived', '--by', 'ada')).toMatchObject({ state: 'archived' })
  expect(await json('list', '--state', 'experimental')).toEqual([])
})

test('what says nearly the same is proposed and merged, and what nobody uses is put away', async () => {
  const { say, json } = inFile()
  for (const end of ['.', ' first.', ' at all.']) await say('add', `Refunds above one hundred euro need a second signature of the finance team${end}`)
  await json('add', 'Refunds above one hundred euro need a second signature of the finance team today')
  const [proposal] = (await json('consolidate')) as readonly { readonly merge: readonly unknown[] }[]
  expect(proposal?.merge.length).toBeGreaterThan(0)
  expect((await say('consolidate', '--apply')).stdout).toMatch(/merged/)
  expect(await json('consolidate')).toEqual([])
  expect(await json('prune', '--unused-days', '0', '--dry-run')).toMatchObject({ status: 'dry-run' })
  expect((await say('prune')).stdout).toMatch(/^0 items archived/)
})

test.each([
  [['show'], /Name the item: autodidact knowledge show ID/],
  [['show', 'nothing'], /There is no knowledge "nothing"/],
  [['revert', 'x'], /--number N/],
  [['vote', 'x'], /--by NAME/],
  [['sing'], /must be one of add, update, list/],
])('%j is refused with what to do', async (words, message) => {
  const { say } = inFile()
  await say('add', 'Something.')
  const { code, stderr } = await say(...words)
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
})

test('items go from one file to another, as JSON and as Markdown', async () => {
  const [here, there, third] = [inFile(), inFile(), inFile()]
  await here.say('add', 'Refund at once.', '--title', 'Refunds')
  await here.say('add', 'Ship on Mondays.')
  const markdown = temporaryFile().replace(/[^/]*$/, 'knowledge.md')
  expect((await here.say('export', markdown)).stdout).toBe(`written to ${markdown}\n`)
  writeFileSync(markdown, readFileSync(markdown, 'utf8').replace('\nRefund at once.', '\nRefund within a day.'))
  expect(await there.json('import', markdown, '--dry-run')).toMatchObject({ status: 'dry-run', stored: 2, versions: 3 })
  expect((await there.say('import', markdown)).stdout).toMatch(/2 new items imported, 0 with new versions, 0 were there, 0 refused/)
  expect(await there.json('list')).toMatchObject([{ content: 'Ship on Mondays.' }, { content: 'Refund within a day.', source: 'import knowledge.md', trust: 'imported' }])
  const json = temporaryFile().replace(/[^/]*$/, 'knowledge.json')
  await there.say('export', json)
  writeFileSync(json, readFileSync(json, 'utf8').replace('"kind":"solution"', '"kind":7'))
  expect(await third.say('import', json, '--trusted')).toMatchObject({ code: 1, stdout: expect.stringMatching(/1 new item imported.*1 refused\n.*INVALID_INPUT/) as unknown })
  expect(await third.say('import', 'nowhere.json')).toMatchObject({ code: 1, stderr: expect.stringMatching(/CANNOT_OPEN/) as unknown })
  expect(await third.say('import')).toMatchObject({ code: 2 })
})
