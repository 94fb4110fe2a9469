import { Autodidact, type AutodidactSettings, AutodidactError, type Explanation } from '../index.ts'
import { afterEach, describe, expect, test } from 'vitest'

const open: Autodidact[] = []

const opened = async (settings: AutodidactSettings = {}): Promise<Autodidact> => {
  const autodidact = await Autodidact.open(':memory:', { seed: 3, ...settings })
  open.push(autodidact)
  return autodidact
}

afterEach(async () => {
  for (const autodidact of open.splice(0)) await autodidact.close()
})

const codeOf = async (promise: Promise<unknown>): Promise<string | undefined> => {
  try {
    await promise
    return undefined
  } catch (error) {
    return AutodidactError.is(error) ? error.code : String(error)
  }
}

const tools = [
  { id: 'mail', description: 'write a letter' },
  { id: 'sql', description: 'query orders' },
  { id: 'web', description: 'look something up' },
]

/** One decision with its verdict. */
const teach = async (autodidact: Autodidact, run: string, tool: string, task: string, success: boolean): Promise<void> => {
  await autodidact.decide('tool', tools, { task, run })
  await autodidact.record({ run, task, taken: { tool }, outcome: { success, judge: 'check' } })
}

const only = (explanation: Explanation): Explanation['decisions'][number] => {
  const [decision, ...others] = explanation.decisions
  if (decision === undefined || others.length > 0) throw new Error('exactly one decision was expected')
  return decision
}

describe('an item', () => {
  test('is explained by what it shares, what is said of it, and the runs that were shown it', async () => {
    const autodidact = await opened()
    await autodidact.record({ run: 'source', task: 'refund order 1187', response: 'twenty', user: 'ada' })
    await autodidact.feedback('source', 'up', { id: 'praise' })
    const judged: [string, boolean][] = [['first', true], ['second', true], ['third', false]]
    for (const [run, success] of judged) {
      const advice = await autodidact.advise('refund order 1190', { run })
      await autodidact.record({ advice, used: ['source'], success, task: 'something of its own' })
    }
    const advice = await autodidact.advise('refund an order')
    const { recalled } = await autodidact.explain(advice.id)
    const item = recalled.find(({ id }) => id === 'source')
    expect(item).toMatchObject({
      advice: advice.id,
      kind: 'example',
      task: 'refund order 1187',
      forgotten: false,
      runs: 3,
      // Without the praise nobody would have known that it went well.
      facts: ['source', 'praise'],
      outcome: { recorded: true, standing: 'success', votes: [{ fact: 'praise', author: 'ada', level: 'user', reward: 1, stands: true }] },
    })
    expect(item?.reason).toContain("'refund', 'order'")
    expect(item?.evidence.map(({ run, facts }) => [run, facts])).toEqual([
      ['third', ['third']],
      ['second', ['second']],
      ['first', ['first']],
    ])
    const { up, down } = item?.counts ?? { up: Number.NaN, down: Number.NaN }
    expect(item?.usefulness).toBeCloseTo((1 + up) / (2 + up + down), 12)
  })

  test('that was erased since is named as such, and its facts are not named', async () => {
    const autodidact = await opened()
    await autodidact.record({ run: 'source', task: 'refund order 1187', success: true })
    const advice = await autodidact.advise('refund order 1190')
    await autodidact.forget({ run: 'source' })
    const { recalled, facts, notes } = await autodidact.explain(advice.id)
    expect(recalled).toMatchObject([{ id: 'source', forgotten: true, facts: [] }])
    expect(recalled[0]).not.toHaveProperty('task')
    expect(facts).toEqual([])
    expect(notes.join(' ')).toContain('erased')
  })

  test('that is knowledge is explained by its own fact', async () => {
    const autodidact = await opened()
    const { id } = await autodidact.remember({ title: 'Refunds', content: 'A refund above 100 needs a second signature.' })
    const advice = await autodidact.advise('a refund of 200')
    const { recalled } = await autodidact.explain(advice.id)
    expect(recalled).toMatchObject([{ id, kind: 'knowledge', task: 'Refunds', facts: [id] }])
    expect(recalled[0]).not.toHaveProperty('outcome')
  })

  test('that the agent did not use is told apart once the run is recorded', async () => {
    const autodidact = await opened()
    await autodidact.record({ run: 'source', task: 'refund order 1187', success: true })
    const advice = await autodidact.advise('refund order 1190')
    expect((await autodidact.explain(advice.id)).recalled[0]).not.toHaveProperty('used')
    await autodidact.record({ advice, used: [], success: true })
    expect((await autodidact.explain(advice.run)).recalled).toMatchObject([{ id: 'source', used: false }])
  })
})

