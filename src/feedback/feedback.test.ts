import { describe, expect, test } from 'vitest'
import { handClock, opened, temporaryFile } from '../../test/support/instance.ts'
import { decisionsSettled, ledger } from '../../test/support/settled.ts'
import { optionModel } from '../learn/learners/option-model.ts'
import { itemUsefulness } from '../learn/learners/item-usefulness.ts'
import { taskStatistics } from '../learn/learners/task-statistics.ts'
import type { FeedbackInput, FeedbackSettings } from './feedback.ts'

const learners = [ledger, decisionsSettled]

/** An advised run with one decision, recorded unless said otherwise. */
const advisedRun = async (settings: { record?: object | false; user?: string; clock?: () => number } = {}) => {
  const { record = {}, user, clock } = settings
  const instance = await opened({ learners, ...(clock === undefined ? {} : { clock }) })
  const { autodidact } = instance
  const about = user === undefined ? {} : { user }
  const advice = await autodidact.advise('Refund order 7', { ...about, choices: { tool: ['lookup', 'search'] } })
  const option = advice.choose['tool'] ?? ''
  if (record !== false) await autodidact.record({ advice, response: 'refund(7)', ...about, ...record })
  const verdicts = async () => {
    const books = await autodidact.learned(ledger)
    return { run: books.get(`run ${advice.run} `), decision: books.get(`decision ${advice.decisions['tool']?.id ?? ''} ${option}`) }
  }
  const say = (input: FeedbackInput, about?: FeedbackSettings) => autodidact.feedback(advice.run, input, about)
  return { ...instance, advice, run: advice.run, option, verdicts, say }
}

describe('each thing that can be said', () => {
  test.each<[string, FeedbackInput, string, object | undefined]>([
    ['up', 'up', 'success', { reward: 1, weight: 1 }],
    ['down', 'down', 'failure', { reward: 0, weight: 1 }],
    ['a good score', { score: 0.8 }, 'success', { reward: 0.8, weight: 1 }],
    ['an undecided score', { score: 0.5 }, 'unverified', { reward: 0.5, weight: 1 }],
    ['another answer', { correction: 'refund(8)' }, 'success', { reward: 0, weight: 1 }],
    ['the same answer', { correction: ' refund(7) ' }, 'success', { reward: 1, weight: 1 }],
    ['a test that passed', { outcome: { success: true } }, 'success', { reward: 1, weight: 1 }],
    ['a test that failed', { outcome: { success: false } }, 'failure', { reward: 0, weight: 1 }],
    ['a graded outcome', { outcome: { score: 0.25, judge: 'host' } }, 'failure', { reward: 0.25, weight: 0.7 }],
    ["a model's opinion", { outcome: { success: true, judge: 'model' } }, 'success', { reward: 1, weight: 0.3 }],
    ['a comment', { comment: 'hm' }, 'unverified', undefined],
  ])('%s counts for the run and for its decision', async (_what, input, standing, verdict) => {
    const { verdicts, say, run } = await advisedRun()
    expect(await say(input)).toMatchObject({ run, status: 'stored', recorded: true, standing })
    expect(await verdicts()).toEqual({ run: verdict, decision: verdict })
  })

  test('is in the log with who said it and when', async () => {
    const clock = handClock()
    const { say, facts } = await advisedRun({ user: 'ada', clock })
    clock.advance(5)
    await say({ score: 0.8, comment: 'nearly' }, { author: 'grace', source: 'slack', id: 'f1' })
    expect(await facts('feedback.received')).toMatchObject([
      { id: 'f1', occurredAt: clock(), user: 'grace', source: 'slack', data: { author: 'grace', rating: 0.8, comment: 'nearly' } },
    ])
  })

  test.each<[FeedbackInput, FeedbackSettings | undefined]>([
    [{}, undefined],
    [{ correction: undefined }, undefined],
    [{ score: 2 }, undefined],
    [{ score: Number.NaN }, undefined],
    [{ outcome: {} }, undefined],
    [{ retract: 'f1', score: 1 }, undefined],
    [{ retract: 'f1', comment: 'oops' }, undefined],
    ['up', { author: '' }],
    ['up', { occurredAt: -1 }],
  ])('%j with %j says nothing that can be kept', async (input, about) => {
    const { say, facts } = await advisedRun()
    await expect(say(input, about)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await facts('feedback.received')).toEqual([])
  })
})

