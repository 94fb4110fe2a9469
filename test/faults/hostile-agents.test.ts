import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AdaptiveExecution, Api, apiHeavy, backOffMs, classifyError, Coordinator, errorClasses, learnedFixes, parallel, type Task, type WorkStep } from '../../src/agents/index.ts'
import { Autodidact, optionModel } from '../../src/index.ts'
import { complaintOf, isPolluted } from './support/complaint.ts'
import { hostile, runningCode } from './support/hostile.ts'

/** The coordinator and adaptive execution, with everything that a program without types may hand over, or give back where it is called. */

type Call = (value: never) => unknown

let autodidact: Autodidact
beforeAll(async () => {
  autodidact = await Autodidact.open(':memory:', { seed: 1 })
})
afterAll(() => autodidact.close())

const untyped = (value: unknown): never => value as never

const each = (prefix: string, fields: readonly string[], call: (given: object) => unknown): Record<string, Call> =>
  Object.fromEntries(fields.map((field) => [`${prefix}.${field}`, (value: never) => call({ [field]: value })]))

const answering = { only: (request: string): string => request }
const coordinator = (given: object = {}): Coordinator => new Coordinator({ autodidact, agents: answering, ...given })
const execution = (given: object = {}): AdaptiveExecution => new AdaptiveExecution({ autodidact, backOff: { firstMs: 0.001, mostMs: 0.001 }, ...given })
const step: WorkStep = { id: 'a', run: () => 1 }
const task: Task = { description: 'copy the orders', steps: [step] }
const api = (given: object = {}): Api => new Api({ call: (requests) => Promise.resolve(requests), ...given })

/** What is handed over. */
const given: Readonly<Record<string, Call>> = {
  'Coordinator(…)': (value) => new Coordinator(value),
  ...each('Coordinator', ['autodidact', 'agents', 'point', 'name', 'namespace', 'recall', 'assess'], async (settings) => coordinator(settings).processRequest('x')),
  'Coordinator.agents.only': (only) => coordinator({ agents: { only } }),
  'Coordinator.agents.only.description': (description) => coordinator({ agents: { only: { description, run: answering.only } } }).processRequest('x'),
  'add(…)': (value) => coordinator().add(value, answering.only),
  'add(name, …)': (value) => coordinator().add('x', value),
  'remove(…)': (value) => coordinator().remove(value),
  'processRequest(…)': (value) => coordinator().processRequest(value),
  'processRequest(request, …)': (value) => coordinator().processRequest('x', value),
  ...each('processRequest', ['history', 'signal', 'user', 'session', 'category', 'context', 'state'], (settings) => coordinator().processRequest('x', settings)),
  'updateFromFeedback(…)': (value) => coordinator().updateFromFeedback(value, 'up'),
  'updateFromFeedback(run, …)': (value) => coordinator().updateFromFeedback('r', value),
  'updateFromFeedback(run, input, …)': (value) => coordinator().updateFromFeedback('r', 'up', value),
  'learnFromBatch(…)': (value) => coordinator().learnFromBatch(value),
  ...each('learnFromBatch', ['size', 'signal'], (settings) => coordinator().learnFromBatch(settings)),
  'AdaptiveExecution(…)': (value) => new AdaptiveExecution(value),
  ...each(
    'AdaptiveExecution',
    ['autodidact', 'project', 'point', 'name', 'executors', 'fixes', 'tools', 'retries', 'backOff', 'checkpoints', 'seed', 'clock'],
    (settings) => execution(settings).execute(task),
  ),
  'execute(…)': (value) => execution().execute(value),
  ...each('execute.task', ['description', 'steps', 'category', 'type', 'dependencies', 'effort', 'context', 'user', 'session', 'factors'], (fields) => execution().execute({ ...task, ...fields })),
  ...each('execute.step', ['id', 'after', 'tool', 'run', 'input'], (fields) => execution().execute({ ...task, steps: [untyped({ ...step, ...fields })] })),
  ...each('execute.call', ['api', 'request'], (fields) => execution().execute({ ...task, steps: [untyped({ id: 'a', api: api(), request: () => 1, ...fields })] })),
  'execute(task, …)': (value) => execution().execute(task, value),
  'executeTaskWithLearning(…)': (value) => execution().executeTaskWithLearning(value),
  'continuousLearningLoop([…])': (value) => execution().continuousLearningLoop([value]),
  'continuousLearningLoop([], …)': (value) => execution().continuousLearningLoop([], value),
  'Api(…)': (value) => new Api(value),
  ...each('Api', ['call', 'batchSize', 'endpoints', 'keys', 'limit', 'clock'], (settings) => api(settings)),
  'send(…)': (value) => api({ batchSize: 10_000 }).send(value),
  'send(requests, …)': (value) => api().send([1], value),
  'apiHeavy(…)': (value) => apiHeavy(value),
  'parallel(…)': (value) => parallel(value),
  ...each('parallel', ['atOnce'], (settings) => parallel(settings)),
  'backOffMs(…)': (value) => backOffMs(value, () => 0),
  'backOffMs(retry, …)': (value) => backOffMs(1, value),
  'backOffMs(retry, () => …)': (value) => backOffMs(1, () => value),
  'backOffMs(retry, random, …)': (value) => backOffMs(1, () => 0, value),
  ...each('backOffMs', ['firstMs', 'mostMs', 'jitter'], (settings) => expect(Number.isFinite(backOffMs(1, () => 0, settings))).toBe(true)),
  'classifyError(…)': (value) => expect(errorClasses).toContain(classifyError(value)),
  'learnedFixes(…)': (value) => learnedFixes(value, untyped(optionModel)),
  'learnedFixes(autodidact, …)': (value) => learnedFixes(autodidact, value),
}