describe('a decision', () => {
  test('between options that are called like what every object has is explained like any other', async () => {
    const autodidact = await opened({ points: { tool: { policy: 'greedy' } } })
    const { id } = await autodidact.decide('tool', ['constructor', 'toString', 'search'], { task: 'search for it' })
    const [decision] = (await autodidact.explain(id)).decisions
    expect(decision?.options.map(({ id: option, similarity }) => [option, similarity > 0])).toEqual([['search', true], ['constructor', false], ['toString', false]])
    expect(decision?.options.every(({ expected = Number.NaN }) => expected >= 0 && expected <= 1)).toBe(true)
  })

  test('is explained by the runs without which it would be another one, and forgetting them proves it', async () => {
    const autodidact = await opened({ points: { tool: { policy: 'greedy' } } })
    await teach(autodidact, 'good', 'web', 'query the orders of today', true)
    await teach(autodidact, 'unrelated', 'mail', 'a letter to grace', false)
    const advice = await autodidact.advise('query the orders of today', { choices: { tool: tools }, recall: false })
    expect(advice.choose['tool']).toBe('web')

    const decision = only(await autodidact.explain(advice.id))
    expect(decision).toMatchObject({ point: 'tool', option: 'web', recommended: 'web', propensity: 1, explored: false, policy: 'greedy', teaching: 'found' })
    expect(decision).toMatchObject({ advice: advice.id, settled: 2, facts: ['good'], lessons: [{ run: 'good', option: 'web', verdict: { reward: 1 } }] })
    expect(decision.lessons[0]?.contribution).toBeGreaterThan(0)
    expect(decision.options[0]).toMatchObject({ id: 'web', description: 'look something up', probability: 1 })
    expect(decision.expected).toBeCloseTo(advice.decisions['tool']?.expected ?? Number.NaN, 9)

    await autodidact.forget({ facts: decision.facts })
    expect((await autodidact.advise('query the orders of today', { choices: { tool: tools }, recall: false })).choose['tool']).toBe('sql')
  })

  test('names the feedback where that alone carries the verdict, also what it replaced', async () => {
    const autodidact = await opened({ points: { tool: { policy: 'greedy' } } })
    const task = 'query the orders of today'
    await autodidact.decide('tool', tools, { task, run: 'good' })
    await autodidact.record({ run: 'good', task, taken: { tool: 'web' } })
    await autodidact.feedback('good', { score: 0.9 }, { id: 'before', author: 'ada' })
    await autodidact.feedback('good', 'up', { id: 'after', author: 'ada' })
    const decision = await autodidact.decide('tool', tools, { task })
    const explained = only(await autodidact.explain(decision.id))
    expect(explained).toMatchObject({ recommended: 'web', teaching: 'found', facts: ['before', 'after'] })
    await autodidact.forget({ facts: explained.facts })
    expect((await autodidact.decide('tool', tools, { task })).option).toBe('sql')
  })

  test('names the deadline where silence counted as a reward', async () => {
    let now = 1_000
    const autodidact = await opened({ clock: () => now, deadlineMs: 10, points: { tool: { policy: 'greedy', defaultReward: 1 } } })
    const alike = { choices: { tool: ['left', 'right'] }, recall: false } as const
    const silent = await autodidact.advise('where to go', { run: 'silent', ...alike })
    now += 100
    const advice = await autodidact.advise('where to go', alike)
    expect(advice.choose).toEqual(silent.choose)
    expect(only(await autodidact.explain(silent.id)).teaching).toBe('untaught')
    expect(only(await autodidact.explain(advice.id))).toMatchObject({ teaching: 'found', facts: ['expired:silent:1010'] })
  })

  test('that descriptions alone explain is untaught and names no facts', async () => {
    const autodidact = await opened()
    await teach(autodidact, 'unrelated', 'mail', 'a letter to grace', true)
    const decision = await autodidact.decide('tool', tools, { task: 'query the orders' })
    expect(only(await autodidact.explain(decision.id))).toMatchObject({ recommended: 'sql', teaching: 'untaught', facts: [], lessons: [] })
  })

  test('among equals is untaught and recommends nothing', async () => {
    const autodidact = await opened()
    const explained = only(await autodidact.explain((await autodidact.decide('tool', ['a', 'b'])).id))
    expect(explained).toMatchObject({ teaching: 'untaught', facts: [] })
    expect(explained).not.toHaveProperty('recommended')
    expect(explained.reason).toContain('chance')
  })

  test.each([
    ['there is one option', ['a'], 'default', 'one option'],
    ['the policy does not learn', ['a', 'b'], 'fixed', 'does not learn'],
  ] as const)('is untaught when %s', async (_, options, policy, reason) => {
    const autodidact = await opened({ points: { tool: { policy } } })
    const explained = only(await autodidact.explain((await autodidact.decide('tool', options)).id))
    expect(explained).toMatchObject({ teaching: 'untaught', facts: [] })
    expect(explained.reason).toContain(reason)
  })

  test('is explained by what was known then, not by what came later', async () => {
    const autodidact = await opened({ points: { tool: { policy: 'greedy' } } })
    const task = 'query the orders of today'
    await teach(autodidact, 'good', 'web', task, true)
    const decision = await autodidact.decide('tool', tools, { task })
    for (let number = 0; number < 5; number += 1) await teach(autodidact, `later-${number}`, 'web', task, false)
    expect(only(await autodidact.explain(decision.id))).toMatchObject({ recommended: 'web', teaching: 'found', settled: 1, facts: ['good'] })
  })

  test('whose teachers were erased is unproven and says why', async () => {
    const autodidact = await opened({ points: { tool: { policy: 'greedy' } } })
    await teach(autodidact, 'good', 'web', 'query the orders of today', true)
    const decision = await autodidact.decide('tool', tools, { task: 'query the orders of today' })
    await autodidact.forget({ run: 'good' })
    const explained = only(await autodidact.explain(decision.id))
    expect(explained).toMatchObject({ recommended: 'web', teaching: 'unproven', facts: [] })
    expect(explained.reason).toContain('erased')
  })

  test('tells exploration, what was really taken, and the verdict', async () => {
    const autodidact = await opened({ points: { tool: { policy: 'epsilon-greedy' } } })
    let explored: string | undefined
    for (let number = 0; number < 200 && explored === undefined; number += 1) {
      const decision = await autodidact.decide('tool', tools, { task: 'query the orders', run: `run-${number}` })
      if (decision.option === 'sql') continue
      explored = decision.id
      await autodidact.record({ run: decision.run, task: 'query the orders', taken: { tool: 'sql' }, success: true })
    }
    const decision = only(await autodidact.explain(explored ?? 'none'))
    expect(decision).toMatchObject({ explored: true, recommended: 'sql', taken: 'sql', verdict: { reward: 1, weight: 0.7 }, seed: expect.any(Number) })
    expect(decision.propensity).toBeCloseTo(0.1 / 3, 12)
  })
})

