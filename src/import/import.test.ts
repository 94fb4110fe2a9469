import { createReadStream, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { assert as holds, array, asyncProperty, integer, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dataRoot } from '../../test/support/data.ts'
import { opened, temporaryFile } from '../../test/support/instance.ts'
import { errorFixes } from '../learn/learners/error-fixes.ts'
import { unpacked } from './bytes.ts'
import { type Line, linesOf } from './lines.ts'

const episode = (number: number, more: object = {}): string => JSON.stringify({ taskId: number, task: `task ${number}`, agent: 'a', category: 'c', steps: [{ action: 'look', ok: true }], success: number % 2 === 0, ...more })

const collect = async (chunks: readonly (string | Uint8Array)[]): Promise<readonly Line[]> => {
  const lines: Line[] = []
  for await (const line of linesOf(await unpacked(chunks))) lines.push(line)
  return lines
}

describe('an import', () => {
  test('records one run for each episode, in the order of the file', async () => {
    const { autodidact, facts } = await opened()
    const lines = [episode(1, { user: 'ada', cost: 0.5, tokens: 7, error: 'it broke', trial: 2, response: { a: 1 } }), '', episode(2, { success: null, score: 0.25 }), episode(3, { id: 'mine' })].join('\r\n')
    expect(await autodidact.import([lines])).toEqual({ episodes: 3, stored: 3, merged: 0, failed: 0, disordered: 0, steps: 3, problems: [], ignored: {} })
    const runs = await facts('run.recorded')
    expect(runs.map(({ data }) => data.task)).toEqual(['task 1', 'task 2', 'task 3'])
    expect(runs[0]).toMatchObject({ agent: 'a', user: 'ada', source: 'import', trust: 'imported', data: { category: 'c', response: { a: 1 }, outcome: { success: false, cost: 0.5, tokens: 7, error: 'it broke', judge: 'host' } } })
    expect(runs[1]?.data.outcome).toEqual({ score: 0.25, judge: 'host' })
    expect(runs[2]?.id).toBe('mine')
  })

  test('writes the same episode once, also the second time and of another file', async () => {
    const path = temporaryFile()
    const { autodidact } = await opened({}, path)
    const lines = [1, 2, 3].map((number) => `${episode(number)}\n`)
    await autodidact.import(lines)
    expect(await autodidact.import([...lines, episode(4)])).toMatchObject({ stored: 1, merged: 3, failed: 0 })
    expect((await autodidact.report()).runs).toBe(4)
    const { autodidact: other } = await opened({}, path)
    expect(await other.import(lines)).toMatchObject({ merged: 3 })
  })

  test('takes equal lines of one file for as many runs, and the file twice for once', async () => {
    const { autodidact, facts } = await opened()
    const [good, bad] = [true, false].map((success) => `${JSON.stringify({ task: 'refund an order', category: 'refund', success })}\n`) as [string, string]
    const lines = [good, good, bad, good]
    expect(await autodidact.import(lines)).toMatchObject({ stored: 4, merged: 0, failed: 0 })
    const ids = (await facts('run.recorded')).map(({ id }) => id)
    expect(ids[1]).toBe(`${ids[0]}_2`)
    expect(await autodidact.import(lines)).toMatchObject({ stored: 0, merged: 4 })
    // One more of what was there, one of what was not.
    expect(await autodidact.import([...lines, good, bad])).toMatchObject({ stored: 2, merged: 4 })
    expect((await autodidact.report()).success).toMatchObject({ count: 4, of: 6 })
  })

  test('reports a line that is wrong with its number, and imports the others', async () => {
    const { autodidact } = await opened()
    const lines = [
      episode(1), 'no JSON', '[]', 'null', '{"task": ""}', '{"task": "x", "steps": 7}', '{"task": "x", "steps": [{}]}', '{"task": "x", "success": "yes"}',
      '{"task": "x", "__proto__": {"polluted": true}, "outcome": {"__proto__": {"success": true}}}', episode(1, { success: true }), `{"task": "x", "tokens": ${'9'.repeat(400)}}`, episode(2),
    ]
    const { problems, ...report } = await autodidact.import([Buffer.from(`${lines.join('\n')}\n`), Buffer.from([0x7b, 0xff, 0x0a]), episode(3)])
    expect(report).toMatchObject({ episodes: 14, stored: 4, failed: 10 })
    expect(problems.map(({ line, code }) => [line, code])).toEqual([
      ...[2, 3, 4, 5, 6, 7, 8].map((line) => [line, 'INVALID_INPUT']), [10, 'ID_CONFLICT'], [11, 'INVALID_INPUT'], [13, 'INVALID_INPUT'],
    ])
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
    expect((await autodidact.report()).runs).toBe(4)
  })

  test('says which fields it left out, and makes names of commands that were taken for some', async () => {
    const { autodidact, facts } = await opened()
    const steps = [{ action: 'cat <<EOF\n1\nEOF', okay: true }, { action: '' }, { action: 'x'.repeat(600), ok: null }]
    expect((await autodidact.import([episode(1, { steps, mood: 'good', constructor: 1 })])).ignored).toEqual({ mood: 1, constructor: 1, 'steps.okay': 1 })
    const [run] = await facts('run.recorded')
    expect(run?.data.steps.map(({ action }) => action)).toEqual(['cat <<EOF 1 EOF', '(none)', 'x'.repeat(512)])
  })

  test('takes what execution patterns are learned from, and the runs are recommended by', async () => {
    const { autodidact, facts } = await opened()
    const how = { category: 'frontend', type: 'feature', dependencies: ['design'], effort: 3, approach: 'incremental', factors: ['small steps'] }
    const { ignored, stored } = await autodidact.import(Array.from({ length: 12 }, (_, number) => `${episode(number, { ...how, success: number > 0 })}\n`))
    expect([stored, ignored]).toEqual([12, {}])
    expect((await facts('run.recorded'))[0]?.data).toMatchObject(how)
    const { approach, evidence, factors } = await autodidact.recommend({ task: 'add a form', category: 'frontend', type: 'feature' })
    expect({ approach, runs: evidence?.runs, factors: factors.map(({ name }) => name) }).toEqual({ approach: 'incremental', runs: 12, factors: ['small steps'] })
    // Words that other data sets use for other things.
    const others = [{ effort: 'high' }, { effort: -1 }, { approach: 7 }, { factors: 'hurry' }, { dependencies: [''] }, { type: { name: 'x' } }, { type: null }]
    expect(await autodidact.import(others.map((more, number) => `${episode(100 + number, more)}\n`))).toMatchObject({ stored: 7, problems: [], ignored: { effort: 2, approach: 1, factors: 1, dependencies: 1, type: 1 } })
  })

  test('writes what has dates in the order in which it happened, whatever the order of the file, and reports so', async () => {
    const day = 86_400_000
    const lines = Array.from({ length: 60 }, (_, number) => `${episode(number, { occurredAt: new Date(Date.UTC(2024, 0, 1) + number * day).toISOString(), success: number >= 30 })}\n`)
    const reports = []
    for (const source of [lines, lines.toReversed(), [...lines.slice(30), 'no JSON\n', ...lines.slice(0, 30)]]) {
      const { autodidact, facts } = await opened()
      const { disordered, problems } = await autodidact.import(source)
      const { runs, since, until, overall, tenths } = await autodidact.report()
      reports.push({ disordered, runs, since, until, trend: overall.trends.success.direction, tenths: tenths.map((tenth) => [tenth.since, tenth.success.rate]) })
      expect((await facts('run.recorded')).map(({ data }) => data.task)).toEqual(lines.map((_, number) => `task ${number}`))
      expect(problems.map(({ line }) => line)).toEqual(source.length === 60 ? [] : [31])
    }
    expect(reports[0]).toMatchObject({ disordered: 0, runs: 60, since: Date.UTC(2024, 0, 1), until: Date.UTC(2024, 0, 60), trend: 'rising' })
    expect(reports[1]).toEqual(reports[0])
    expect(reports[2]).toEqual(reports[0])
  })

  test('of an older file behind a younger one: report and pruning go by when it happened, too', async () => {
    const { autodidact, facts } = await opened()
    const steps = [{ action: 'look', output: 'a long page of orders' }]
    for (const [year, success] of [[2024, true], [2023, false]] as const) {
      await autodidact.import(Array.from({ length: 20 }, (_, number) => `${episode(year + number / 100, { occurredAt: Date.UTC(year, 0, 1), steps, success })}\n`))
    }
    const { overall, since } = await autodidact.report()
    expect([overall.trends.success.direction, since]).toEqual(['rising', Date.UTC(2023, 0, 1)])
    expect(await autodidact.prune({ before: Date.UTC(2023, 6, 1) })).toMatchObject({ facts: 20 })
    expect((await facts('run.recorded')).filter(({ data }) => data.steps[0]?.output === undefined).map(({ occurredAt }) => occurredAt)).toEqual(Array.from({ length: 20 }, () => Date.UTC(2023, 0, 1)))
  })

  test('warns of what it could not put in order', async () => {
    const { autodidact } = await opened()
    const long = 'x'.repeat(9 * 1024 * 1024)
    const lines = Array.from({ length: 10 }, (_, number) => `${JSON.stringify({ taskId: number, task: 'x', note: long, occurredAt: Date.UTC(2024, 0, 20 - number) })}\n`)
    const { disordered, stored } = await autodidact.import(lines)
    expect([stored, disordered]).toEqual([10, 2])
  })

  test.each<[unknown, number | undefined]>([
    ['2025-01-02', Date.UTC(2025, 0, 2)], ['2025-01-02T03:04:05Z', Date.UTC(2025, 0, 2, 3, 4, 5)], ['2025-01-02T03:04:05.678+01:00', Date.UTC(2025, 0, 2, 2, 4, 5, 678)],
    ['2025-01-02 03:04:05', Date.UTC(2025, 0, 2, 3, 4, 5)], ['2025-01-02T03:04', Date.UTC(2025, 0, 2, 3, 4)], [Date.UTC(2025, 0, 2), Date.UTC(2025, 0, 2)],
    ['02.01.2025', undefined], ['2025-02-30', undefined], ['soon', undefined], [1735787045, undefined], ['1735787045000', undefined], [true, undefined],
  ])('takes %j as a date for what it is', async (occurredAt, time) => {
    const { autodidact, facts } = await opened()
    const { problems } = await autodidact.import([JSON.stringify({ task: 'x', occurredAt })])
    expect((await facts('run.recorded')).map((run) => run.occurredAt)).toEqual(time === undefined ? [] : [time])
    expect(problems.map(({ message }) => message.includes('occurredAt'))).toEqual(time === undefined ? [true] : [])
    if (time === undefined && typeof occurredAt === 'string') expect(problems[0]?.message).toContain('occurredAt is no date; it must be one as ISO 8601 writes it')
  })

  test('writes nothing when it is dry, and finds the same lines wrong', async () => {
    const { autodidact } = await opened()
    const lines = [`${episode(1)}\n`, '{"task": "x", "steps": [{"action": "a", "durationMs": -1}]}\n', episode(2)]
    expect(await autodidact.import(lines, { dryRun: true })).toMatchObject({ stored: 2, failed: 1, problems: [{ line: 2, code: 'INVALID_INPUT' }] })
    expect((await autodidact.head()).sequence).toBe(0)
    expect(await autodidact.import(lines)).toMatchObject({ stored: 2, failed: 1 })
  })

  test('does not bring back who was forgotten', async () => {
    const { autodidact } = await opened()
    const line = episode(1, { user: 'ada' })
    await autodidact.import([line])
    await autodidact.forget({ user: 'ada' })
    expect(await autodidact.import([line])).toMatchObject({ stored: 0, problems: [{ code: 'FORGOTTEN' }] })
  })

  test('ends with what is wrong with the whole, and keeps what was written before', async () => {
    const { autodidact } = await opened()
    const packed = gzipSync([1, 2, 3].map((number) => episode(number, { response: `${number / 7} `.repeat(9000) })).join('\n'))
    await expect(autodidact.import([packed.subarray(0, packed.length - 20)])).rejects.toMatchObject({ code: 'CORRUPT' })
    const broken = async function* () {
      yield `${episode(8)}\n`
      await Promise.resolve()
      throw new Error('the network is gone')
    }
    await expect(autodidact.import(broken())).rejects.toThrow('the network is gone')
    expect((await autodidact.recall('task 8')).items).toBeDefined()
    expect(await autodidact.import([episode(8)])).toMatchObject({ merged: 1 })
    for (const source of [undefined, 7, 'text', {}, Buffer.from('x')]) await expect(autodidact.import(source as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })
})

describe('lines', () => {
  test('are the same however the bytes are cut, packed or not', async () => {
    await holds(
      asyncProperty(array(string({ unit: 'grapheme' }).map((text) => text.replace(/[\r\n\uFEFF]/g, '')), { minLength: 1, maxLength: 5 }), array(integer({ min: 1, max: 7 }), { maxLength: 8 }), async (texts, cuts) => {
        const bytes = Buffer.from(`${texts.join('\n')}\n`)
        for (const whole of [bytes, gzipSync(bytes)]) {
          const chunks: Uint8Array[] = []
          let from = 0
          for (const cut of cuts) {
            chunks.push(whole.subarray(from, from + cut))
            from += cut
          }
          chunks.push(whole.subarray(from))
          expect(await collect(chunks)).toEqual(texts.map((text, place) => ({ number: place + 1, text: text.toWellFormed() })))
        }
      }),
    )
  })

  test('begin behind a byte order mark, and need no end', async () => {
    expect(await collect(['\uFEFFone\n', 'two'])).toEqual([{ number: 1, text: 'one' }, { number: 2, text: 'two' }])
    expect(await collect([])).toEqual([])
  })

  test('that are too long are not kept in memory, and the next is read', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x')
    const lines = await collect([...Array.from({ length: 65 }, () => chunk), '\nnext\n'])
    expect(lines).toEqual([{ number: 1, problem: 'has more than 64 MB' }, { number: 2, text: 'next' }])
  })
})

const folder = join(dataRoot, 'episodes')
const files = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.jsonl(\.gz)?$/.test(file)) : []

describe.skipIf(files.length === 0)('real runs', () => {
  test.each(files)('of %s are imported whole, and twice as once', async (file) => {
    const { autodidact } = await opened()
    const once = await autodidact.import(createReadStream(join(folder, file)))
    expect(once).toMatchObject({ failed: 0, ignored: {}, merged: 0 })
    expect(await autodidact.import(createReadStream(join(folder, file)))).toMatchObject({ stored: 0, merged: once.stored })
    expect((await autodidact.learned(errorFixes)).groups().length).toBeGreaterThan(0)
    expect((await autodidact.report()).runs).toBe(once.stored)
  })
})
