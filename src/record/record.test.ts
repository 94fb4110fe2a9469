import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { opened, handClock } from '../../test/support/instance.ts'
import type { Autodidact } from '../autodidact.ts'
import { itemUsefulness } from '../learn/learners/item-usefulness.ts'
import type { RecordInput } from './input.ts'
import type { RecordReceipt } from './receipt.ts'
import { topicHashes } from '../learn/structures/topic.ts'
import { packBytes } from '../log/packed.ts'

const partOf = (receipt: RecordReceipt, part: string) => receipt.parts.filter((entry) => entry.part === part)

describe('what was recorded is in the log', () => {
  // Names and texts of every plane; nothing that a mask would take for a secret.
  const text = fc.string({ unit: 'grapheme', maxLength: 30 })
  // eslint-disable-next-line no-control-regex
  const name = text.filter((value) => value !== '' && value !== '__proto__' && !/[\u0000-\u001f\u007f]/.test(value))
  const amount = fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value + 0)
  const unit = fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)
  const payload = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme' }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)
  const dictionary = <Value>(value: fc.Arbitrary<Value>) => fc.dictionary(name, value, { maxKeys: 3, noNullPrototype: true })
  const step = fc.record(
    { action: name, input: payload, output: payload, ok: fc.boolean(), durationMs: amount, state: name, reward: amount, terminated: fc.boolean(), truncated: fc.boolean() },
    { requiredKeys: ['action'] },
  )
  const moment = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2026, 0, 1) })
  const outcome = fc.record(
    { success: fc.boolean(), score: unit, judge: fc.constantFrom('check', 'user', 'host', 'model'), error: text, cost: amount, tokens: fc.nat() },
    { requiredKeys: ['judge'] },
  ).filter(({ success, score }) => success === undefined || score === undefined || success === score >= 0.5)
  const data = fc.record(
    {
      task: text.filter((value) => value.trim() !== ''),
      category: name,
      type: name,
      dependencies: fc.array(name, { maxLength: 3 }),
      effort: amount,
      approach: name,
      factors: fc.array(name, { maxLength: 3 }),
      context: dictionary(fc.oneof(amount, text, fc.boolean())),
      state: name,
      steps: fc.array(step, { maxLength: 3 }),
      response: payload,
      takeaway: text,
      metrics: dictionary(amount),
      outcome,
      startedAt: moment,
      durationMs: amount,
    },
    { requiredKeys: ['task', 'steps'] },
  )
  const envelope = fc.record(
    { agent: name, agentVersion: name, user: name, session: name, source: name, trust: fc.constantFrom('user', 'agent', 'tool', 'imported', 'recalled'), occurredAt: moment },
    { requiredKeys: [] },
  )

  test('every field, whatever it holds', async () => {
    const { autodidact, facts } = await opened({ redact: false })
    const written = new Map<string, unknown>()
    await fc.assert(
      fc.asyncProperty(data, envelope, async (content, about) => {
        const { run } = await autodidact.record({ ...content, ...about })
        written.set(run, { content, about })
      }),
      { numRuns: 150 },
    )
    const recorded = await facts('run.recorded')
    expect(recorded).toHaveLength(written.size)
    for (const { id, agent, agentVersion, user, session, source, trust, occurredAt, data } of recorded) {
      const { topic, ...content } = data
      expect(topic).toBe(packBytes(Int32Array.from(topicHashes(data.task))))
      const { about } = written.get(id) as { about: { occurredAt?: number } }
      const defaults = { source: 'host', trust: 'agent', occurredAt: about.occurredAt ?? occurredAt }
      const told = Object.fromEntries(Object.entries({ agent, agentVersion, user, session, source, trust, occurredAt }).filter(([, value]) => value !== undefined))
      expect({ content, about: told }).toEqual({ ...(written.get(id) as object), about: { ...defaults, ...about } })
    }
  })

  test('a run that says only how it went is judged by the host', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.record({ task: 'Refund order 7', success: true })
    expect((await facts('run.recorded'))[0]?.data.outcome).toEqual({ success: true, judge: 'host' })
  })

  test('success may stand beside what the outcome cost', async () => {
    const { autodidact, facts } = await opened()
    const receipt = await autodidact.record({ task: 'Refund order 7', success: true, outcome: { tokens: 120, cost: 0.02 } })
    expect(receipt.standing).toBe('success')
    expect((await facts('run.recorded'))[0]?.data.outcome).toEqual({ success: true, judge: 'host', tokens: 120, cost: 0.02 })
    await expect(autodidact.record({ task: 'Refund', success: true, outcome: { success: false } })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test.each([[true, 0.2], [false, 0.51], [true, 0]])('success %s and score %d contradict each other', async (success, score) => {
    const { autodidact, log } = await opened()
    const refused = { code: 'INVALID_INPUT', message: expect.stringMatching(/success.*score/) as string }
    await expect(autodidact.record({ task: 'a', success, outcome: { score } })).rejects.toMatchObject(refused)
    await expect(autodidact.record({ task: 'a', outcome: { success, score } })).rejects.toMatchObject(refused)
    await expect(autodidact.feedback('r', { outcome: { success, score } })).rejects.toMatchObject(refused)
    expect(await log()).toEqual([])
    await autodidact.record({ task: 'a', success, outcome: { score: 0.5 } })
    expect((await autodidact.record({ task: 'a', success, outcome: { score: 1 - score } })).standing).toBe(success ? 'success' : 'failure')
  })

  test('the time between start and end is the duration, and never negative', async () => {
    const clock = handClock()
    const { autodidact, facts } = await opened({ clock })
    const now = clock()
    await autodidact.record({ task: 'a', startedAt: now - 250, endedAt: now })
    await autodidact.record({ task: 'b', startedAt: now, endedAt: now })
    await expect(autodidact.record({ task: 'c', startedAt: now, endedAt: now - 100 })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('endedAt is 100 ms before startedAt') as string })
    expect((await facts('run.recorded')).map(({ data, occurredAt }) => [data.durationMs, occurredAt])).toEqual([[250, now], [0, now]])
  })

  describe('a time that cannot be', () => {
    const day = 24 * 3_600_000
    const verbs: readonly (readonly [string, (autodidact: Autodidact, occurredAt: number) => Promise<unknown>])[] = [
      ['record', (autodidact, occurredAt) => autodidact.record({ task: 'a', occurredAt })],
      ['record', (autodidact, startedAt) => autodidact.record({ task: 'a', startedAt })],
      ['record', (autodidact, endedAt) => autodidact.record({ task: 'a', endedAt })],
      ['feedback', (autodidact, occurredAt) => autodidact.feedback('r', 'up', { occurredAt })],
      ['advise', (autodidact, occurredAt) => autodidact.advise('a', { occurredAt })],
      ['decide', (autodidact, occurredAt) => autodidact.decide('tool', ['x'], { occurredAt })],
      ['remember', (autodidact, occurredAt) => autodidact.remember({ content: 'a', occurredAt })],
    ]
    test.each(verbs)('is refused by %s: seconds, and what is more than a day ahead', async (verb, call) => {
      const clock = handClock()
      const { autodidact, log } = await opened({ clock })
      for (const time of [0, Math.floor(clock() / 1000), clock() + day + 1]) {
        await expect(call(autodidact, time)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(`^${verb}: .*milliseconds`) as string })
      }
      expect(await log()).toEqual([])
      for (const time of [Date.UTC(2000, 0, 1), clock() + day]) await call(autodidact, time)
    })

    test('is any time by a clock that itself stands before 2000', async () => {
      const { autodidact, facts } = await opened({ clock: () => 5 })
      await autodidact.record({ task: 'a', occurredAt: 7 })
      expect((await facts('run.recorded'))[0]?.occurredAt).toBe(7)
    })
  })

  test('whoever asked for the advice is who it is for, unless the record says otherwise', async () => {
    const { autodidact, facts } = await opened()
    const asked = { user: 'ada', session: 's1', agent: 'helper', agentVersion: '2' }
    await autodidact.record({ advice: (await autodidact.advise('a', asked)).id })
    await autodidact.record({ advice: await autodidact.advise('a', asked), user: 'grace' })
    expect(await facts('run.recorded')).toMatchObject([asked, { ...asked, user: 'grace' }])
  })

  test('the advised task is the task', async () => {
    const { autodidact, facts } = await opened()
    const advice = await autodidact.advise('Refund order 7')
    const { run } = await autodidact.record({ advice: advice.id })
    expect(run).toBe(advice.run)
    expect((await facts('run.recorded'))[0]?.data).toMatchObject({ task: 'Refund order 7', advice: advice.id })
  })
})