describe('an id', () => {
  test('of an advice, a run and a decision tell of the same run', async () => {
    const autodidact = await opened()
    await autodidact.record({ run: 'source', task: 'refund order 1187', success: true })
    const advice = await autodidact.advise('refund order 1190', { user: 'ada', agent: 'clerk', choices: { tool: tools } })
    const inside = await autodidact.decide('tone', ['kind', 'short'], { advice })
    await autodidact.record({ advice, success: true })
    const [byAdvice, byRun, byDecision] = [
      await autodidact.explain(advice.id),
      await autodidact.explain(advice.run),
      await autodidact.explain(inside.id),
    ]
    expect(byAdvice).toMatchObject({ subject: 'advice', run: advice.run, advice: [advice.id], task: 'refund order 1190', learning: true })
    expect(byAdvice.decisions.map(({ point }) => point)).toEqual(['tool', 'tone'])
    expect(byRun).toMatchObject({ subject: 'run', id: advice.run, advice: [advice.id] })
    expect(byRun.recalled).toEqual(byAdvice.recalled)
    expect(byDecision).toMatchObject({ subject: 'decision', id: inside.id, run: advice.run, recalled: [] })
    expect(byDecision.decisions.map(({ id }) => id)).toEqual([inside.id])
    for (const explanation of [byAdvice, byRun, byDecision]) {
      expect(explanation.outcome).toMatchObject({ recorded: true, standing: 'success', votes: [{ level: 'host', reward: 1 }] })
      expect(JSON.parse(JSON.stringify(explanation))).toEqual(explanation)
    }
  })

  test('of a run nobody was advised in tells what is said of it', async () => {
    const autodidact = await opened()
    await autodidact.record({ run: 'alone', task: 'refund order 1187', outcome: { success: false, judge: 'model' } })
    await autodidact.feedback('alone', 'up', { id: 'first', author: 'ada' })
    await autodidact.feedback('alone', 'down', { id: 'second', author: 'ada' })
    await autodidact.feedback('alone', 'up', { id: 'third', author: 'bob' })
    await autodidact.feedback('alone', { retract: 'third' })
    const { subject, recalled, decisions, facts, notes, outcome } = await autodidact.explain('alone')
    expect({ subject, recalled, decisions, facts }).toEqual({ subject: 'run', recalled: [], decisions: [], facts: [] })
    expect(notes).toEqual(['Nobody asked for advice in this run.'])
    expect(outcome.verdict).toEqual({ reward: 0, weight: 1 })
    expect(outcome.votes.map(({ fact, author, level, stands }) => [fact, author, level, stands])).toEqual([
      ['alone', undefined, 'model', true],
      ['first', 'ada', 'user', false],
      ['second', 'ada', 'user', true],
      ['third', 'bob', 'user', false],
    ])
  })

  test('of a run that so far has only feedback is explained as far as it goes', async () => {
    const autodidact = await opened()
    await autodidact.feedback('early', 'up')
    expect((await autodidact.explain('early')).outcome).toMatchObject({ recorded: false, votes: [{ reward: 1 }] })
  })

  test('with learning off says so', async () => {
    const autodidact = await opened({ learning: false })
    await autodidact.record({ task: 'refund order 1187', success: true })
    const advice = await autodidact.advise('refund order 1187', { choices: { tool: tools } })
    const explanation = await autodidact.explain(advice.id)
    expect(explanation).toMatchObject({ learning: false, recalled: [], facts: [], decisions: [{ policy: 'uniform', teaching: 'untaught' }] })
    expect(explanation.notes.join(' ')).toContain('Learning was off')
  })

  test('that names nothing, something else, a fallback, another namespace or what was erased is an error that says what to do', async () => {
    const autodidact = await opened()
    expect(await codeOf(autodidact.explain('never'))).toBe('UNKNOWN_ID')
    expect(await codeOf(autodidact.explain(''))).toBe('INVALID_INPUT')
    const knowledge = await autodidact.remember('Refunds need a signature.')
    expect(await codeOf(autodidact.explain(knowledge.id))).toBe('UNKNOWN_ID')
    const { run } = await autodidact.record({ task: 'refund order 1187', success: true })
    expect(await codeOf(autodidact.in('acme').explain(run))).toBe('UNKNOWN_ID')
    const advice = await autodidact.advise('refund order 1187')
    await autodidact.forget({ facts: [advice.id] })
    expect(await codeOf(autodidact.explain(advice.id))).toBe('FORGOTTEN')
    await autodidact.forget({ run })
    expect(await codeOf(autodidact.explain(run))).toBe('FORGOTTEN')
  })

  test('of a fallback names nothing in the log', async () => {
    const autodidact = await opened()
    await autodidact.close()
    const fallback = await autodidact.advise('refund order 1187')
    expect(fallback.logged).toBe(false)
    const other = await opened()
    await expect(other.explain(fallback.id)).rejects.toThrow('fallback')
  })
})