test.each(['author', 'decision', 'id', 'source', 'occurredAt'])('%s beside what is said is told where it goes', async (setting) => {
  const { autodidact, run } = await advisedRun()
  const mixed = { correction: 'refund(8)', [setting]: 'ada' }
  await expect(autodidact.feedback(run, mixed)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(`${setting} goes in the third argument`) as string })
})

test('a word that is no rating is told what to say instead', async () => {
  const { autodidact } = await advisedRun()
  const word: string = 'good'
  // A caller without types may say anything.
  await expect(autodidact.feedback('r1', word as FeedbackInput)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining("'up', 'down'") as string })
})

describe('when it comes', () => {
  test('before its run, it waits for it', async () => {
    const { autodidact, advice, say, verdicts } = await advisedRun({ record: false })
    expect(await say('up')).toMatchObject({ recorded: false, standing: 'success' })
    expect(await verdicts()).toEqual({ run: undefined, decision: { reward: 1, weight: 1 } })
    expect((await autodidact.record({ advice, response: 'x' })).standing).toBe('success')
    expect(await verdicts()).toEqual({ run: { reward: 1, weight: 1 }, decision: { reward: 1, weight: 1 } })
    expect((await autodidact.recall('Refund order 7')).items).toMatchObject([{ id: advice.run, kind: 'example' }])
  })

  test('before its run was even asked for', async () => {
    const { autodidact } = await opened()
    await autodidact.feedback('r1', 'down')
    expect((await autodidact.record({ run: 'r1', task: 'Refund order 7', success: true })).standing).toBe('failure')
  })

  test('twice with the same id, it counts once, whatever was said or recorded in between', async () => {
    const { autodidact, advice, say, verdicts, facts } = await advisedRun({ record: false, user: 'ada' })
    await say('up', { id: 'f1' })
    await autodidact.record({ advice, user: 'ada', response: 'x' })
    expect(await say('up', { id: 'f1' })).toMatchObject({ status: 'merged', standing: 'success' })
    await say('down', { id: 'f2' })
    expect(await say('up', { id: 'f1' })).toMatchObject({ status: 'merged', standing: 'failure' })
    expect(await facts('feedback.received')).toHaveLength(2)
    expect((await verdicts()).run).toEqual({ reward: 0, weight: 1 })
    expect((await autodidact.recall('Refund order 7')).items).toMatchObject([{ kind: 'warning' }])
  })

  test('twice with the same id and another word, it is a conflict', async () => {
    const { autodidact, say, verdicts } = await advisedRun()
    await say('up', { id: 'f1' })
    await expect(say('down', { id: 'f1' })).rejects.toMatchObject({ code: 'ID_CONFLICT' })
    await expect(autodidact.feedback('other', 'up', { id: 'f1' })).rejects.toMatchObject({ code: 'ID_CONFLICT' })
    expect((await verdicts()).run).toEqual({ reward: 1, weight: 1 })
  })

  test('after its run was forgotten, it is refused', async () => {
    const { autodidact, run, say, log } = await advisedRun()
    await autodidact.forget({ run })
    await expect(say('up')).rejects.toMatchObject({ code: 'FORGOTTEN' })
    await expect(autodidact.record({ run, task: 'Refund order 7' })).rejects.toMatchObject({ code: 'FORGOTTEN' })
    expect((await log()).map(({ kind }) => kind)).toEqual(['subject.forgotten'])
  })

  test('from another process, both learn it', async () => {
    const file = temporaryFile()
    const here = await opened({ learners }, file)
    const there = await opened({ learners }, file)
    const { id } = await here.autodidact.remember('Refunds above 100 need a second signature')
    const { run } = await here.autodidact.record({ task: 'Refund order 7', used: [id], response: 'x' })
    expect((await here.autodidact.learned(itemUsefulness)).counts(id)).toEqual({ up: 0, down: 0 })
    await Promise.all([there.autodidact.feedback(run, 'down', { author: 'ada' }), here.autodidact.feedback(run, 'up', { author: 'grace' })])
    for (const { autodidact } of [here, there]) {
      expect((await autodidact.learned(itemUsefulness)).counts(id)).toEqual({ up: 0.5, down: 0.5 })
      expect(await autodidact.learned(ledger)).toEqual(new Map([[`run ${run} ${id}`, { reward: 0.5, weight: 1 }]]))
    }
  })
})

