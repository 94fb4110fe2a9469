import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { opened, temporaryFile } from '../../test/support/instance.ts'
import { scoreOf } from '../../test/support/interrupted-batch.ts'
import type { AutodidactSettings } from '../autodidact.ts'
import { featurize } from '../learn/features.ts'
import { optionModel } from '../learn/learners/option-model.ts'
import { Coordinator, type CoordinatorSettings } from './coordinator.ts'
import type { Judgement, PastInteraction } from './coordination/batches.ts'
import type { SubAgent } from './coordination/sub-agent.ts'

const never = (): never => expect.unreachable()

/** Three sub-agents of which one gives the right answer. */
const team: Readonly<Record<string, SubAgent>> = { search: () => 'a page', coder: () => 'a program', writer: () => 'a poem' }
const wantsPoems: NonNullable<CoordinatorSettings['assess']> = ({ response }) => ({ success: response === 'a poem', judge: 'check' })

describe('a request', () => {
  test('goes to one of the sub-agents; who was chosen, who answered and how it went is in the log', async () => {
    const { autodidact, facts } = await opened({ points: { agent: { reward: 'three-part' } } })
    const coordinator = new Coordinator({ autodidact, agents: team, assess: wantsPoems })
    const { run, agent, response, decision, reward, warnings } = await coordinator.processRequest('write me something', { user: 'ada', session: 's', context: { load: 2 } })
    const [made] = await facts('decision.made')
    expect(made).toMatchObject({ id: decision.id, run, agent: 'coordinator', user: 'ada', data: { point: 'agent', option: agent, propensity: decision.propensity, context: { load: 2 } } })
    const [recorded] = await facts('run.recorded')
    expect(recorded).toMatchObject({ id: run, agent, source: 'coordinator', user: 'ada', session: 's', data: { task: 'write me something', response } })
    // Quick and nobody has rated it: .75 for a success, .45 for a failure, as the earlier system had it.
    expect(reward).toBeCloseTo(agent === 'writer' ? 0.75 : 0.45, 9)
    expect(warnings).toEqual([])
  })

  test('hands over what is known, and what was said before as it is', async () => {
    const { autodidact } = await opened()
    await autodidact.remember({ title: 'Refunds', content: 'Refunds above 100 need a second signature.' })
    const seen: unknown[] = []
    const coordinator = new Coordinator({ autodidact, agents: { desk: (request, { prompt, history, advice, signal }) => void seen.push(request, prompt.includes('second signature'), history, advice.task, signal.aborted) } })
    await coordinator.processRequest('how do refunds work?', { history: [{ role: 'user', content: 'hello' }] })
    expect(seen).toEqual(['how do refunds work?', true, [{ role: 'user', content: 'hello' }], 'how do refunds work?', false])
    const deaf = new Coordinator({ autodidact, recall: false, agents: { desk: (_, { prompt }) => prompt } })
    expect((await deaf.processRequest('how do refunds work?')).response).toBe('')
  })

  test('is answered by functions and by objects with a method, called on the object', async () => {
    const { autodidact } = await opened()
    class Counter {
      #count = 0
      readonly description = 'counts'
      invoke(): number {
        this.#count += 1
        return this.#count
      }
    }
    const answers = async (agent: SubAgent): Promise<unknown> => (await new Coordinator({ autodidact, agents: { only: agent } }).processRequest('one')).response
    const counter = new Counter()
    expect([await answers(counter), await answers(counter)]).toEqual([1, 2])
    expect(await answers({ run: (request) => Promise.resolve(`${request}!`) })).toBe('one!')
    expect(await answers({ generate: () => 'text' })).toBe('text')
    for (const agent of [7, null, {}, { run: 'x' }]) expect(() => new Coordinator({ autodidact, agents: { only: agent as unknown as SubAgent } })).toThrow('The sub-agent "only" is')
  })

  test('that a sub-agent fails on throws its very error, which is a failure of it', async () => {
    const { autodidact, facts } = await opened()
    const error = new Error('no connection')
    const coordinator = new Coordinator({ autodidact, agents: { broken: () => { throw error } }, assess: never })
    await expect(coordinator.processRequest('anything')).rejects.toBe(error)
    expect(await facts('run.recorded')).toMatchObject([{ agent: 'broken', data: { outcome: { success: false, judge: 'host', error: 'Error: no connection' } } }])
    expect((await autodidact.report()).points[0]?.options).toMatchObject([{ option: 'broken', settled: 1, reward: 0 }])
  })

  test('that is aborted ends with the reason, also where the sub-agent does not look, and teaches nothing', async () => {
    const { autodidact, facts } = await opened()
    const stop = new AbortController()
    const reason = new Error('the user has left')
    const coordinator = new Coordinator({ autodidact, agents: { slow: () => { stop.abort(reason); return new Promise(() => undefined) } } })
    await expect(coordinator.processRequest('anything', { signal: stop.signal })).rejects.toBe(reason)
    expect((await facts('run.recorded')).map(({ data }) => data.outcome)).toEqual([{ judge: 'host', error: 'AbortError: the work was aborted' }])
    expect((await autodidact.report()).points[0]).toMatchObject({ decisions: 1, settled: 0 })
    await expect(coordinator.processRequest('anything', { signal: stop.signal })).rejects.toBe(reason)
    expect(await facts('decision.made')).toHaveLength(1)
  })

  test('that is aborted while it is assessed ends with the reason, too', async () => {
    const { autodidact, facts } = await opened()
    const stop = new AbortController()
    const coordinator = new Coordinator({ autodidact, agents: { echo: (request) => request }, assess: () => { stop.abort(new Error('the user has left')); return new Promise(() => undefined) } })
    await expect(coordinator.processRequest('anything', { signal: stop.signal })).rejects.toThrow('the user has left')
    expect((await facts('run.recorded')).map(({ data }) => data.outcome?.success)).toEqual([undefined])
  })

  test('is worth nothing until somebody says so: by the sub-agent’s own note, an assessment, or a feedback', async () => {
    const { autodidact } = await opened()
    const rewarded = async (agent: SubAgent, assess?: CoordinatorSettings['assess']): Promise<unknown> => {
      const { reward, warnings } = await new Coordinator({ autodidact, agents: { only: agent }, ...(assess === undefined ? {} : { assess }) }).processRequest('one')
      return [reward, warnings.map(({ code }) => code)]
    }
    expect(await rewarded(() => 'x')).toEqual([undefined, []])
    expect(await rewarded((_, { notes }) => notes.outcome({ score: 0.3 }), () => ({ success: true }))).toEqual([0.3, []])
    expect(await rewarded(() => 'x', () => Promise.resolve({ success: true }))).toEqual([1, []])
    expect(await rewarded(() => 'x', () => undefined)).toEqual([undefined, []])
    expect(await rewarded(() => 'x', () => { throw new Error('cannot tell') })).toEqual([undefined, ['ASSESSMENT_FAILED']])
  })

  test.each([[''], [7], [null]])('that is none, such as %j, is refused and nothing is written', async (request) => {
    const { autodidact, log } = await opened()
    const coordinator = new Coordinator({ autodidact, agents: { only: never } })
    await expect(coordinator.processRequest(request as string)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await expect(coordinator.processRequest('x', { signal: 'soon' } as object)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await log()).toEqual([])
  })
})

const goodShare = async (settings: AutodidactSettings, state?: string): Promise<number> => {
  const { autodidact } = await opened({ seed: 5, ...settings })
  const coordinator = new Coordinator({ autodidact, agents: team, assess: wantsPoems })
  let good = 0
  for (let request = 0; request < 150; request += 1) {
    const { agent } = await coordinator.processRequest('a line for the birthday of a friend', state === undefined ? {} : { state })
    if (request >= 100) good += Number(agent === 'writer')
  }
  return good / 50
}

describe('the choice', () => {
  test.each([
    ['default', {}],
    ['rewards that are never 0', { points: { agent: { reward: 'three-part' } } }],
    ['Q-learning', { points: { agent: { reward: 'three-part', policy: { name: 'q-learning', discount: 0, explorationEpisodes: 60 } } } }],
    ['policy gradient', { points: { agent: { reward: 'three-part', policy: { name: 'policy-gradient', rate: 0.1 } } } }],
    ['Thompson sampling', { points: { agent: { policy: 'thompson-beta' } } }],
  ] as const)('finds the sub-agent that answers well: %s', async (_, settings) => {
    expect(await goodShare(settings as AutodidactSettings, 'chat')).toBeGreaterThanOrEqual(0.8)
  })

  test('prefers a new sub-agent to those that failed, and forgets none that comes back', async () => {
    const { autodidact } = await opened({ points: { agent: { policy: 'greedy' } } })
    const coordinator = new Coordinator({ autodidact, agents: { search: { description: 'finds pages on the web', run: () => 'a page' } }, assess: wantsPoems })
    const asked = async (request: string): Promise<string> => (await coordinator.processRequest(request)).agent
    for (let request = 0; request < 5; request += 1) expect(await asked('a poem on spring')).toBe('search')
    coordinator.add('writer', { description: 'writes letters', run: () => 'a poem' })
    expect(await asked('a poem on spring')).toBe('writer')
    expect(coordinator.remove('writer')).toBe(true)
    expect(await asked('a poem on spring')).toBe('search')
    coordinator.add('writer', () => 'a poem')
    expect(await asked('a poem on spring')).toBe('writer')
    expect(coordinator.agents).toEqual(['search', 'writer'])
  })

  test('knows sub-agents by their descriptions before any was tried', async () => {
    const { autodidact } = await opened({ points: { agent: { policy: 'greedy' } } })
    const agents = { search: { description: 'finds pages on the web', run: () => 1 }, poet: { description: 'poems and songs', run: () => 2 } }
    const coordinator = new Coordinator({ autodidact, agents })
    expect((await coordinator.processRequest('find me a page on whales')).agent).toBe('search')
    expect((await coordinator.processRequest('a poem on whales')).agent).toBe('poet')
  })

  test('needs somebody to choose', async () => {
    const { autodidact } = await opened()
    const coordinator = new Coordinator({ autodidact, agents: { only: () => 1 } })
    coordinator.remove('only')
    await expect(coordinator.processRequest('x')).rejects.toMatchObject({ code: 'NO_OPTIONS' })
    expect(coordinator.remove('only')).toBe(false)
    expect(() => coordinator.add('', () => 1)).toThrow('Coordinator: name of a sub-agent')
  })

  test('may fall on one that is taken away meanwhile', async () => {
    const { autodidact } = await opened()
    const coordinator = new Coordinator({ autodidact, agents: { only: () => 'still here' } })
    const answer = coordinator.processRequest('x')
    coordinator.remove('only')
    expect((await answer).response).toBe('still here')
  })

  test.each(['softmax', 'q-learning', 'policy-gradient', 'linucb'] as const)('continues after a restart exactly where it stopped: %s', async (policy) => {
    const path = temporaryFile()
    const settings = { points: { agent: { policy, reward: 'three-part' } } } as const
    const probe = { state: 'verse', context: { load: 2 } }
    const before = await opened(settings, path)
    const first = new Coordinator({ autodidact: before.autodidact, agents: team, assess: wantsPoems })
    const naive = (await first.processRequest('a line of verse', probe)).decision.probabilities
    for (let request = 0; request < 20; request += 1) {
      const { run } = await first.processRequest(`request ${request} for ${['verse', 'code', 'pages'][request % 3]}`, { state: ['verse', 'code', 'pages'][request % 3] ?? '', context: { load: request % 4 } })
      if (request % 3 === 0) await first.updateFromFeedback(run, request % 2 === 0 ? 'up' : 'down')
    }
    // A choice that nobody judges teaches nothing: the two that follow are asked the same.
    const asked = async ({ autodidact }: Pick<typeof before, 'autodidact'>): Promise<unknown> => {
      const { decision, reward } = await new Coordinator({ autodidact, agents: team }).processRequest('a line of verse', probe)
      expect(reward).toBeUndefined()
      return decision.probabilities
    }
    const stopped = await asked(before)
    await before.autodidact.close()
    expect(await asked(await opened(settings, path))).toEqual(stopped)
    expect(stopped).not.toEqual(naive)
  })
})

describe('feedback', () => {
  test('is credited to the sub-agent that answered, late, once, from several people, and can be taken back', async () => {
    const { autodidact } = await opened({ points: { agent: { policy: 'greedy' } } })
    const coordinator = new Coordinator({ autodidact, agents: { a: () => 1, b: () => 2 } })
    const { run, agent } = await coordinator.processRequest('one', { user: 'ada' })
    const down = await coordinator.updateFromFeedback(run, 'down', { id: 'f1' })
    expect(down).toMatchObject({ status: 'stored', reward: 0 })
    expect(await coordinator.updateFromFeedback(run, 'down', { id: 'f1' })).toMatchObject({ status: 'merged', reward: 0 })
    expect((await coordinator.processRequest('one')).agent).not.toBe(agent)
    expect(await coordinator.updateFromFeedback(run, { score: 1 }, { author: 'grace' })).toMatchObject({ reward: 0.5 })
    expect(await coordinator.updateFromFeedback(run, { retract: 'f1' })).toMatchObject({ reward: 1 })
    expect((await autodidact.report()).points[0]?.options.find(({ option }) => option === agent)).toMatchObject({ settled: 1, reward: 1 })
  })

  test('may come first, and is of no use for a run without a choice', async () => {
    const { autodidact } = await opened()
    const coordinator = new Coordinator({ autodidact, agents: { a: () => 1 } })
    expect(await coordinator.updateFromFeedback('ticket-7', 'up')).toMatchObject({ recorded: false, reward: undefined })
    expect((await coordinator.processRequest('one', { run: 'ticket-7' })).reward).toBe(1)
  })

  test('says what the own choice is worth where a sub-agent has made others in the same run', async () => {
    const { autodidact } = await opened({ points: { tool: { reward: 'three-part' } } })
    const coordinator = new Coordinator({ autodidact, agents: { a: async (_, { advice }) => (await autodidact.decide('tool', ['x'], { advice })).option } })
    const { run } = await coordinator.processRequest('one')
    const { reward, rewards } = await coordinator.updateFromFeedback(run, { outcome: { success: false } })
    expect(reward).toBe(0)
    expect(rewards.map(({ point, option, reward: worth }) => [point, option, Math.round(worth * 100) / 100])).toEqual([['agent', 'a', 0], ['tool', 'x', 0.45]])
  })
})

describe('what a coordinator did', () => {
  test('is found by the names that it has: decisions of its own, tables of its choice point, interactions and rewards of those who answered', async () => {
    const policy = { name: 'q-learning', discount: 0, firstEpsilon: 0, lastEpsilon: 0 } as const
    const { autodidact } = await opened({ points: { agent: { policy, reward: 'three-part' } } })
    const coordinator = new Coordinator({ autodidact, agents: { writer: () => 'a poem' }, assess: wantsPoems })
    const { run, decision } = await coordinator.processRequest('a line of verse', { state: 'verse' })
    await coordinator.updateFromFeedback(run, { score: 1, comment: 'lovely' })
    const { persistence } = autodidact
    expect(await persistence.getAgentDecisions('coordinator')).toMatchObject([{ id: decision.id, state: 'verse', selectedAction: 'writer', reward: { reward: expect.closeTo(1, 9) as number } }])
    expect((await persistence.getQTable('agent'))?.['verse']?.['writer']).toBeGreaterThan(0)
    expect(await persistence.getAgentInteractions('writer')).toMatchObject([{ run, request: 'a line of verse', response: 'a poem', feedback: 'lovely' }])
    expect(await persistence.getAgentRewards('writer')).toMatchObject([{ id: run, components: { satisfaction: 1, completion: 1, efficiency: 1 } }])
    // What it decided is its own, not also that of the point: a row has one agent.
    expect(await persistence.getAgentDecisions('agent')).toEqual([])
    const named = new Coordinator({ autodidact, name: 'agent', agents: { writer: () => 'a poem' } })
    await named.processRequest('another line', { state: 'verse' })
    expect(await persistence.getAgentDecisions('agent')).toMatchObject([{ state: 'verse', qValues: { writer: expect.any(Number) as number } }])
  })
})

const filled = async (requests: number, path?: string): Promise<Awaited<ReturnType<typeof opened>> & { readonly coordinator: Coordinator; readonly runs: string[] }> => {
  const instance = await opened({}, path)
  const coordinator = new Coordinator({ autodidact: instance.autodidact, agents: { echo: (request) => request } })
  const runs: string[] = []
  for (let number = 0; number < requests; number += 1) runs.push((await coordinator.processRequest(`request ${number}`, { run: `run ${number}` })).run)
  return { ...instance, coordinator, runs }
}

const judging = (asked: string[]) => (interaction: PastInteraction): Judgement => {
  asked.push(interaction.run)
  return { score: scoreOf(interaction) }
}

describe('learning from a batch', () => {
  const interrupted = join(import.meta.dirname, '../../test/support/interrupted-batch.ts')

  test('goes on behind the cursor, asks about each interaction once, and tells whether there are more', async () => {
    const { coordinator, facts, runs } = await filled(7)
    const asked: string[] = []
    const judge = judging(asked)
    expect(await coordinator.learnFromBatch({ size: 3, judge })).toMatchObject({ interactions: 3, judged: 3, known: 0, more: true })
    expect(await coordinator.learnFromBatch({ size: 3, judge })).toMatchObject({ interactions: 3, judged: 3, more: true })
    expect(await coordinator.learnFromBatch({ size: 3, judge })).toMatchObject({ interactions: 1, judged: 1, more: false })
    expect(await coordinator.learnFromBatch({ size: 3, judge })).toMatchObject({ interactions: 0, judged: 0, more: false })
    expect(asked).toEqual(runs)
    expect((await facts('feedback.received')).map(({ data }) => data.outcome)).toEqual(runs.map((_, place) => ({ reward: place / 10, judge: 'model' })))
  })

  test('leaves alone what somebody has judged, what others have done, and what nobody can tell', async () => {
    const { autodidact, coordinator } = await filled(6)
    await autodidact.feedback('run 1', 'up')
    await autodidact.feedback('run 2', { comment: 'hm' })
    const { feedback } = await autodidact.feedback('run 3', 'down')
    await autodidact.feedback('run 3', { retract: feedback })
    await autodidact.record({ task: 'something else', response: 1 })
    await new Coordinator({ autodidact, name: 'another', agents: { echo: () => 1 } }).processRequest('of another')
    await autodidact.forget({ run: 'run 5' })
    const asked: string[] = []
    const judge = (interaction: PastInteraction): Judgement | undefined => (interaction.run === 'run 4' ? undefined : judging(asked)(interaction))
    expect(await coordinator.learnFromBatch({ size: 100, judge })).toMatchObject({ interactions: 5, judged: 3, known: 1, more: false })
    expect(asked).toEqual(['run 0', 'run 2', 'run 3'])
  })

  test('knows verdicts that came before their interaction was recorded, or were taken back before they came', async () => {
    const { autodidact, coordinator } = await filled(0)
    await autodidact.feedback('slow', 'down')
    await autodidact.feedback('taken back', { retract: 'hasty' })
    await autodidact.feedback('taken back', 'down', { id: 'hasty' })
    await coordinator.processRequest('quick', { run: 'quick' })
    const asked: string[] = []
    const judge = ({ run }: PastInteraction): Judgement => ({ success: asked.push(run) > 0 })
    await coordinator.learnFromBatch({ judge })
    for (const run of ['slow', 'taken back']) await coordinator.processRequest(run, { run })
    expect(await coordinator.learnFromBatch({ judge })).toMatchObject({ interactions: 2, judged: 1, known: 1 })
    expect(asked).toEqual(['quick', 'taken back'])
  })

  test('looks at the interactions of the batch, however many wait behind them', async () => {
    const { autodidact, coordinator } = await filled(60)
    for (let number = 30; number < 60; number += 1) await autodidact.feedback(`run ${number}`, 'up')
    const exported = autodidact.export.bind(autodidact)
    let looks = 0
    autodidact.export = async function* (...given) {
      for await (const fact of exported(...given)) {
        looks += 1
        yield fact
      }
    }
    expect(await coordinator.learnFromBatch({ size: 5, judge: judging([]) })).toMatchObject({ judged: 5, more: true })
    expect(looks).toBeLessThan(12)
  })

  test('a process that is killed in between costs no verdict and doubles none: the next one goes on', async () => {
    const path = temporaryFile()
    const { autodidact, runs } = await filled(12, path)
    await autodidact.close()
    const journal = `${path}.journal`
    const child = (dieAt: number): unknown => {
      const { signal, stderr } = spawnSync(process.execPath, [interrupted, path, journal, String(dieAt)], { encoding: 'utf8' })
      return [signal, stderr]
    }
    expect(child(5)).toEqual(['SIGKILL', ''])
    // Four verdicts are in the log, the cursor is where it was.
    expect(child(0)).toEqual([null, ''])
    expect(child(0)).toEqual([null, ''])
    expect(readFileSync(journal, 'utf8').trim().split('\n')).toEqual([...runs.slice(0, 5), ...runs.slice(4)])
    const after = await opened({}, path)
    const verdicts = await after.facts('feedback.received')
    expect(verdicts.map(({ run }) => run)).toEqual(runs)
    const again = new Coordinator({ autodidact: after.autodidact, agents: { echo: never } })
    expect(await again.learnFromBatch({ judge: never })).toMatchObject({ interactions: 0, judged: 0, more: false })

    // What is learned is what a process learns that nobody has killed.
    const whole = await filled(12)
    await whole.coordinator.learnFromBatch({ size: 12, judge: judging([]) })
    const ask = { point: 'agent', options: [{ id: 'echo' }], features: featurize({ task: 'request 3' }), similarities: new Float64Array(1) }
    const learned = async ({ autodidact: instance }: Pick<typeof after, 'autodidact'>): Promise<unknown> => {
      const view = await instance.learned(optionModel)
      return [view.values(ask), view.mean('agent'), view.settled('agent')]
    }
    expect(await learned(after)).toEqual(await learned(whole))
  })

  test('a judge that fails stops it there; the next call asks about that one again', async () => {
    const { coordinator, runs } = await filled(5)
    const asked: string[] = []
    const judge = (interaction: PastInteraction): Judgement => {
      if (asked.length === 2) throw new Error('model is busy')
      return judging(asked)(interaction)
    }
    await expect(coordinator.learnFromBatch({ judge })).rejects.toThrow('model is busy')
    expect(await coordinator.learnFromBatch({ judge: judging(asked) })).toMatchObject({ interactions: 3, judged: 3 })
    expect(asked).toEqual(runs)
  })

  test('two calls at once, or two coordinators on one log, judge nothing twice', async () => {
    const { autodidact, coordinator, facts, runs } = await filled(6)
    const other = new Coordinator({ autodidact, agents: { echo: never } })
    let score = 0
    // A model that says something else each time.
    const judge = async (): Promise<Judgement> => {
      await new Promise((resolve) => setImmediate(resolve))
      return { score: (score += 0.01) }
    }
    const results = await Promise.all([coordinator.learnFromBatch({ judge }), coordinator.learnFromBatch({ judge }), other.learnFromBatch({ judge })])
    expect(results.reduce((sum, { judged }) => sum + judged, 0)).toBe(6)
    expect((await facts('feedback.received')).map(({ run }) => String(run)).toSorted()).toEqual(runs.toSorted())
  })

  test('begins again at the start after an erasure and a restart, and judges nothing a second time', async () => {
    const path = temporaryFile()
    const { autodidact, coordinator, facts, runs } = await filled(5, path)
    await coordinator.learnFromBatch({ judge: judging([]) })
    await autodidact.forget({ run: 'run 0' })
    expect(await coordinator.learnFromBatch({ judge: never })).toMatchObject({ interactions: 0 })
    const restarted = new Coordinator({ autodidact, agents: { echo: never } })
    expect(await restarted.learnFromBatch({ judge: never })).toMatchObject({ interactions: 4, judged: 0, known: 4 })
    expect((await facts('feedback.received')).map(({ run }) => run)).toEqual(runs.slice(1))
  })

  test('works without a judge, and stops with the signal', async () => {
    const { coordinator, facts } = await filled(3)
    expect(await coordinator.learnFromBatch({ size: 2 })).toMatchObject({ interactions: 2, judged: 0, known: 0, more: true })
    expect(await facts('feedback.received')).toEqual([])
    await expect(coordinator.learnFromBatch({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
  })

  test('ends with the signal also where the judge does not, and goes on there', async () => {
    const { coordinator } = await filled(3)
    const stop = new AbortController()
    const judge = (): Promise<never> => { stop.abort(new Error('enough')); return new Promise(() => undefined) }
    await expect(coordinator.learnFromBatch({ judge, signal: stop.signal })).rejects.toThrow('enough')
    expect(await coordinator.learnFromBatch({ judge: () => ({ score: 1 }) })).toMatchObject({ interactions: 3, judged: 3 })
  })

  test.each([{ size: 0 }, { size: 1.5 }, { judge: 7 }, { batch: 3 }])('refuses %j', async (settings) => {
    const { coordinator } = await filled(1)
    await expect(coordinator.learnFromBatch(settings as object)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  test.each([{}, { score: 2 }, 'good', { success: true, certainty: 1 }])('refuses a judgement like %j, and writes none', async (judgement) => {
    const { coordinator, facts } = await filled(1)
    await expect(coordinator.learnFromBatch({ judge: () => judgement as Judgement })).rejects.toThrow('learnFromBatch: what judge returned')
    expect(await facts('feedback.received')).toEqual([])
  })
})

test.each([[{}], [{ agents: {} }], [{ autodidact: 7, agents: {} }], [{ point: '', agents: {} }], [{ assess: 7, agents: {} }], [undefined]])('settings like %j are refused', async (settings) => {
  const { autodidact } = await opened()
  const given = settings === undefined ? undefined : 'autodidact' in settings || Object.keys(settings).length < 2 ? settings : { autodidact, ...settings }
  expect(() => new Coordinator(given as unknown as CoordinatorSettings)).toThrow('Coordinator')
})

test.each([undefined, '', '  ', 7, { request: 'x' }])('a request that is %j is refused in the words of the caller', async (request) => {
  const { autodidact } = await opened()
  const coordinator = new Coordinator({ autodidact, agents: { echo: (given) => given } })
  await expect(coordinator.processRequest(request as string)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringMatching(/^processRequest: request/) })
})

test('a batch that ends late does not take back the place of one that went further', async () => {
  const { autodidact } = await opened({}, temporaryFile())
  const one = () => new Coordinator({ autodidact, agents: { echo: (request) => request } })
  const coordinator = one()
  for (const request of ['a', 'b', 'c']) await coordinator.processRequest(request)
  const asked: string[] = []
  const note = ({ request }: { readonly request: string }): undefined => void asked.push(request)
  await coordinator.learnFromBatch({
    size: 1,
    judge: async () => {
      await one().learnFromBatch({ size: 10, judge: note })
      return undefined
    },
  })
  expect(asked).toEqual(['a', 'b', 'c'])
  await one().learnFromBatch({ size: 10, judge: note })
  expect(asked).toEqual(['a', 'b', 'c'])
})