describe('payloads that are no JSON', () => {
  test('keep what can be kept', async () => {
    const { autodidact, facts } = await opened()
    const response = {
      when: new Date(0),
      what: new TypeError('no such column'),
      counts: new Map([['a', 1]]),
      seen: new Set([1, 2]),
      ratio: Number.NaN,
      limit: Number.POSITIVE_INFINITY,
      big: 2n ** 64n,
      bytes: new Uint8Array(3),
      buffer: Buffer.from('four'),
      nothing: undefined,
      call: () => 1,
      broken: '\ud800!',
      list: [undefined, 1],
    }
    await autodidact.record({ task: 'a', response, steps: [{ action: 'x', input: undefined, output: null }] })
    expect((await facts('run.recorded'))[0]?.data).toMatchObject({
      response: {
        when: '1970-01-01T00:00:00.000Z',
        what: { name: 'TypeError', message: 'no such column' },
        counts: { a: 1 },
        seen: [1, 2],
        ratio: 'NaN',
        limit: 'Infinity',
        big: '18446744073709551616',
        bytes: '[3 bytes]',
        buffer: '[4 bytes]',
        broken: '\ufffd!',
        list: [null, 1],
      },
      steps: [{ action: 'x', output: null }],
    })
    expect(Object.keys((await facts('run.recorded'))[0]?.data.response as object)).not.toContain('nothing')
  })

  test('are refused by name when they refer to themselves', async () => {
    const { autodidact, log } = await opened()
    const circle: { self?: unknown } = {}
    circle.self = circle
    const input = { task: 'a', steps: [{ action: 'x' }, { action: 'y', output: circle }] }
    await expect(autodidact.record(input)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('steps.1.output') })
    expect(await log()).toEqual([])
  })
})

