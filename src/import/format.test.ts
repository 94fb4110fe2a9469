import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { asyncProperty, assert as holds, array, constantFrom, record, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { opened } from '../../test/support/instance.ts'
import type { ImportSettings } from './import.ts'
import { episodeLinesOf } from './format.ts'

/** What was recorded of a file, and what the import says of it. */
const imported = async (source: string | Uint8Array, settings?: ImportSettings) => {
  const { autodidact, facts } = await opened()
  const report = await autodidact.import([source], settings)
  const runs = (await facts('run.recorded')).map(({ data, agent, occurredAt }) => ({ task: data.task, agent, occurredAt, ...data.outcome, steps: data.steps.map(({ action }) => action) }))
  return { report, runs }
}

const cell = (text: string): string => (/[",;\t\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text)

describe('a table', () => {
  test('has a run in each row, with values of the type that the field has', async () => {
    const table = [
      'taskId,task,agent,category,success,score,durationMs,occurredAt,steps,mood',
      '1,publish the branch,coder,git,true,,1200,2025-01-02T03:04:05Z,"[{""action"":""git"",""ok"":true}]",good',
      '2,"run, and ""watch"", the',
      'tests",coder,test,No,,,1735787046000,,',
      '3,judge the text,,,,.25,,,,',
    ].join('\r\n')
    const { report, runs } = await imported(`\uFEFF${table}\r\n\r\n`)
    expect(report).toMatchObject({ episodes: 3, stored: 3, failed: 0, steps: 1, ignored: { mood: 1 } })
    expect(runs).toEqual([
      { task: 'publish the branch', agent: 'coder', occurredAt: Date.UTC(2025, 0, 2, 3, 4, 5), success: true, judge: 'host', steps: ['git'] },
      { task: 'run, and "watch", the\r\ntests', agent: 'coder', occurredAt: 1_735_787_046_000, success: false, judge: 'host', steps: [] },
      { task: 'judge the text', agent: undefined, occurredAt: expect.any(Number), score: 0.25, judge: 'host', steps: [] },
    ])
  })

  test('tells of execution patterns by the names of record, lists as JSON', async () => {
    const { autodidact, facts } = await opened()
    const table = 'task,type,effort,approach,factors,dependencies\nadd a form,feature,2.5,incremental,"[""small steps""]","[""design"",""schema""]"\n'
    expect(await autodidact.import([table])).toMatchObject({ stored: 1, failed: 0, ignored: {} })
    expect((await facts('run.recorded'))[0]?.data).toMatchObject({ type: 'feature', effort: 2.5, approach: 'incremental', factors: ['small steps'], dependencies: ['design', 'schema'] })
  })

  test('is the same as lines of JSON, however it is written', async () => {
    const texts = string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((text) => text.trim() !== '')
    await holds(
      asyncProperty(array(record({ task: texts, agent: texts }), { minLength: 1, maxLength: 5 }), constantFrom(',', ';', '\t'), constantFrom('\n', '\r\n'), async (rows, delimiter, end) => {
        const table = [['task', 'agent'], ...rows.map(({ task, agent }) => [task, agent])].map((row) => row.map(cell).join(delimiter)).join(end)
        const read = []
        for await (const { text = '' } of episodeLinesOf([gzipSync(table)])) read.push(JSON.parse(text))
        expect(read).toEqual(rows.map(({ task, agent }) => ({ task: task.toWellFormed(), agent: agent.toWellFormed() })))
      }),
      { numRuns: 50 },
    )
  })

  test('whose columns have other names is mapped', async () => {
    const table = 'prompt;ok;who\nrefund;1;ada\nmove;0;eve\n'
    const { runs } = await imported(table, { map: { prompt: 'task', ok: 'success', who: 'agent' } })
    expect(runs.map(({ task, success, agent }) => [task, success, agent])).toEqual([['refund', true, 'ada'], ['move', false, 'eve']])
    await expect(imported(table)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/"prompt", "ok", "who".*--map "prompt=task"/) })
    await expect(imported(table, { map: { prompt: 'task', okay: 'success' } })).rejects.toThrow('"okay", which is not there')
    await expect(imported(table, { map: { prompt: 'tusk' } })).rejects.toThrow('is no field of an episode')
    await expect(imported('task,task\n1,2')).rejects.toThrow('two columns are "task"')
  })

  test('with a bad row is imported without it', async () => {
    const { report, runs } = await imported('task,success\n"a\nb",true\n\nb,true,what is this\n,true\nc,maybe\nd\n')
    expect(runs.map(({ task }) => task)).toEqual(['a\nb', 'd'])
    expect(report.problems.map(({ line, message }) => [line, /3 cells|task|success/.exec(message)?.[0]])).toEqual([[5, '3 cells'], [6, 'task'], [7, 'success']])
    await expect(imported('task,success\na,true\n"b,true\n')).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('Quote Not Closed') })
    await expect(imported(Buffer.from('task,agent\nM\u00fcller,x\n', 'latin1'))).rejects.toThrow('not UTF-8')
  })
})

