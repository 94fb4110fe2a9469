import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { autodidactHere } from '../../../test/support/command-line.ts'
import { temporaryFile } from '../../../test/support/instance.ts'

const inFile = () => {
  const file = temporaryFile()
  const say = (...words: readonly string[]) => autodidactHere([...words, '--file', file], { cwd: dirname(file) })
  return { say, ids: async (...words: readonly string[]): Promise<unknown> => (JSON.parse((await say('recall', 'refund an order', ...words, '--json')).stdout) as { items: { id: string }[] }).items.map(({ id }) => id).toSorted() }
}

test('knowledge is recalled by kind, category, tag, priority, channel, state, confidence, and for whom', async () => {
  const { say, ids } = inFile()
  await say('remember', 'Refund an order by voucher.', '--id', 'plain', '--score', '0.4')
  await say('remember', 'Refund no order in cash.', '--id', 'warned', '--kind', 'warning', '--category', 'money', '--tag', 'cash', '--priority', 'high', '--channel', 'warnings')
  await say('remember', 'Refund an order of the clerk.', '--id', 'his', '--target', 'clerk')
  expect(await ids()).toEqual(['plain', 'warned'])
  for (const filter of [['--kind', 'warning'], ['--category', 'money'], ['--tag', 'cash'], ['--priority', 'high'], ['--channel', 'warnings']]) expect([filter, await ids(...filter)]).toEqual([filter, ['warned']])
  expect(await ids('--for', 'clerk')).toEqual(['his', 'plain', 'warned'])
  expect(await ids('--confidence', '0.5')).toEqual([])
  await say('knowledge', 'move', 'plain', 'archived')
  expect(await ids('--state', 'archived')).toEqual(['plain'])
  expect(await say('recall', 'x', '--state', 'lost')).toMatchObject({ code: 2, stderr: expect.stringContaining('"experimental", "validated"') as unknown })
})

test('links are followed as far as is said, and core rules come with any text', async () => {
  const { say, ids } = inFile()
  await say('remember', 'Refund an order by voucher.', '--id', 'plain', '--by', 'ada')
  await say('remember', 'Vouchers run out of paper.', '--id', 'against', '--link', 'contradicts:plain', '--by', 'ada')
  await say('remember', '[CORE_RULE|1.0] Never delete a customer.', '--id', 'core', '--by', 'ada', '--trust', 'user')
  expect(await ids()).toEqual(['against', 'plain'])
  expect(await ids('--no-follow')).toEqual(['plain'])
  expect(await ids('--follow', 'supports')).toEqual(['plain'])
  expect(await ids('--no-follow', '--follow', 'supports', '--follow', 'contradicts')).toEqual(['against', 'plain'])
  expect(await ids('--no-follow', '--rules')).toEqual(['core', 'plain'])
  expect(await say('recall', 'x', '--follow', 'likes')).toMatchObject({ code: 2, stderr: expect.stringContaining('supports, contradicts, fixes, derived-from') as unknown })
})
