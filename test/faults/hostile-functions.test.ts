import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as agents from '../../src/agents/index.ts'
import * as api from '../../src/index.ts'
import * as testing from '../../src/testing/index.ts'
import { hostileAgents } from './support/hostile-agents.ts'
import { complaintOf, isPolluted } from './support/complaint.ts'
import { hostile } from './support/hostile.ts'
import { temporaryFolder } from './support/temporary.ts'

/**
 * The public functions beside the verbs, with everything that a program without types may hand over. They are called too often for a schema, so a value
 * that runs code when it is read, and fails, fails with its own error.
 */

type Call = (value: never) => unknown

const untyped = (value: unknown): never => value as never

const each = (prefix: string, base: object, fields: readonly string[], call: Call): Record<string, Call> =>
  Object.fromEntries(fields.map((field) => [`${prefix}.${field}`, (value: never) => call(untyped({ ...base, [field]: value }))]))

const finite = (numbers: Iterable<number>): void => {
  for (const number of numbers) expect(Number.isFinite(number)).toBe(true)
}

const ask = { point: 'tool', options: [{ id: 'a' }, { id: 'b' }], features: api.featurize({ task: 'x' }), similarities: new Float64Array(2) }
const candidate = { id: 'a', kind: 'episode', standing: 'success', relevance: 0.6, matched: ['refund'], terms: new Set(['refund']), digest: 'a', occurredAt: 0 }
const other = { ...candidate, id: 'b', digest: 'b' }
const item = { id: 'a', form: 'example', source: 'user ada', text: 't', answer: 'x' }
const ranked = (candidates: readonly unknown[], settings?: unknown): void => {
  const scored = api.rank(untyped(candidates), ...(settings === undefined ? [] : [untyped(settings)]))
  finite(scored.map(({ score }) => score))
}

/** A policy with one setting, on a view of nothing learned. */
const made = (name: string, make: (settings: never) => api.Policy, fields: readonly string[]): Record<string, Call> => ({
  [`${name}(…)`]: make,
  ...each(name, {}, fields, (settings) => {
    const policy = make(settings)
    const learner = policy.needs ?? api.optionModel
    finite(policy.weigh(learner.view(learner.initial()), ask, api.seededRandom(1)))
  }),
})

const worthy = (reward: api.Reward): void => finite([reward.of({ verdict: 1, success: 1, rating: 0.5, comments: [], durationMs: 100, steps: 2 })])
const logged = { weight: 1, reward: 1, predicted: 0.5, expected: 0.5 }
const arm = { count: 100, mean: 0.5, variance: 0.25 }
const estimators: Readonly<Record<string, Call>> = Object.fromEntries(
  Object.entries({
    selfNormalised: api.selfNormalised,
    selfNormalisedDoublyRobust: api.selfNormalisedDoublyRobust,
    doublyRobust: api.doublyRobust,
    directMethod: api.directMethod,
    inversePropensity: api.inversePropensity(),
  }).flatMap(([name, estimator]) => [
    [`${name}(…)`, (value: never) => estimator(value)],
    [`${name}([…])`, (value: never) => estimator([value])],
    ...Object.entries(each(`${name}.decision`, logged, Object.keys(logged), (given) => finite([estimator([untyped(logged), given]).value]))),
  ]),
)

