import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { autodidactHere } from '../../../test/support/command-line.ts'
import { temporaryFile } from '../../../test/support/instance.ts'

const inFile = () => {
  const file = temporaryFile()
  const here = (...words: readonly string[]) => autodidactHere([...words, '--file', file], { cwd: dirname(file) })
  const say = (...words: readonly string[]) => here('preferences', ...words)
  return { here, say, json: async (...words: readonly string[]): Promise<unknown> => JSON.parse((await say(...words, '--json')).stdout) }
}

test('a preference is stated, shown in advice, listed and taken back from a shell', async () => {
  const { here, say, json } = inFile()
  expect(await json('set', 'ada', 'tone', 'Short answers.')).toMatchObject({ user: 'ada', name: 'tone', status: 'stored' })
  expect(await json('set', 'ada', 'tone', 'Short answers.')).toMatchObject({ status: 'unchanged' })
  expect(await json('set', 'ada', 'editor', '--point', 'editor', '--option', 'vim', '--strength', '1')).toMatchObject({ status: 'stored' })
  expect(await json('list', 'ada')).toMatchObject([{ name: 'tone', value: 'Short answers.' }, { name: 'editor', value: { point: 'editor', option: 'vim', strength: 1 } }])
  expect((await say('list', 'ada')).stdout).toMatch(/tone[\s\S]*Short answers\.[\s\S]*vim at editor, in a share of 1/)
  const advised = await here('advise', 'Open it', '--user', 'ada', '--choices', '{"editor": ["emacs", "vim"]}', '--json')
  expect(JSON.parse(advised.stdout)).toMatchObject({ choose: { editor: 'vim' }, prompt: expect.stringContaining('Short answers.') })
  expect((await say('unset', 'ada', 'tone')).stdout).toMatch(/stored: tone/)
  expect((await say('list', 'grace')).stdout).toMatch(/There is none/)
})

test.each([
  [['sing', 'ada'], /no action "sing"[^]*list, set, unset/],
  [[], /Name an action/],
  [['set', 'ada', 'tone', 'Short', 'answers.'], /Too many arguments[^]*quotes[^]*preferences set --help/],
  [['unset', 'ada', 'tone', 'Short.'], /Too many arguments/],
  [['list', 'ada', 'tone'], /Too many arguments/],
  [['list'], /Missing required argument 'user'[^]*preferences list --help/],
  [['set', 'ada'], /Missing required argument 'name'/],
  [['list', 'ada', '--point', 'p'], /Unknown option '--point'/],
  [['unset', 'ada', 'tone', '--strength', '1'], /Unknown option '--strength'/],
  [['set', 'ada', 'tone'], /Say what is preferred/],
  [['set', 'ada', 'tone', 'Short.', '--point', 'p'], /Say what is preferred/],
  [['set', 'ada', 'tone', '--point', 'p'], /Name the option with --option/],
  [['set', 'ada', 'tone', '--point', 'p', '--option', 'o', '--strength', '2'], /strength/],
  [['set', 'ada', 'tone', '--point', 'p', '--option', 'o', '--strength', 'much'], /must be a number/],
  [['set', 'ada', 'tone', '   '], /empty/],
  [['unset', '', 'tone'], /user[^]*empty/],
])('%j is refused with what to do', async (words, message) => {
  const { say } = inFile()
  await say('set', 'grace', 'tone', 'Any.')
  const { code, stderr } = await say(...words)
  expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
})