/** An array of more than 64 MB. */
function* large(): Generator<string> {
  yield '['
  for (let part = 0; part < 65; part += 1) yield `{"task": "${'x'.repeat(1024 * 1024)}"},`
}

describe('a JSON array', () => {
  test('has a run in each element, whose places count', async () => {
    const { report, runs } = await imported(' [\n{"task": "a", "success": true},\n {"prompt": "b"}, 7, {"task": "c"}]')
    expect([runs.map(({ task }) => task), report.problems.map(({ line }) => line)]).toEqual([['a', 'c'], [2, 3]])
    expect((await imported('[{"prompt": "b", "task": "x"}]', { map: { prompt: 'task' } })).runs).toMatchObject([{ task: 'b' }])
  })

  test('that is none, or too large, is refused whole', async () => {
    await expect(imported('[{"task": "a"}')).rejects.toThrow('begins like a JSON array and is none')
    const { autodidact } = await opened()
    await expect(autodidact.import(large())).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' })
  })
})

describe('a file that holds no episodes', () => {
  test.each<[string, string, string]>([
    ['a text', 'Dear colleagues\nI have\nthe honour', 'none of its first 3 lines is a JSON object'],
    ['one line', 'no JSON', 'its line is no JSON object'],
    ['an object over many lines', '{\n  "episodes": [\n    {\n      "task": "x"\n    }\n  ]\n}', 'jq -c'],
    ['objects without tasks', '{"prompt": "a"}\n{"prompt": "b", "ok": true}\n', '"prompt", "ok"'],
    ['twelve such lines', '{"prompt": "a"}\n'.repeat(12), '--map "prompt=task"'],
  ])('%s gets one hint', async (_, text, hint) => {
    await expect(imported(text)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(hint) })
  })

  test('unless its format is said; an empty one is no mistake', async () => {
    expect((await imported('no JSON\n', { format: 'jsonl' })).report).toMatchObject({ failed: 1 })
    expect((await imported('\n \n')).report).toMatchObject({ episodes: 0, failed: 0 })
    expect((await imported('# exported, by hand\n{"task": "a"}\n')).report).toMatchObject({ stored: 1, failed: 1 })
  })
})

test('an import that is interrupted says so, keeps what was written, and goes on when it is started again', async () => {
  const { autodidact, facts } = await opened()
  const stop = new AbortController()
  const lines = Array.from({ length: 20 }, (_, number) => `{"taskId": ${number}, "task": "x"}\n`)
  const report = await autodidact.import(Readable.from(lines), { signal: stop.signal, onEpisode: (line) => { if (line === 7) stop.abort() } })
  expect(report).toMatchObject({ stored: 7, interrupted: true })
  expect(await facts('run.recorded')).toHaveLength(7)
  const rest = await autodidact.import(lines)
  expect(rest).toMatchObject({ stored: 13, merged: 7 })
  expect(rest).not.toHaveProperty('interrupted')
})
