import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Autodidact } from '../../src/autodidact.ts'
import type { RecordInput } from '../../src/record/input.ts'
import { codeOf } from './support/temporary.ts'

let autodidact: Autodidact
let namespaces = 0

beforeAll(async () => {
  autodidact = await Autodidact.open(':memory:', { seed: 1 })
})
afterAll(() => autodidact.close())

/** A namespace that nobody has written to. */
const fresh = (): Autodidact => autodidact.in(`namespace ${(namespaces += 1)}`)

const task = 'Count the orders of last month'

describe('a text of 10 MB', () => {
  const words = ['order', 'customer', 'refund', 'invoice', 'shipping', 'calendar', 'Bestellung', '注文']
  const parts: string[] = []
  for (let length = 0, place = 0; length < 10_000_000; place += 1) {
    const part = `${words[place % words.length]}${place % 50_021}`
    parts.push(part)
    length += part.length + 1
  }
  const text = parts.join(' ')

  test.each<[string, RecordInput]>([
    ['task', { task: text }],
    ['response', { task, response: text }],
    ['step', { task, steps: [{ action: 'read', input: { page: text }, output: [text] }] }],
    ['takeaway', { task, takeaway: text }],
    ['run of one letter', { task, response: 'x'.repeat(10_000_000) }],
  ])('as %s is stored, recalled whole, and forgotten', async (_part, input) => {
    const scope = fresh()
    const { run } = await scope.record({ run: 'big', success: true, ...input })
    expect(run).toBe('big')
    expect(await scope.record({ run: 'big', success: true, ...input })).toMatchObject({ status: 'merged' })
    const { items, prompt } = await scope.recall(input.task?.slice(0, 1_000) ?? '')
    expect(items.map(({ id }) => id)).toEqual(['big'])
    expect(prompt.length).toBeLessThan(20_000)
    if (input.task === text) expect(items[0]?.task).toBe(text)
    if (input.response !== undefined) expect(items[0]?.response).toBe(input.response)
    expect((await scope.forget({ run })).facts).toBe(1)
    expect((await scope.recall(task)).items).toEqual([])
  })

  test('is remembered, shared and corrected when it is one letter, too', async () => {
    const [scope, letters] = [fresh(), 'x'.repeat(10_000_000)]
    const { id } = await scope.remember({ content: letters, title: 'Letters' })
    expect(await scope.share({ content: letters, title: 'Letters', channel: 'general' })).toMatchObject({ status: expect.stringMatching(/stored|known/) as unknown })
    expect(await scope.knowledge.update(id, { content: `${letters}y` })).toMatchObject({ status: 'stored' })
    expect((await scope.knowledge.get(id))?.content).toBe(`${letters}y`)
    await scope.record({ run: 'r', task: letters, takeaway: letters })
    expect(await scope.feedback('r', { correction: letters, comment: letters })).toMatchObject({ status: 'stored', standing: 'success' })
    expect(await scope.advise(letters)).toMatchObject({ warnings: [], logged: true })
  })

  // 2 MB have 150,000 different words and more, and no function may be called with so many: what would break of 10 MB breaks of these.
  test('is advised on, searched for, decided about, remembered and corrected: 2 MB of it', async () => {
    const [scope, long] = [fresh(), text.slice(0, 2_000_000)]
    const { id } = await scope.remember({ content: long })
    expect((await scope.recall(long)).items.map((item) => item.id)).toEqual([id])
    const advice = await scope.advise(long, { choices: { tool: ['a', 'b'] } })
    expect(advice).toMatchObject({ task: long, warnings: [], logged: true })
    expect((await scope.decide('tool', [{ id: 'a', description: long }, 'b'], { task: long })).logged).toBe(true)
    const { run } = await scope.record({ advice, response: 'short' })
    expect(await scope.feedback(run, { correction: long, comment: long })).toMatchObject({ status: 'stored', standing: 'success' })
    const [item] = (await scope.recall(long)).items.filter((candidate) => candidate.id === run)
    expect(item).toMatchObject({ response: long, replaced: 'short' })
  })
})