/** A function is code of the host here, and what it does when it is called is its own. */
const callsIt = /\.(?:assess|run|request|fixes|clock|call|factors|agents\.only|step\.run)$|random, \(|retry, …|add\(name/

describe('whatever is handed over works or is refused by name', () => {
  test.each(Object.entries(given))('%s', async (name, call) => {
    const complaints: string[] = []
    for (const [what, value] of Object.entries(hostile)) {
      if (what === 'a function' && callsIt.test(name)) continue
      const { complaint } = await complaintOf(() => call(untyped(value)))
      if (complaint !== undefined) complaints.push(`${what}: ${complaint}`)
      if (isPolluted()) complaints.push(`${what}: every object has a new field`)
    }
    expect(complaints).toEqual([])
  })
})

/** An error that every value is tried against: the one that has to be heard, whatever a function of the host gives back. */
const original = new Error('connection refused')
const failing: Task = { description: 'copy the orders', steps: [{ id: 'a', run: () => { throw original } }] }
const heard = async (settings: object): Promise<void> => {
  expect(await execution(settings).execute(failing).then(() => undefined, (error: unknown) => error)).toBe(original)
}

/** What a function of the host gives back: the work goes on, and the outcome is told. */
const returned: Readonly<Record<string, (value: unknown) => Promise<void>>> = {
  'a sub-agent': async (value) => {
    expect((await coordinator({ agents: { only: () => value } }).processRequest('x')).response).toBe(value instanceof Promise ? await value : value)
  },
  'a sub-agent that fails': async (value) => {
    const agents = { only: () => { throw value } }
    expect(await coordinator({ agents }).processRequest('x').then(() => false, (error: unknown) => Object.is(error, value))).toBe(true)
  },
  'an assessment': async (value) => {
    expect((await coordinator({ assess: () => value }).processRequest('x')).response).toBe('x')
  },
  'a step': async (value) => {
    expect(await execution().execute({ ...task, steps: [{ id: 'a', run: () => value }] })).toMatchObject({ success: true })
  },
  'a step that fails': async (value) => {
    const told = await execution({ retries: { transient: 0, infrastructure: 0, 'task-specific': 0, unknown: 0 } }).executeTaskWithLearning({ ...task, steps: [{ id: 'a', run: () => { throw value } }] })
    expect([told.success, Object.is(told.error, value)]).toEqual([false, true])
  },
  'a request': async (value) => {
    expect(await execution().execute({ ...task, steps: [{ id: 'a', api: api(), request: () => value }] })).toMatchObject({ success: true })
  },
  'the factors of a task': async (value) => {
    expect(await execution().execute({ ...task, factors: () => untyped(value) })).toMatchObject({ success: true })
  },
  'a classification': (value) => heard({ classify: () => value }),
  'a source of fixes': (value) => heard({ fixes: { fixesFor: () => value } }),
  'the steps of a fix': (value) => heard({ fixes: { fixesFor: () => [{ id: 'f', confidence: 1, steps: value }] } }),
  'a tool': (value) => heard({ fixes: { fixesFor: () => [{ id: 'f', confidence: 1, steps: [{ action: 't', input: value }] }] }, tools: { t: () => value } }),
  'a checkpoint': async (value) => {
    const checkpoints = { load: () => Promise.resolve(value), save: () => Promise.resolve(value), clear: () => Promise.resolve(value) }
    expect(await execution({ checkpoints }).execute({ ...task, id: 'x' })).toMatchObject({ success: true, resumed: false })
  },
}

describe('whatever is given back, the outcome is told', () => {
  test.each(Object.entries(returned))('%s', async (name, call) => {
    for (const [what, value] of Object.entries(runningCode)) {
      // Whoever waits for a value asks it whether it is a promise: this one throws when it is asked, which is then a failure like any other.
      if (what === 'a proxy that fails' && !/fails/.test(name)) continue
      // An error as a reply is a failure, and is told as one.
      if (name === 'a request' && value instanceof Error) continue
      try {
        await call(value)
      } catch (error) {
        throw new Error(`${what} as ${name}`, { cause: error })
      }
    }
  })
})