describe('an id names one thing', () => {
  test('a feedback with the id of its run is refused, and the run can be recorded', async () => {
    const { autodidact, facts } = await opened()
    await expect(autodidact.feedback('r1', 'up', { id: 'r1' })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('"r1:1"') as string })
    expect(await autodidact.record({ run: 'r1', task: 'a' })).toMatchObject({ status: 'stored' })
    await expect(autodidact.feedback('r1', 'up', { id: 'r1' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await facts('feedback.received')).toEqual([])
  })

  test('nothing else takes the id of a run that was begun', async () => {
    const { autodidact, log } = await opened()
    await autodidact.advise('a', { run: 'advised' })
    await autodidact.decide('tool', ['x'], { run: 'decided' })
    await autodidact.feedback('judged', 'up')
    const before = await log()
    for (const id of ['advised', 'decided', 'judged']) {
      const conflict = { code: 'ID_CONFLICT', message: expect.stringContaining(`"${id}" is that of a run`) as string }
      await expect(autodidact.feedback('other', 'up', { id })).rejects.toMatchObject(conflict)
      await expect(autodidact.remember({ id, content: 'b' })).rejects.toMatchObject(conflict)
      await expect(autodidact.experiments.start({ point: 'tool', id })).rejects.toMatchObject(conflict)
    }
    expect(await log()).toEqual(before)
    for (const run of ['advised', 'decided', 'judged']) expect(await autodidact.record({ run, task: 'a' })).toMatchObject({ status: 'stored' })
  })

  test('what is no run has no feedback: it would wait for ever', async () => {
    const { autodidact, log } = await opened()
    const advice = await autodidact.advise('a', { choices: { tool: ['x'] } })
    const { id } = await autodidact.remember('b')
    const { feedback } = await autodidact.feedback(advice.run, 'up')
    const before = await log()
    for (const other of [id, feedback, advice.id, advice.decisions['tool']?.id ?? '']) {
      await expect(autodidact.feedback(other, 'down')).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(`"${other}" is no run`) as string })
    }
    expect(await log()).toEqual(before)
  })
})

describe('one person, one vote', () => {
  test('the latest word of a person counts', async () => {
    const { say, verdicts } = await advisedRun()
    await say('up', { author: 'ada' })
    await say('up', { author: 'ada' })
    await say({ score: 0.25 }, { author: 'ada' })
    expect((await verdicts()).run).toEqual({ reward: 0.25, weight: 1 })
  })

  test('several people are averaged', async () => {
    const { say, verdicts } = await advisedRun()
    for (const author of ['ada', 'grace', 'edsger']) await say('up', { author })
    await say('down', { author: 'alan' })
    await say('down', { author: 'ada' })
    expect((await verdicts()).run).toEqual({ reward: 0.5, weight: 1 })
  })

  test.each([{ user: 'ada' }, {}])("without a name it is the run's user, before and after the record: %j", async (about: { user?: string }) => {
    const { autodidact, advice, say, verdicts, facts } = await advisedRun({ record: false, ...about })
    await say('down')
    expect((await facts('feedback.received'))[0]?.user).toBe(about.user)
    await autodidact.record({ advice, ...about, response: 'x', outcome: { success: false, judge: 'user' } })
    await say('up')
    expect((await verdicts()).run).toEqual({ reward: 1, weight: 1 })
    if (about.user !== undefined) {
      await say('down', { author: about.user })
      expect((await verdicts()).run).toEqual({ reward: 0, weight: 1 })
    }
  })

  test.each(['anonymous', 'undefined', 'null', 'outcome:check', 'check', 'unnamed'])('somebody called "%s" is one more person, not whoever has no name', async (author) => {
    const { autodidact, advice, say, verdicts } = await advisedRun()
    await say('up')
    await say('down', { author })
    expect((await verdicts()).run).toEqual({ reward: 0.5, weight: 1 })
    await say({ outcome: { success: true } })
    await say({ outcome: { success: false } }, { author })
    expect((await verdicts()).run).toEqual({ reward: 0.5, weight: 1 })
    const { outcome } = await autodidact.explain(advice.run)
    expect(outcome.votes.map((vote) => [vote.level, vote.author, vote.stands])).toEqual([
      ['user', undefined, true],
      ['user', author, true],
      ['check', undefined, true],
      ['check', author, true],
    ])
    // Forgetting that person leaves what nobody signed.
    expect((await autodidact.forget({ user: author })).facts).toBe(2)
    expect((await verdicts()).run).toEqual({ reward: 1, weight: 1 })
  })

  test('a check that runs again replaces what it said before', async () => {
    const { say, verdicts } = await advisedRun({ user: 'ada', record: { outcome: { success: true, judge: 'check' } } })
    await say({ outcome: { success: false } })
    expect((await verdicts()).run).toEqual({ reward: 0, weight: 1 })
  })
})