describe('numbers that are none', () => {
  test.each<[string, unknown]>([
    ['a score that is NaN', { task, outcome: { score: Number.NaN } }],
    ['an infinite score', { task, outcome: { score: Number.POSITIVE_INFINITY } }],
    ['a score above 1', { task, outcome: { score: 1.001 } }],
    ['a score below 0', { task, outcome: { score: -0.001 } }],
    ['a score as text', { task, outcome: { score: '1' } }],
    ['a reward of a step that is NaN', { task, steps: [{ action: 'a', reward: Number.NaN }] }],
    ['an infinite reward of a step', { task, steps: [{ action: 'a', reward: Number.NEGATIVE_INFINITY }] }],
    ['a metric that is NaN', { task, metrics: { latency: Number.NaN } }],
    ['a context that is NaN', { task, context: { load: Number.NaN } }],
    ['a cost below 0', { task, outcome: { success: true, cost: -1 } }],
    ['a time that is NaN', { task, occurredAt: Number.NaN }],
    ['a time before 1970', { task, occurredAt: -1 }],
    ['success as text', { task, success: 'yes' }],
  ])('%s is refused, and nothing is written', async (_name, input) => {
    const scope = fresh()
    // What no type lets through comes from JSON and from JavaScript.
    expect(await codeOf(scope.record({ run: 'r', ...(input as RecordInput) }))).toBe('INVALID_INPUT')
    expect((await scope.recall(task, { unverified: true })).items).toEqual([])
    expect(await scope.forget({ run: 'r' })).toEqual({ facts: 0, status: 'proven' })
  })

  test.each([{ score: Number.NaN }, { score: Infinity }, { score: 2 }, {}, { outcome: {} }, { outcome: { score: Number.NaN } }])('feedback %j is refused', async (input) => {
    const scope = fresh()
    await scope.record({ run: 'r', task })
    expect(await codeOf(scope.feedback('r', input))).toBe('INVALID_INPUT')
    expect((await scope.recall(task)).items).toEqual([])
  })

  test('in a payload they are kept as text', async () => {
    const scope = fresh()
    const { run } = await scope.record({ task, success: true, response: { mean: Number.NaN, most: Infinity, count: 10n ** 20n } })
    const [item] = (await scope.recall(task)).items
    expect(item).toMatchObject({ id: run, response: { mean: 'NaN', most: 'Infinity', count: '100000000000000000000' } })
  })

  test('a run without reward teaches nothing and is not recalled', async () => {
    const scope = fresh()
    const { decisions, run } = await scope.advise(task, { choices: { tool: ['a', 'b'] } })
    await scope.record({ run, task, outcome: { tokens: 5 } })
    expect((await scope.recall(task)).items).toEqual([])
    const again = await scope.advise(task, { choices: { tool: ['a', 'b'] } })
    expect(again.decisions['tool']?.probabilities).toEqual(decisions['tool']?.probabilities)
  })
})

describe('unknown ids', () => {
  test('an advice, an item and a choice point that nobody knows are refused part by part; the rest is stored', async () => {
    const scope = fresh()
    const { parts, status } = await scope.record({ task, advice: 'advice_0', used: ['run_0'], success: true })
    expect(status).toBe('stored')
    expect(parts).toContainEqual(expect.objectContaining({ part: 'advice', status: 'refused' }))
    expect(parts).toContainEqual(expect.objectContaining({ part: 'used', status: 'refused' }))
    const taken = await scope.record({ task, taken: { tool: 'a' } })
    expect(taken.parts).toContainEqual(expect.objectContaining({ part: 'taken', status: 'refused' }))
  })

  test('feedback on a run that nobody knows waits for it', async () => {
    const scope = fresh()
    expect(await scope.feedback('later', 'up')).toMatchObject({ status: 'stored', recorded: false })
    expect(await scope.feedback('later', { retract: 'feedback_0' })).toMatchObject({ status: 'stored', recorded: false })
    expect(await scope.record({ run: 'later', task })).toMatchObject({ standing: 'success' })
    expect(await codeOf(scope.feedback('later', { retract: 'feedback_1' }))).toBe('UNKNOWN_ID')
    expect(await codeOf(scope.feedback('later', 'up', { decision: 'decision_0' }))).toBe('UNKNOWN_ID')
  })

  test('nothing is found or erased by them', async () => {
    const scope = fresh()
    expect(await scope.forget({ facts: ['fact_0'] })).toEqual({ facts: 0, status: 'proven' })
    expect(await scope.forget({ user: 'nobody' })).toEqual({ facts: 0, status: 'proven' })
    expect(await codeOf(scope.learned({ ...learnerOfNobody }))).toBe('UNKNOWN_LEARNER')
  })

  const learnerOfNobody = {
    name: 'nobody',
    version: 1,
    handles: [],
    initial: () => 0,
    learn: (state: number) => state,
    view: (state: number) => state,
    save: () => new Uint8Array(),
    load: () => 0,
  }
})