test.each([400, 3_000, 100_000])('a payload nested %d deep is kept whole or refused by name', async (depth) => {
  const { autodidact, log } = await opened()
  let response: unknown = 'bottom'
  for (let level = 0; level < depth; level += 1) response = level % 2 === 0 ? [response] : { deeper: response }
  const recorded = autodidact.record({ task: 'Dig deep', response, success: true })
  if (depth > 500) {
    await expect(recorded).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('response') })
    expect(await log()).toEqual([])
  } else {
    await recorded
    expect((await autodidact.recall('Dig deep')).items[0]?.response).toEqual(response)
  }
})

describe('input that is not valid', () => {
  test.each<[string, object]>([
    ['metrics.recall', { metrics: { recall: Number.NaN } }],
    ['metrics.recall', { metrics: { recall: Number.POSITIVE_INFINITY } }],
    ['context.size', { context: { size: Number.NEGATIVE_INFINITY } }],
    ['steps.1.reward', { steps: [{ action: 'a' }, { action: 'b', reward: Number.NaN }] }],
    ['outcome.score', { outcome: { score: 1.5 } }],
    ['outcome.judge', { outcome: { judge: 'oracle' } }],
    ['outcome.cost', { outcome: { cost: Number.POSITIVE_INFINITY } }],
    ['durationMs', { durationMs: -1 }],
    ['startedAt', { startedAt: 0.5 }],
    ['run', { run: '' }],
    ['run', { run: 'a\ud800' }],
    ['user', { user: 'a\nb' }],
    ['colour', { colour: 'red' }],
  ])('%s is named, and nothing is written', async (field, wrong) => {
    const { autodidact, log } = await opened()
    await expect(autodidact.record({ task: 'a', ...wrong })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(field) })
    expect(await log()).toEqual([])
  })

  test.each(['context', 'metrics', 'taken'])('a name in %s that would be lost is refused', async (field) => {
    const { autodidact, log } = await opened()
    const input = JSON.parse(`{ "task": "a", "${field}": { "__proto__": ${field === 'taken' ? '"x"' : 1} } }`) as RecordInput
    await expect(autodidact.record(input)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('__proto__') })
    expect(await log()).toEqual([])
  })

  test('a record needs a task', async () => {
    const { autodidact } = await opened()
    await expect(autodidact.record({ response: 'done' })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('task') })
  })

  test('an advice that is not there brings no task along, and is what the refusal names', async () => {
    const { autodidact } = await opened()
    const refused = { code: 'UNKNOWN_ID', message: expect.stringContaining('no advice "advice_nope" in this namespace') }
    await expect(autodidact.record({ advice: 'advice_nope', response: 'done' })).rejects.toMatchObject(refused)
    expect((await autodidact.record({ advice: 'advice_nope', task: 'Refund order 7', response: 'done' })).status).toBe('stored')
  })

  test('an advice of another run is no advice of this one', async () => {
    const { autodidact } = await opened()
    const advice = await autodidact.advise('a')
    await expect(autodidact.record({ advice, run: 'mine' })).rejects.toMatchObject({ code: 'RUN_MISMATCH' })
  })
})