const functions: Readonly<Record<string, Call>> = {
  'featurize(…)': (value) => api.featurize(value),
  ...each('featurize', { task: 'x' }, ['task', 'context', 'state'], (situation) => finite(api.featurize(situation).values)),
  'featurize.context.x': (x) => finite(api.featurize({ task: 'x', context: { x } }).values),
  'similarities(…)': (value) => api.similarities(value, [{ id: 'a' }]),
  'similarities(task, …)': (value) => api.similarities('x', value),
  'similarities(task, […])': (value) => api.similarities('x', [value]),
  ...each('similarities.option', { id: 'a' }, ['id', 'description'], (option) => finite(api.similarities('x', [option]))),
  'epsilonGreedy(…)': (value) => api.epsilonGreedy(value),
  'epsilonGreedy.epsilon': (epsilon) => finite(api.epsilonGreedy({ epsilon }).weigh(api.optionModel.view(api.optionModel.initial()), ask)),
  'fixed(…)': (value) => api.fixed(value),
  'fixed.option': (option) => finite(api.fixed({ option }).weigh(undefined, ask)),
  'policyOf(…)': (value) => api.policyOf(value),
  'policyOf.name': (name) => api.policyOf({ name }),
  'createExecutionPatterns(…)': (value) => api.createExecutionPatterns(value),
  'createKnowledgeItems(…)': (value) => api.createKnowledgeItems(value),
  ...each('createKnowledgeItems', {}, ['leastUses', 'validatedFrom', 'deprecatedBelow'], (settings) => api.createKnowledgeItems(settings)),
  'createErrorFixes(…)': (value) => api.createErrorFixes(value),
  ...each('createErrorFixes', {}, ['solutionLimit'], (settings) => api.createErrorFixes(settings)),
  ...each('createExecutionPatterns', {}, ['patternLimit'], (settings) => api.createExecutionPatterns(settings)),
  'createOptionModel(…)': (value) => api.createOptionModel(value),
  ...each('createOptionModel', {}, ['step', 'priorCertainty', 'tableBits'], (settings) => api.createOptionModel(settings)),
  ...made('softmax', api.softmax, ['temperature']),
  ...made('squareCb', api.squareCb, ['gammaScale', 'gammaExponent', 'epsilon']),
  ...made('linUcb', api.linUcb, ['alpha', 'epsilon', 'ridge', 'forgetting']),
  ...made('thompsonBeta', api.thompsonBeta, ['draws', 'capacity']),
  ...made('thompsonDynamic', api.thompsonDynamic, ['draws', 'capacity']),
  ...made('thompsonLinear', api.thompsonLinear, ['scale', 'draws']),
  ...made('thompsonLogistic', api.thompsonLogistic, ['scale', 'draws', 'precision']),
  ...made('qLearning', api.qLearning, ['step', 'halving', 'discount', 'start', 'firstEpsilon', 'lastEpsilon', 'explorationEpisodes']),
  ...made('reinforce', api.reinforce, ['epsilon', 'hidden', 'rate', 'discount', 'baseline', 'entropy', 'inputs', 'seed']),
  'createBetaBandit(…)': (value) => api.createBetaBandit(value),
  'createLinearBandit(…)': (value) => api.createLinearBandit(value),
  'createLogisticBandit(…)': (value) => api.createLogisticBandit(value),
  ...each('createLogisticBandit', {}, ['precision', 'tableBits'], (settings) => api.createLogisticBandit(settings)),
  'createPolicyGradient(…)': (value) => api.createPolicyGradient(value),
  'createTabularQ(…)': (value) => api.createTabularQ(value),
  'rewardOf(…)': (value) => api.rewardOf(value),
  'rewardOf.name': (name) => api.rewardOf({ name }),
  'success(…)': () => api.success(),
  'satisfaction(…)': () => api.satisfaction(),
  'completion(…)': () => api.completion(),
  'efficiency(…)': () => api.efficiency(),
  'threePart(…)': (value) => api.threePart(value),
  ...each('threePart', {}, ['satisfaction', 'completion', 'efficiency'], (settings) => worthy(api.threePart(settings))),
  'additive(…)': (value) => api.additive(value),
  ...each('additive', {}, ['success', 'failure', 'slow', 'slowMs', 'up', 'down'], (settings) => worthy(api.additive(settings))),
  'combined(…)': (value) => api.combined(value, [{ reward: api.success(), weight: 1 }]),
  'combined(name, …)': (value) => api.combined('x', value),
  'combined(name, […])': (value) => api.combined('x', [value]),
  ...each('combined.part', { reward: api.success(), weight: 1 }, ['reward', 'weight'], (part) => api.combined('x', [part])),
  'seededRandom(…)': (value) => finite([api.seededRandom(value)()]),
  'shuffled(…)': (value) => api.shuffled(value, api.seededRandom(1)),
  'shuffled(items, …)': (value) => api.shuffled([1, 2, 3], value),
  'shuffled(items, () => …)': (value) => finite(api.shuffled([1, 2, 3], () => value)),
  'sample(…)': (value) => finite([api.sample(value, api.seededRandom(1))]),
  'sample(distribution, …)': (value) => finite([api.sample(Float64Array.of(0.5, 0.5), value)]),
  'sample(distribution, () => …)': (value) => finite([api.sample(Float64Array.of(0.5, 0.5), () => value)]),
  'stem(…)': (value) => api.stem(value),
  'stems(…)': (value) => api.stems(value),
  'words(…)': (value) => api.words(value),
  'estimateTokens(…)': (value) => finite([api.estimateTokens(value)]),
  'renderPrompt(…)': (value) => api.renderPrompt(value),
  'renderPrompt([…])': (value) => api.renderPrompt([value]),
  ...each('renderPrompt.item', item, Object.keys(item), (given) => api.renderPrompt([given])),
  'renderPrompt(items, …)': (value) => api.renderPrompt([], value),
  ...each('renderPrompt.item.linked', { says: 'fixes', id: 'x' }, ['says', 'id'], (linked) => api.renderPrompt([untyped({ ...item, linked })])),
  ...each('renderPrompt', {}, ['tokens', 'itemTokens'], (settings) => api.renderPrompt([untyped(item)], settings)),
  'rank(…)': (value) => api.rank(value),
  'rank([…])': (value) => api.rank([value]),
  ...each('rank.candidate', candidate, [...Object.keys(candidate), 'up', 'down', 'answer'], (given) => ranked([given, other])),
  'rank(candidates, …)': (value) => api.rank([], value),
  ...each('rank', {}, ['limit', 'floor', 'halfLife', 'now', 'diversity'], (settings) => ranked([candidate, other], settings)),
  'usefulness(…)': (value) => finite([api.usefulness(value, 1)]),
  'usefulness(up, …)': (value) => finite([api.usefulness(1, value)]),
  'createRedact(…)': (value) => api.createRedact(value)('x', 'task'),
  ...each('createRedact', {}, ['email', 'custom'], (settings) => api.createRedact(settings)('x', 'task')),
  'createRedact.custom()': (masked) => expect(api.createRedact({ custom: () => masked })('x', 'task')).toBeTypeOf('string'),
  'redact(…)': (value) => api.createRedact()(value, 'task'),
  'redact(text, …)': (value) => api.createRedact()('x', value),
  ...estimators,
  'inversePropensity(…)': (value) => finite([api.inversePropensity(value)([logged]).value]),
  'summarizeWeights(…)': (value) => finite(Object.values(api.summarizeWeights(value))),
  'summarizeWeights([…])': (value) => finite(Object.values(api.summarizeWeights([value]))),
  'estimate(…)': (value) => api.estimate(value, [logged]),
  'estimate(() => …)': (value) => api.estimate(() => value, [logged]),
  'estimate(estimator, …)': (value) => api.estimate(api.selfNormalised, value),
  'robustInterval(…)': (value) => finite(Object.values(api.robustInterval(value))),
  'robustInterval([…])': (value) => finite(Object.values(api.robustInterval([value]))),
  ...each('robustInterval.reward', logged, ['weight', 'reward'], (reward) => finite(Object.values(api.robustInterval([reward])))),
  'robustInterval(sample, …)': (value) => finite(Object.values(api.robustInterval([logged], value))),
  'betaBinomialInterval(…)': (value) => finite(Object.values(api.betaBinomialInterval(value, 10))),
  'betaBinomialInterval(sum, …)': (value) => finite(Object.values(api.betaBinomialInterval(5, value))),
  'betaBinomialInterval(sum, count, …)': (value) => finite(Object.values(api.betaBinomialInterval(5, 10, value))),
  'asymptoticMargin(…)': (value) => api.asymptoticMargin(value),
  ...each('asymptoticMargin', arm, ['count', 'variance'], (moments) => api.asymptoticMargin(moments)),
  ...each('asymptoticMargin.settings', {}, ['alpha', 'tunedFor'], (settings) => finite([api.asymptoticMargin(arm, settings)])),
  'asymptoticMargin(moments, …)': (value) => finite([api.asymptoticMargin(arm, value)]),
  'asymptoticDifference(…)': (value) => api.asymptoticDifference(value, arm),
  ...each('asymptoticDifference', arm, ['count', 'mean', 'variance'], (moments) => api.asymptoticDifference(arm, moments)),
  'asymptoticDifference(left, right, …)': (value) => finite(Object.values(api.asymptoticDifference(arm, arm, value))),
  'bestArm(…)': (value) => api.bestArm(value),
  'bestArm([…])': (value) => api.bestArm([value]),
  ...each('bestArm.arm', arm, ['count', 'mean', 'variance'], (moments) => api.bestArm([arm, moments])),
  'bestArm(arms, …)': (value) => api.bestArm([arm, arm], value),
  ...each('bestArm', {}, ['delta', 'tolerance', 'fewest'], (settings) => api.bestArm([arm, arm], settings)),
  'optimalShares(…)': (value) => finite(api.optimalShares(value)),
  'optimalShares([…])': (value) => finite(api.optimalShares([value])),
  ...each('optimalShares.arm', arm, ['count', 'mean', 'variance'], (moments) => finite(api.optimalShares([arm, moments, { ...arm, mean: 0.2 }]))),
  'optimalShares(arms, …)': (value) => finite(api.optimalShares([arm, arm], value)),
  ...each('optimalShares', {}, ['tolerance', 'least', 'regularization'], (settings) => finite(api.optimalShares([arm, { ...arm, mean: 0.2 }], settings))),
  'flagsOf(…)': (value) => api.flagsOf(value),
  'flagsOf(text, …)': (value) => api.flagsOf('x', value),
  'parseRule(…)': (value) => api.parseRule(value),
  ...each('formatRule', { type: 'CORE_RULE', score: 1, text: 'x' }, ['score', 'text'], (rule) => api.formatRule(rule)),
  'reportHtml(…)': (value) => api.reportHtml(value),
  'errorTemplate(…)': (value) => api.errorTemplate(value),
  'errorTemplate(message, …)': (value) => api.errorTemplate('it failed', value),
  'AutodidactError.is(…)': (value) => expect(api.AutodidactError.is(value)).toBe(false),
}

