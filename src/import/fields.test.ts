import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import { renamed } from './fields.ts'

const renamedBy = (map: Readonly<Record<string, string>>, object: object) => renamed(object, new Map(Object.entries(map)), new Set())

describe('a field under another name', () => {
  test('takes the place of what had the name, and two may change places', () => {
    expect(renamedBy({ prompt: 'task' }, { task: 'old', prompt: 'new', other: 1 })).toEqual({ task: 'new', other: 1 })
    expect(renamedBy({ task: 'response', response: 'task' }, { task: 'a', response: 'b' })).toEqual({ task: 'b', response: 'a' })
  })

  test('may stand within another one, which keeps what else it has', () => {
    const memory = { user_input: 'hi', metrics: { takeaway: 'Be brief.', seconds: 2, deep: { note: 'x' } } }
    expect(renamedBy({ 'metrics.takeaway': 'takeaway' }, memory)).toEqual({ user_input: 'hi', metrics: { seconds: 2, deep: { note: 'x' } }, takeaway: 'Be brief.' })
    expect(renamedBy({ 'metrics.deep.note': 'takeaway' }, memory)).toEqual({ user_input: 'hi', metrics: { takeaway: 'Be brief.', seconds: 2, deep: {} }, takeaway: 'x' })
    expect(renamedBy({ metrics: 'context', 'metrics.takeaway': 'takeaway' }, memory)).toEqual({ user_input: 'hi', context: memory.metrics })
  })

  test('is a name with a dot where there is one', () => {
    expect(renamedBy({ 'a.b': 'task' }, { 'a.b': 'whole', a: { b: 'within' } })).toEqual({ task: 'whole', a: { b: 'within' } })
  })

  test.each([['nowhere.at.all'], ['a.b.c'], ['list.0'], ['__proto__.polluted'], ['constructor.name'], ['.'], ['a.']])('that is not there is none: %s', (name) => {
    const object = { a: { b: 'text' }, list: ['x'] }
    expect(renamedBy({ [name]: 'task' }, object)).toEqual(object)
  })
})

test('memories with what was learned of them in their metrics are imported', async () => {
  const { autodidact } = await opened()
  const memory = { user_input: 'What is the capital of France?', metrics: { takeaway: 'A bit wordy.', seconds: 2 }, bot_response: 'Paris.', timestamp: '2025-05-01T10:00:00Z' }
  const map = { user_input: 'task', bot_response: 'response', 'metrics.takeaway': 'takeaway', timestamp: 'occurredAt' }
  expect(await autodidact.import([JSON.stringify(memory)], { map })).toMatchObject({ stored: 1, failed: 0 })
  const { items } = await autodidact.recall('capital of France', { unverified: true })
  expect(items).toMatchObject([{ task: memory.user_input, response: 'Paris.', takeaway: 'A bit wordy.', occurredAt: Date.UTC(2025, 4, 1, 10) }])
  await autodidact.close()
})

describe('a mistake in names', () => {
  test('of a map is told with the side that is wrong', async () => {
    const { autodidact } = await opened()
    const refused = (map: Readonly<Record<string, string>>) => autodidact.import(['{"task": "x"}'], { map }).then(() => '', ({ message }: Error) => message)
    expect(await refused({ mood: 'foo' })).toMatch(/^import: map\.mood says "foo", which is no field of an episode; a map says column: field, in a shell --map column=field\. There are agent, /)
    expect(await refused({ prompt: 'tsk' })).toContain('Did you mean task?')
    expect(await refused({ task: 'prompt' })).toContain('The column comes first: { "prompt": "task" }, in a shell --map prompt=task.')
  })

  test('is told where no line has what a map names, in JSON as in a table', async () => {
    const { autodidact } = await opened()
    const lines = ['{"task": "x", "deep": {"note": 1}}\n', '{"task": "y", "late": "ada"}\n']
    expect((await autodidact.import(lines, { map: { zzz: 'takeaway', late: 'user', 'deep.no': 'response' } })).unmapped).toEqual(['zzz', 'deep.no'])
    expect(await autodidact.import(lines, { map: { late: 'user' } })).not.toHaveProperty('unmapped')
    expect(await autodidact.import(['task,who\nx,ada\n'], { map: { who: 'user' } })).not.toHaveProperty('unmapped')
    await expect(autodidact.import(['task,who\nx,ada\n'], { map: { zzz: 'user' } })).rejects.toMatchObject({ message: expect.stringContaining('"zzz", which is not there') as unknown })
    const given = new AbortController()
    const report = await autodidact.import(lines, { map: { late: 'user' }, signal: given.signal, onEpisode: () => given.abort() })
    expect([report.interrupted, report.unmapped]).toEqual([true, undefined])
  })

  test('of a field is told with the field that was probably meant', async () => {
    const { autodidact } = await opened()
    const episode = { task: 'x', sucess: true, tags: ['a'], effort: { not: 'a number' }, weather: 'rain', steps: [{ action: 'look', okay: true, acton: 1 }] }
    const { ignored, meant } = await autodidact.import([JSON.stringify(episode)])
    expect(Object.keys(ignored).toSorted()).toEqual(['effort', 'steps.acton', 'steps.okay', 'sucess', 'tags', 'weather'])
    expect(meant).toEqual({ sucess: 'success', 'steps.okay': 'steps.ok' })
  })

  test('of a line does not say that nothing was written', async () => {
    const { autodidact } = await opened()
    const { stored, problems } = await autodidact.import(['{"task": "x"}\n', '{"task": "y", "success": "Nothing was written; ha"}\n', '{"task": "z", "response": 1, "judge": 7}\n'])
    expect([stored, problems.length]).toEqual([1, 2])
    for (const { message } of problems) expect(message).toMatch(/This line was not written; correct it and import the file again\.$/)
  })
})