describe('the same id', () => {
  test('with the same content is merged, by several at once too', async () => {
    const { autodidact, facts } = await opened()
    const input = { run: 'r1', task: 'Refund order 7', response: { b: 1, a: 2 }, success: true }
    const receipts = await Promise.all([1, 2, 3].map(() => autodidact.record(input)))
    expect(receipts.map(({ status }) => status).sort()).toEqual(['merged', 'merged', 'stored'])
    expect((await autodidact.record({ ...input, response: { a: 2, b: 1 } })).status).toBe('merged')
    expect(await facts('run.recorded')).toHaveLength(1)
    expect((await autodidact.recall('Refund order 7')).items).toHaveLength(1)
  })

  test.each<[string, Partial<RecordInput>]>([
    ['response', { response: 'refused' }],
    ['task', { task: 'Refund order 8' }],
    ['outcome', { success: false }],
    ['user', { user: 'grace' }],
    ['trust', { trust: 'imported' }],
    ['steps', { steps: [{ action: 'lookup' }] }],
  ])('with another %s is a conflict, and nothing changes', async (_field, other) => {
    const { autodidact, log } = await opened()
    const input: RecordInput = { run: 'r1', task: 'Refund order 7', response: 'refunded', success: true, user: 'ada' }
    await autodidact.record(input)
    const before = { log: await log(), recalled: await autodidact.recall('Refund order 7 or 8') }
    await expect(autodidact.record({ ...input, ...other })).rejects.toMatchObject({ code: 'ID_CONFLICT' })
    expect({ log: await log(), recalled: await autodidact.recall('Refund order 7 or 8') }).toEqual(before)
  })
})

describe('the receipt', () => {
  test('names each part that was handed over, and no other', async () => {
    const { autodidact } = await opened()
    const receipt = await autodidact.record({ task: 'a', response: 'b', takeaway: 'c', steps: [{ action: 'd' }], metrics: { e: 1 }, success: true, context: { f: 1 } })
    expect(receipt.parts).toEqual(['task', 'context', 'steps', 'response', 'takeaway', 'metrics', 'outcome'].map((part) => ({ part, status: 'stored' })))
    expect((await autodidact.record({ task: 'a', steps: [] })).parts).toEqual([{ part: 'task', status: 'stored' }])
  })

  test('says merged for each part of a repetition', async () => {
    const { autodidact } = await opened()
    const input = { run: 'r', task: 'a', response: 'b' }
    await autodidact.record(input)
    expect(await autodidact.record(input)).toMatchObject({ status: 'merged', parts: [{ part: 'task', status: 'merged' }, { part: 'response', status: 'merged' }] })
  })

  test('refuses an advice that is not there, and keeps the rest', async () => {
    const { autodidact, facts } = await opened()
    const receipt = await autodidact.record({ task: 'a', advice: 'advice_unknown', success: true })
    expect(partOf(receipt, 'advice')).toEqual([{ part: 'advice', status: 'refused', reason: expect.stringContaining('advice_unknown') }])
    expect(partOf(receipt, 'task')).toEqual([{ part: 'task', status: 'stored' }])
    expect((await facts('run.recorded'))[0]?.data.advice).toBeUndefined()
  })

  test('refuses an advice of another namespace', async () => {
    const { autodidact } = await opened()
    const advice = await autodidact.in('acme').advise('a')
    expect(partOf(await autodidact.record({ advice }), 'advice')).toMatchObject([{ status: 'refused' }])
  })

  test('tells used items that are there from those that are not', async () => {
    const { autodidact, facts } = await opened()
    const { id } = await autodidact.remember('Refunds above 100 need a signature')
    const receipt = await autodidact.record({ task: 'a', used: [id, 'run_unknown'] })
    expect(partOf(receipt, 'used')).toEqual([
      { part: 'used', status: 'stored' },
      { part: 'used', status: 'refused', reason: expect.stringContaining('run_unknown') },
    ])
    expect((await facts('run.recorded'))[0]?.data.used).toEqual([id])
    expect(partOf(await autodidact.record({ task: 'a', used: ['run_unknown'] }), 'used')).toMatchObject([{ status: 'refused' }])
  })

  test('tells that nothing was used from nothing being said of it', async () => {
    const { autodidact } = await opened()
    expect(partOf(await autodidact.record({ task: 'a', used: [] }), 'used')).toEqual([{ part: 'used', status: 'stored' }])
    expect(partOf(await autodidact.record({ task: 'a', used: ['nowhere'] }), 'used')).toMatchObject([{ status: 'refused' }])
    expect(partOf(await autodidact.record({ task: 'a' }), 'used')).toEqual([])
  })

  test('refuses to say what was taken where nothing was decided', async () => {
    const { autodidact, facts } = await opened()
    const advice = await autodidact.advise('a', { choices: { tool: ['x', 'y'] } })
    const receipt = await autodidact.record({ advice, taken: { tool: 'x', model: 'big' } })
    expect(partOf(receipt, 'taken')).toEqual([
      { part: 'taken', status: 'stored' },
      { part: 'taken', status: 'refused', reason: expect.stringContaining('model') },
    ])
    expect((await facts('run.recorded'))[0]?.data.taken).toEqual({ tool: 'x' })
  })

  test('refuses a step that names a decision of nowhere, and keeps the step', async () => {
    const { autodidact, facts } = await opened()
    const own = await autodidact.decide('tool', ['x', 'y'], { run: 'r' })
    const receipt = await autodidact.record({ run: 'r', task: 'a', steps: [{ action: 'x', decision: own.id }, { action: 'y', decision: 'decision_unknown' }] })
    expect(partOf(receipt, 'steps')).toEqual([{ part: 'steps', status: 'stored' }])
    expect(partOf(receipt, 'steps.1.decision')).toMatchObject([{ status: 'refused', reason: expect.stringContaining('decision_unknown') }])
    expect((await facts('run.recorded'))[0]?.data.steps).toEqual([{ action: 'x', decision: own.id }, { action: 'y' }])
  })
})