describe('options', () => {
  test.each([
    ['none', [], 'NO_OPTIONS'],
    ['the same twice', ['a', 'b', 'a'], 'DUPLICATE_OPTION'],
    ['without a name', ['a', ''], 'INVALID_INPUT'],
    ['with half a character as name', ['a', '\ud83e'], 'INVALID_INPUT'],
  ])('%s are refused by decide and advise', async (_name, options, code) => {
    const scope = fresh()
    expect(await codeOf(scope.decide('tool', options))).toBe(code)
    expect(await codeOf(scope.advise(task, { choices: { tool: options } }))).toBe(code)
    expect((await scope.forget({ namespace: true })).facts).toBe(0)
  })

  test('10,000 are weighed, learned from, and logged', async () => {
    const scope = fresh()
    const options = Array.from({ length: 10_000 }, (_, number) => ({ id: `tool ${number}`, description: `Does thing ${number}` }))
    const advice = await scope.advise('do thing 77', { choices: { tool: options } })
    const decision = advice.decisions['tool']
    expect(decision).toMatchObject({ logged: true, warnings: [] })
    const shares = Object.values(decision?.probabilities ?? {})
    expect(shares).toHaveLength(10_000)
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
    expect(Math.min(...shares)).toBeGreaterThan(0)
    await scope.record({ advice, response: 'done', success: true })
    expect((await scope.decide('tool', options, { task: 'do thing 77' })).logged).toBe(true)
  })
})

describe('names', () => {
  const names = ['ä', 'a\u0308', '語', '\u{1F9E0}', '\u{20BB7}', '\u{30EDE}', '\u{E0041}', '\u{10FFFD}', "'; DROP TABLE facts; --", '"', '%', '\u200B', 'x'.repeat(512)]

  test('of every Unicode plane are kept apart and exact, as namespace, run, user, option and point', async () => {
    for (const name of names) {
      const scope = autodidact.in(name)
      const advice = await scope.advise(task, { run: name, user: name, choices: { [name]: [name] } })
      expect(advice.choose).toEqual({ [name]: name })
      expect(await scope.record({ advice, user: name, response: name, success: true, category: name })).toMatchObject({ run: name, status: 'stored' })
      expect((await scope.recall(task, { user: name })).items).toMatchObject([{ id: name, user: name, response: name }])
    }
    for (const name of names) {
      expect((await autodidact.in(name).recall(task)).items).toHaveLength(1)
      expect((await autodidact.in(name).forget({ user: name })).facts).toBe(3)
    }
  })

  test.each([
    ['empty', ''],
    ['half a character', 'a\ud800'],
    ['a zero byte', 'a\0b'],
    ['a line end', 'a\nb'],
    ['too long', 'x'.repeat(513)],
  ])('that are no names are refused: %s', async (_name, name) => {
    expect(() => autodidact.in(name)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
    expect(await codeOf(autodidact.record({ task, run: name }))).toBe('INVALID_INPUT')
    expect(await codeOf(autodidact.feedback(name, 'up'))).toBe('INVALID_INPUT')
    expect(await codeOf(autodidact.decide(name, ['a']))).toBe('INVALID_INPUT')
    expect(await codeOf(autodidact.advise(task, { user: name }))).toBe('INVALID_INPUT')
    expect(await codeOf(autodidact.forget({ run: name }))).toBe('INVALID_INPUT')
  })

  test('half a character in a text is replaced, everything else is kept', async () => {
    const scope = fresh()
    await scope.record({ task: 'half \ud83e of \u{1F9E0} and \0', response: ['\udc00'], success: true })
    expect((await scope.recall('half of')).items).toMatchObject([{ task: 'half \ufffd of \u{1F9E0} and \0', response: ['\ufffd'] }])
  })
})

test('a clock that goes backwards: the order is that of writing, and nothing expires too soon or twice', async () => {
  let now = 10_000_000
  const clocked = await Autodidact.open(':memory:', { clock: () => now, deadlineMs: 1_000, points: { tool: { defaultReward: 0 } }, seed: 1 })
  const advice = await clocked.advise(task, { choices: { tool: ['a', 'b'] } })
  now -= 5_000_000
  await clocked.record({ advice, response: 'x' })
  await clocked.remember('Orders lie in the table of orders')
  now -= 4_000_000
  expect(await clocked.feedback(advice.run, 'down')).toMatchObject({ standing: 'failure' })
  expect(await clocked.feedback(advice.run, 'up')).toMatchObject({ standing: 'success' })
  now += 20_000_000
  // The verdict stands; the deadline passed without a run to expire.
  expect((await clocked.advise(task)).items.map(({ id }) => id)).toEqual([advice.run])
  expect((await clocked.forget({ run: advice.run })).facts).toBe(5)
  await clocked.close()
})

test('a clock finer than milliseconds is cut to whole ones', async () => {
  const fine = await Autodidact.open(':memory:', { clock: () => 1_000.75, seed: 1 })
  const advice = await fine.advise(task, { choices: { tool: ['a', 'b'] } })
  expect(advice).toMatchObject({ logged: true, warnings: [] })
  await fine.record({ advice, response: 'x', success: true })
  expect((await fine.recall(task)).items).toMatchObject([{ id: advice.run, occurredAt: 1_000 }])
  await fine.close()
  expect(await codeOf(Autodidact.open(':memory:', { deadlineMs: 0.5 }))).toBe('INVALID_INPUT')
})