describe('precedence', () => {
  const ladder: readonly (readonly [FeedbackInput, object])[] = [
    [{ outcome: { score: 0.1, judge: 'model' } }, { reward: 0.1, weight: 0.3 }],
    [{ outcome: { score: 0.2, judge: 'host' } }, { reward: 0.2, weight: 0.7 }],
    [{ score: 0.3 }, { reward: 0.3, weight: 1 }],
    [{ outcome: { score: 0.4, judge: 'check' } }, { reward: 0.4, weight: 1 }],
    [{ correction: 'refund(7)' }, { reward: 1, weight: 1 }],
  ]

  test('correction > check > user > host > model, in whichever order they come', async () => {
    const rising = await advisedRun()
    for (const [input, verdict] of ladder) {
      await rising.say(input)
      expect((await rising.verdicts()).run).toEqual(verdict)
    }
    const falling = await advisedRun()
    for (const [input] of ladder.toReversed()) {
      await falling.say(input)
      expect((await falling.verdicts()).run).toEqual({ reward: 1, weight: 1 })
    }
  })

  test('weigh as the instance says: in what is learned, explained and reported, anew after a change', async () => {
    const file = temporaryFile()
    const weighed = async (verdictWeights?: { readonly model: number }) => {
      const { autodidact } = await opened(verdictWeights === undefined ? {} : { verdictWeights }, file)
      const { id } = await autodidact.remember({ id: 'lesson', content: 'Refund orders only with a signature' })
      await autodidact.record({ run: 'r', task: 'another', used: [id], outcome: { success: true, judge: 'model' } })
      const learned = (await autodidact.learned(itemUsefulness)).counts(id).up
      const explained = (await autodidact.explain('r')).outcome.verdict?.weight
      const reported = (await autodidact.report()).items.helpful[0]?.helped.of
      await autodidact.close()
      return [learned, explained, reported]
    }
    expect(await weighed()).toEqual([0.3, 0.3, 0.3])
    expect(await weighed({ model: 0.8 })).toEqual([0.8, 0.8, 0.8])
    for (const model of [0, -1, 1.1, Number.NaN]) await expect(weighed({ model })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('an outcome and a rating of the same run do not add up', async () => {
    const { autodidact, advice, say, verdicts } = await advisedRun({ record: false })
    const { id } = await autodidact.remember('Refunds above 100 need a second signature')
    await autodidact.record({ advice, used: [id], outcome: { success: true } })
    expect((await autodidact.learned(itemUsefulness)).counts(id)).toEqual({ up: 0.7, down: 0 })
    await say('up')
    expect((await autodidact.learned(itemUsefulness)).counts(id)).toEqual({ up: 1, down: 0 })
    expect((await verdicts()).decision).toEqual({ reward: 1, weight: 1 })
    expect((await autodidact.learned(taskStatistics)).kinds()).toMatchObject([{ runs: 1 }])
  })

  test('a word on one decision counts for that one only', async () => {
    const { autodidact } = await opened({ learners })
    const advice = await autodidact.advise('a', { choices: { tool: ['x'], model: ['y'] } })
    await autodidact.record({ advice, success: true })
    await autodidact.feedback(advice.run, 'down', { decision: advice.decisions['tool']?.id ?? '' })
    const books = await autodidact.learned(ledger)
    expect(books.get(`decision ${advice.decisions['tool']?.id ?? ''} x`)).toEqual({ reward: 0, weight: 1 })
    expect(books.get(`decision ${advice.decisions['model']?.id ?? ''} y`)).toEqual({ reward: 1, weight: 0.7 })
    expect(books.get(`run ${advice.run} `)).toEqual({ reward: 1, weight: 0.7 })
    await expect(autodidact.feedback('other', 'up', { decision: advice.decisions['tool']?.id ?? '' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('a word on a decision that a known run does not have is refused; before the run is known it waits', async () => {
    const { autodidact } = await opened({ learners })
    const unknown = { code: 'UNKNOWN_ID', message: expect.stringContaining('"nope"') as string }
    const { id, run } = await autodidact.decide('tool', ['x'])
    await expect(autodidact.feedback(run, 'up', { decision: 'nope' })).rejects.toMatchObject(unknown)
    await autodidact.feedback(run, 'up', { decision: id })
    const recorded = await autodidact.record({ task: 'a' })
    await expect(autodidact.feedback(recorded.run, 'up', { decision: 'nope' })).rejects.toMatchObject(unknown)
    expect(await autodidact.feedback('later', 'up', { decision: 'nope', id: 'early' })).toMatchObject({ status: 'stored', recorded: false })
    await autodidact.record({ run: 'later', task: 'a' })
    expect((await autodidact.feedback('later', 'up', { decision: 'nope', id: 'early' })).status).toBe('merged')
  })

  test("a step's own reward is that of its decision", async () => {
    const { autodidact } = await opened({ learners })
    const decision = await autodidact.decide('tool', ['x'], { run: 'r' })
    const high = await autodidact.decide('tool', ['x'], { run: 'r' })
    const steps = [{ action: 'x', decision: decision.id, reward: 0.2 }, { action: 'x', decision: high.id, reward: 17 }]
    await autodidact.record({ run: 'r', task: 'a', success: true, steps })
    const books = await autodidact.learned(ledger)
    expect(books.get(`decision ${decision.id} x`)).toEqual({ reward: 0.2, weight: 1 })
    expect(books.get(`decision ${high.id} x`)).toEqual({ reward: 1, weight: 1 })
  })
})

describe('retraction', () => {
  test.each<[FeedbackInput, object]>([
    ['down', { success: true }],
    [{ correction: 'refund(8)' }, { success: true }],
    ['up', {}],
    [{ outcome: { success: false } }, { outcome: { score: 0.5, judge: 'check' } }],
  ])('of %j restores what stood before', async (input, record) => {
    const { autodidact, say, verdicts, run } = await advisedRun({ record })
    const state = async () => ({ verdicts: await verdicts(), recalled: await autodidact.recall('Refund order 7', { unverified: true }) })
    const before = await state()
    const { feedback } = await say(input)
    expect(await state()).not.toEqual(before)
    const receipt = await say({ retract: feedback })
    expect(receipt).toMatchObject({ run, status: 'stored' })
    expect(await state()).toEqual(before)
    expect((await say({ retract: feedback })).status).toBe('stored')
    expect(await state()).toEqual(before)
  })

  test('may come before what it takes back, and before the run', async () => {
    const { autodidact, advice, say, verdicts } = await advisedRun({ record: false })
    await say({ retract: 'f1' }, { id: 'no' })
    await autodidact.record({ advice, response: 'refund(7)' })
    expect((await say({ retract: 'f1' }, { id: 'no' })).status).toBe('merged')
    expect(await say('down', { id: 'f1' })).toMatchObject({ status: 'stored', standing: 'unverified' })
    expect((await verdicts()).run).toBeUndefined()
    expect((await say({ retract: 'f1' }, { id: 'no' })).status).toBe('merged')
  })

  test('of a feedback that a recorded run never had is refused', async () => {
    const { autodidact, say, run } = await advisedRun()
    await expect(say({ retract: 'nope' })).rejects.toMatchObject({ code: 'UNKNOWN_ID', message: expect.stringContaining('"nope"') })
    expect((await autodidact.explain(run)).outcome.votes).toEqual([])
  })

  test('of the latest word of a person brings back the one before', async () => {
    const { say, verdicts } = await advisedRun()
    await say('up', { author: 'ada' })
    await say('down', { author: 'ada', id: 'f2' })
    await say({ retract: 'f2' })
    expect((await verdicts()).run).toEqual({ reward: 1, weight: 1 })
  })

  test('of something that is no feedback on this run is refused', async () => {
    const { autodidact, say, run } = await advisedRun()
    const other = await autodidact.record({ task: 'b' })
    const { feedback } = await autodidact.feedback(other.run, 'up')
    await expect(say({ retract: feedback })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(feedback) })
    await expect(say({ retract: run })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test('lets the run wait for its deadline again', async () => {
    const clock = handClock()
    const { autodidact, storage, say, run } = await advisedRun({ record: false, clock })
    const [waiting] = await storage.due('default', Number.MAX_SAFE_INTEGER, 10)
    expect(waiting?.run).toBe(run)
    const { feedback } = await say('up')
    expect(await storage.due('default', Number.MAX_SAFE_INTEGER, 10)).toEqual([])
    await say({ retract: feedback })
    expect(await storage.due('default', Number.MAX_SAFE_INTEGER, 10)).toEqual([waiting])
    await autodidact.close()
  })
})

describe('credit', () => {
  test('goes to the option that was taken, and says that the advice was not followed', async () => {
    const { autodidact, advice, option, say } = await advisedRun({ record: false })
    const other = option === 'lookup' ? 'search' : 'lookup'
    await say('up')
    await autodidact.record({ advice, taken: { tool: other } })
    expect((await autodidact.learned(decisionsSettled)).map(({ option, followed, previous, current }) => ({ option, followed, previous, current }))).toEqual([
      { option, followed: true, previous: undefined, current: { reward: 1, weight: 1 } },
      { option, followed: true, previous: { reward: 1, weight: 1 }, current: undefined },
      { option: other, followed: false, previous: undefined, current: { reward: 1, weight: 1 } },
    ])
  })

  test('by the id of a decision where a point was decided twice', async () => {
    const { autodidact } = await opened({ learners })
    const [first, second] = [await autodidact.decide('tool', ['x'], { run: 'r' }), await autodidact.decide('tool', ['x'], { run: 'r' })]
    await autodidact.record({ run: 'r', task: 'a', taken: { [second.id]: 'z' }, success: true })
    expect([...(await autodidact.learned(ledger)).keys()]).toEqual([`decision ${first.id} x`, `decision ${second.id} z`, 'run r '])
  })

  test('works for points and options that are called like what every object has', async () => {
    const { autodidact } = await opened({ learners })
    const options = ['toString', 'valueOf', '__proto__', 'hasOwnProperty']
    const advice = await autodidact.advise('Refund order 7', { choices: { constructor: options, tool: options } })
    const { parts } = await autodidact.record({ advice, taken: { tool: 'valueOf' }, success: true })
    expect(parts.find(({ part }) => part === 'taken')).toEqual({ part: 'taken', status: 'stored' })
    const settled = await autodidact.learned(decisionsSettled)
    expect(settled.map(({ point, option }) => [point, option])).toEqual([['constructor', advice.choose['constructor']], ['tool', 'valueOf']])
    expect(settled.every(({ similarity }) => typeof similarity === 'number')).toBe(true)
    expect((await autodidact.learned(optionModel)).mean('constructor')).toBeGreaterThan(0.5)
    expect(options).toContain((await autodidact.decide('constructor', options)).option)
  })

  test('goes to the items that the advice showed, or to those that were really used', async () => {
    const { autodidact } = await opened({ learners })
    const { id: rule } = await autodidact.remember('Refund orders above 100 only with a second signature')
    const { run: example } = await autodidact.record({ task: 'Refund order 1', response: 'refund(1)', success: true })
    const shown = await autodidact.advise('Refund order 2')
    expect(shown.items.map(({ id }) => id).sort()).toEqual([rule, example].sort())
    await autodidact.record({ advice: shown, success: true })
    const refined = await autodidact.advise('Refund order 3')
    await autodidact.record({ advice: refined, used: [rule], success: false })
    const useful = await autodidact.learned(itemUsefulness)
    expect([useful.counts(example), useful.counts(rule)]).toEqual([{ up: 0.7, down: 0 }, { up: 0.7, down: 0.7 }])
  })

  test('is not given for items that were shown in a run that was never recorded', async () => {
    const { autodidact } = await opened()
    const { id } = await autodidact.remember('Refund orders above 100 only with a second signature')
    const advice = await autodidact.advise('Refund order 2')
    expect(advice.items).toHaveLength(1)
    await autodidact.feedback(advice.run, 'up')
    expect((await autodidact.learned(itemUsefulness)).counts(id)).toEqual({ up: 0, down: 0 })
  })
})

describe('a correction', () => {
  test('makes the run an example of the right answer', async () => {
    const { autodidact, say, run } = await advisedRun({ record: { success: true } })
    await say({ correction: { sql: 'SELECT 8' } })
    const { items, prompt } = await autodidact.recall('Refund order 7')
    expect(items).toMatchObject([{ id: run, kind: 'example', response: { sql: 'SELECT 8' }, replaced: 'refund(7)' }])
    expect(prompt).toContain('SELECT 8')
    expect(prompt).not.toContain('refund(7)')
  })

  test('that is corrected counts as its last word', async () => {
    const { autodidact, say } = await advisedRun()
    await say({ correction: 'refund(8)' }, { author: 'ada' })
    await say({ correction: 'refund(9)' }, { author: 'ada', id: 'f2' })
    expect((await autodidact.recall('Refund order 7')).items[0]?.response).toBe('refund(9)')
    await say({ retract: 'f2' })
    expect((await autodidact.recall('Refund order 7')).items[0]?.response).toBe('refund(8)')
  })

  test('by several people is the one that most of them gave, and among equals the one said last', async () => {
    const { autodidact, run, say } = await advisedRun()
    const answer = async () => (await autodidact.recall('Refund order 7')).items[0]?.response
    await say({ correction: 'refund(8)' }, { author: 'ada' })
    await say({ correction: 'refund(9)' }, { author: 'grace' })
    expect(await answer()).toBe('refund(9)')
    const second = await say({ correction: ' refund(8) ' }, { author: 'edsger' })
    const troll = await say({ correction: 'refund(9)' }, { author: 'troll' })
    expect(await answer()).toBe('refund(9)')
    await say({ correction: 'refund(8)' }, { author: 'barbara' })
    await say({ correction: 'refund(666)' }, { author: 'troll' })
    expect(await answer()).toBe('refund(8)')
    await say({ retract: second.feedback })
    await say({ retract: troll.feedback })
    expect(await answer()).toBe('refund(8)')
    const { outcome } = await autodidact.explain(run)
    expect(outcome.votes.filter(({ stands }) => stands).map(({ author }) => author)).toEqual(['ada', 'grace', 'barbara', 'troll'])
  })

  test('by several people who all differ is the one said last, also by who spoke first', async () => {
    const { autodidact, say } = await advisedRun()
    for (const [author, correction] of [['ada', 'refund(8)'], ['grace', 'refund(9)'], ['ada', 'refund(10)']] as const) await say({ correction }, { author })
    expect((await autodidact.recall('Refund order 7')).items[0]?.response).toBe('refund(10)')
  })

  test('of one person is one vote, however often it is repeated, and so are all nameless voices together', async () => {
    const { autodidact, say, verdicts } = await advisedRun()
    const answer = async () => (await autodidact.recall('Refund order 7')).items[0]?.response
    await say({ correction: 'refund(7)' }, { author: 'ada' })
    await say({ correction: 'refund(7)' }, { author: 'grace' })
    for (let again = 0; again < 3; again += 1) await say({ correction: 'refund(8)' }, { author: 'troll' })
    for (let again = 0; again < 3; again += 1) await say({ correction: 'refund(9)' })
    expect(await answer()).toBe('refund(7)')
    expect((await verdicts()).run).toEqual({ reward: 0.5, weight: 1 })
  })

  test.each(['', ' \n\t'])('of %j is no answer, and refused', async (correction) => {
    const { autodidact, say } = await advisedRun({ record: { success: true } })
    await expect(say({ correction })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('correction is empty') })
    expect((await autodidact.recall('Refund order 7')).items[0]?.response).toBe('refund(7)')
    await say({ correction: null })
    expect((await autodidact.recall('Refund order 7')).items[0]?.response).toBeNull()
  })

  test('is compared by content, not by the order of keys', async () => {
    const { say, verdicts } = await advisedRun({ record: { response: { a: 1, b: [2, { c: 3, d: 4 }] } } })
    await say({ correction: { b: [2, { d: 4, c: 3 }], a: 1 } })
    expect((await verdicts()).run).toEqual({ reward: 1, weight: 1 })
  })
})