describe('who judged', () => {
  test.each<[RecordInput['outcome'], string]>([
    [undefined, 'unverified'],
    [{ tokens: 12 }, 'unverified'],
    [{ success: true }, 'success'],
    [{ success: false, judge: 'model' }, 'failure'],
    [{ score: 0.5 }, 'unverified'],
    [{ score: 0.4 }, 'failure'],
    [{ score: 0.2, success: false }, 'failure'],
  ])('an outcome of %j stands as %s', async (outcome, standing) => {
    const { autodidact } = await opened()
    expect((await autodidact.record({ task: 'a', ...(outcome === undefined ? {} : { outcome }) })).standing).toBe(standing)
  })

  test.each([['check', 1], ['user', 1], ['host', 0.7], ['model', 0.3]] as const)('the word of a %s weighs %d', async (judge, weight) => {
    const { autodidact } = await opened()
    const { id } = await autodidact.remember('Refunds above 100 need a signature')
    await autodidact.record({ task: 'a', used: [id], outcome: { success: true, judge } })
    expect((await autodidact.learned(itemUsefulness)).counts(id)).toEqual({ up: weight, down: 0 })
  })

  test('without a verdict nothing is learned', async () => {
    const { autodidact } = await opened()
    const { id } = await autodidact.remember('Refunds above 100 need a signature')
    await autodidact.record({ task: 'a', used: [id], response: 'done' })
    expect((await autodidact.learned(itemUsefulness)).counts(id)).toEqual({ up: 0, down: 0 })
  })
})

test('a clock that goes backwards loses nothing: the log is in the order of writing', async () => {
  const clock = handClock()
  const { autodidact, facts } = await opened({ clock })
  await autodidact.record({ run: 'first', task: 'Refund order 7', success: true })
  clock.advance(-3_600_000)
  await autodidact.record({ run: 'second', task: 'Refund order 8', success: true })
  const recorded = await facts('run.recorded')
  expect(recorded.map(({ id }) => id)).toEqual(['first', 'second'])
  expect(recorded[1]?.occurredAt).toBe((recorded[0]?.occurredAt ?? 0) - 3_600_000)
  expect((await autodidact.recall('Refund order')).items).toHaveLength(2)
})