const learners: readonly (readonly [string, api.Learner])[] = [
  ['itemUsefulness', api.itemUsefulness],
  ['optionModel', api.optionModel],
  ['taskStatistics', api.taskStatistics],
  ['experimentTallies', api.experimentTallies],
  ['errorFixes', api.errorFixes],
  ['successPredictor', api.successPredictor],
  ['modelTokens', api.modelTokens],
  ['statedPreferences', api.statedPreferences],
  ['userPreferences', api.userPreferences],
  ['sourceReputation', api.sourceReputation],
  ['reflections', api.reflections],
  ['betaBandit', api.betaBandit],
  ['dynamicBetaBandit', api.dynamicBetaBandit],
  ['linearBandit', api.linearBandit],
  ['logisticBandit', api.logisticBandit],
  ['policyGradient', api.policyGradient],
  ['tabularQ', api.tabularQ],
]

/** The value is code of the host here, and what it does when it is called is its own. */
const calledAsIs = ['a function']

const complaintsOn = async (name: string, call: Call): Promise<readonly string[]> => {
  const complaints: string[] = []
  for (const [what, value] of Object.entries(hostile)) {
    if (calledAsIs.includes(what) && /createReasoner|custom$/.test(name)) continue
    const { complaint } = await complaintOf(() => call(untyped(value)))
    if (complaint !== undefined) complaints.push(`${what}: ${complaint}`)
    if (isPolluted()) complaints.push(`${what}: every object has a new field`)
  }
  return complaints
}

describe('a function works or says what is wrong, whatever it is given', () => {
  test.each(Object.entries(functions))('%s', async (name, call) => {
    expect(await complaintsOn(name, call)).toEqual([])
  })

  test('and none is left out', () => {
    const tested = new Set(Object.keys(functions).map((name) => name.split(/[(.]/)[0]))
    // The verbs have a test of their own, and stores the contract suite; policies without settings take nothing, and what a learner is handed comes from the log.
    const elsewhere = ['Autodidact', 'Knowledge', 'Channels', 'defaultChannels', 'Workflows', 'Learnings', 'learningTypes', 'bands', 'runOutlines', 'Persistence', 'States', 'SqliteStorage', 'FilesStorage', 'executionPatterns', 'workflows', 'defaultPolicy', 'greedy', 'uniform', 'policyNames', 'errorCodes', 'rewardNames', 'leastConfidence', 'recommendationTypes', 'knowledgeKinds', 'knowledgeOrders', 'ruleTypes', 'Experiments', 'copyStore', 'auditKinds', 'foreignFormats', 'knowledgeFormats', 'knowledgeItems', 'Proposals', 'Preferences', 'modelTokens', 'reflections', ...learners.map(([name]) => name)]
    expect(Object.keys(api).filter((name) => !tested.has(name) && !elsewhere.includes(name))).toEqual([])
    // Laws are for tests of programs that have types; an assistant, its database and its judge are below.
    // The coordinator and adaptive execution have a test of their own.
    expect(Object.keys(testing).every((name) => /Laws$|Of$|Stream$/.test(name))).toBe(true)
    const agentsElsewhere = new Set<string>(hostileAgents)
    expect(Object.keys(agents).filter((name) => !agentsElsewhere.has(name)).sort()).toEqual(['CaseReasoner', 'DataAssistant', 'ReadOnlyDatabase', 'sameAnswer'])
  })

  test.each(learners)('%s.load(…)', async (name, learner) => {
    for (const [what, value] of Object.entries(hostile)) {
      let thrown: unknown
      try {
        learner.load(untyped(value))
      } catch (error) {
        thrown = error
      }
      expect(thrown === undefined || api.AutodidactError.is(thrown), `${name} on ${what}: ${String(thrown)}`).toBe(true)
    }
  })
})

describe('the data assistant', () => {
  const path = join(temporaryFolder(), 'shop.db')
  let database: agents.ReadOnlyDatabase
  let autodidact: api.Autodidact
  let assistant: agents.DataAssistant
  let reasoner: agents.CaseReasoner
  beforeAll(async () => {
    const writer = new DatabaseSync(path)
    writer.exec("CREATE TABLE city (name TEXT, people INTEGER); INSERT INTO city VALUES ('Bergen', 290000), ('Oslo', 710000)")
    writer.close()
    database = await agents.ReadOnlyDatabase.open(path)
    autodidact = await api.Autodidact.open(':memory:', { seed: 1 })
    assistant = await agents.DataAssistant.open({ autodidact, database })
    reasoner = await agents.CaseReasoner.create(database)
  })
  afterAll(async () => {
    await database.close()
    await autodidact.close()
  })

  const rows = [[1]]
  const settings = ['autodidact', 'database', 'namespace', 'user', 'session', 'agent', 'createReasoner', 'limits', 'onLesson']
  const calls: Readonly<Record<string, Call>> = {
    'ReadOnlyDatabase.open(…)': (value) => agents.ReadOnlyDatabase.open(value),
    'query(…)': (value) => database.query(value),
    'query(sql, …)': (value) => database.query('SELECT 1', value),
    ...each('query', {}, ['maximumRows', 'maximumMs', 'truncate'], (limits) => database.query('SELECT 1', limits)),
    'DataAssistant.open(…)': (value) => agents.DataAssistant.open(value),
    ...Object.fromEntries(settings.map((field) => [
      `DataAssistant.open.${field}`,
      async (value: never) => (await agents.DataAssistant.open({ autodidact, database, [field]: value })).ask('How many people live in Bergen?'),
    ])),
    'ask(…)': (value) => assistant.ask(value),
    'rate(…)': (value) => assistant.rate(value, 'up'),
    'rate(run, …)': (value) => assistant.rate('r', value),
    'correct(…)': (value) => assistant.correct(value, 'SELECT 1'),
    'correct(run, …)': (value) => assistant.correct('r', value),
    'judge(…)': (value) => assistant.judge(value, true),
    'judge(run, …)': (value) => assistant.judge('r', value),
    'CaseReasoner.create(…)': (value) => agents.CaseReasoner.create(value),
    'CaseReasoner.create(database, …)': (value) => agents.CaseReasoner.create(database, value),
    'CaseReasoner.create.precision': (precision) => agents.CaseReasoner.create(database, { precision }),
    'answer(…)': (value) => reasoner.answer(value),
    'add(…)': (value) => reasoner.add(value),
    ...each('add', { id: 'c', question: 'how big', query: 'SELECT 1' }, ['id', 'question', 'query'], (entry) => reasoner.add(entry)),
    'reject(…)': (value) => reasoner.reject(value, 'SELECT 1'),
    'reject(question, …)': (value) => reasoner.reject('how big', value),
    'remove(…)': (value) => reasoner.remove(value),
    'sameAnswer(…)': (value) => agents.sameAnswer(value, rows),
    'sameAnswer.query': (query) => agents.sameAnswer({ query, rows }, rows),
    'sameAnswer.rows': (given) => agents.sameAnswer({ query: 'SELECT 1', rows: given }, rows),
    'sameAnswer(right, …)': (value) => agents.sameAnswer({ query: 'SELECT 1', rows }, value),
    'sameAnswer.rows[0][0]': (value) => agents.sameAnswer({ query: 'SELECT 1', rows: [[value]] }, [[value]]),
  }

  test.each(Object.entries(calls))('works or says what is wrong: %s', async (name, call) => {
    expect(await complaintsOn(name, call)).toEqual([])
  })

  test('still answers after all of that', async () => {
    const { run } = await assistant.ask('How many people live in Bergen?')
    await assistant.correct(run, "SELECT people FROM city WHERE name = 'Bergen'")
    expect((await assistant.ask('How many people live in Bergen?')).rows).toEqual([[290_000]])
  })
})
