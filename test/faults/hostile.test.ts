import { describe, expect, test } from 'vitest'
import { Autodidact, type AutodidactSettings } from '../../src/autodidact.ts'
import type { Model } from '../../src/models/model.ts'
import { complaintOf, isPolluted } from './support/complaint.ts'
import { runningCode } from './support/hostile.ts'
import { temporaryFolder } from './support/temporary.ts'

/**
 * Every verb with everything that a program without types may hand over, in every place: it works as documented, or says what is wrong and writes nothing.
 */

/** `value` is of no type: what the compiler refuses is what is tested. */
type Call = (autodidact: Autodidact, value: never) => unknown

const untyped = (value: unknown): never => value as never
const task = 'refund order'
const folder = temporaryFolder()

/** One call for each field, with that field hostile. */
const each = (prefix: string, base: object, fields: readonly string[], call: Call): Record<string, Call> =>
  Object.fromEntries(fields.map((field) => [`${prefix}.${field}`, (autodidact, value) => call(autodidact, untyped({ ...base, [field]: value }))]))

const drained = async (values: AsyncIterable<unknown>): Promise<unknown[]> => {
  const all: unknown[] = []
  for await (const value of values) all.push(value)
  return all
}

const situation = ['run', 'agent', 'agentVersion', 'user', 'session', 'category', 'context', 'state', 'source', 'occurredAt']
const recallFields = ['limit', 'warnings', 'floor', 'tokens', 'itemTokens', 'unverified', 'kinds', 'knowledge', 'user', 'agent', 'for', 'forUser', 'follow', 'rules', 'halfLife', 'diversity', 'unknown']
const knowledgeFields = ['kinds', 'categories', 'states', 'tags', 'channels', 'leastPriority', 'leastConfidence', 'anyTags', 'expired', 'agents', 'users', 'leastUses', 'for', 'limit', 'unknown']
const learningFields = ['types', 'agent', 'kind', 'leastBand', 'validated', 'limit', 'unknown']
const reflectFields = ['model', 'apply', 'corroboration', 'tokensPerDay', 'inputTokens', 'outputTokens', 'timeoutMs', 'mostOperations', 'kinds', 'again', 'signal', 'unknown']
const teacher: Model = { name: 'teacher', generate: async () => ({ text: '[]' }) }
const adviceFields = ['id', 'run', 'task', 'logged']
const advice = { id: 'advice', run: 'other', task }

const calls: Readonly<Record<string, Call>> = {
  'in(…)': (autodidact, value) => autodidact.in(value),
  'advise(…)': (autodidact, value) => autodidact.advise(value),
  'advise(task, …)': (autodidact, value) => autodidact.advise(task, value),
  ...each('advise', {}, [...situation, 'choices', 'recall', 'unknown'], (autodidact, settings) => autodidact.advise(task, settings)),
  'advise.choices.tool': (autodidact, value) => autodidact.advise(task, { choices: { tool: value } }),
  'advise.choices.tool[1]': (autodidact, value) => autodidact.advise(task, { choices: { tool: ['a', value] } }),
  ...each('advise.recall', {}, recallFields, (autodidact, recall) => autodidact.advise(task, { recall })),
  'recall(…)': (autodidact, value) => autodidact.recall(value),
  'recall(text, …)': (autodidact, value) => autodidact.recall(task, value),
  ...each('recall', {}, recallFields, (autodidact, settings) => autodidact.recall(task, settings)),
  'decide(…)': (autodidact, value) => autodidact.decide(value, ['a']),
  'decide(point, …)': (autodidact, value) => autodidact.decide('tool', value),
  'decide(point, [a, …])': (autodidact, value) => autodidact.decide('tool', ['a', value]),
  ...each('decide.option', { id: 'b' }, ['id', 'description', 'unknown'], (autodidact, option) => autodidact.decide('tool', ['a', option])),
  'decide(point, options, …)': (autodidact, value) => autodidact.decide('tool', ['a'], value),
  ...each('decide', {}, [...situation, 'task', 'advice', 'unknown'], (autodidact, settings) => autodidact.decide('tool', ['a', 'b'], settings)),
  ...each('decide.advice', advice, adviceFields, (autodidact, given) => autodidact.decide('tool', ['a', 'b'], { advice: given })),
  'record(…)': (autodidact, value) => autodidact.record(value),
  ...each('record', { task }, [...situation, 'advice', 'task', 'steps', 'response', 'takeaway', 'metrics', 'success', 'outcome'], (autodidact, input) => autodidact.record(input)),
  ...each('record', { task }, ['startedAt', 'endedAt', 'durationMs', 'taken', 'used', 'trust', 'unknown'], (autodidact, input) => autodidact.record(input)),
  ...each('record', { task }, ['type', 'dependencies', 'effort', 'approach', 'factors'], (autodidact, input) => autodidact.record(input)),
  'record.dependencies[0]': (autodidact, value) => autodidact.record({ task, dependencies: [value] }),
  'record.factors[0]': (autodidact, value) => autodidact.record({ task, factors: [value] }),
  'record.context.x': (autodidact, value) => autodidact.record({ task, context: { x: value } }),
  'record.metrics.x': (autodidact, value) => autodidact.record({ task, metrics: { x: value } }),
  'record.taken.x': (autodidact, value) => autodidact.record({ task, taken: { x: value } }),
  'record.used[0]': (autodidact, value) => autodidact.record({ task, used: [value] }),
  'record.steps[0]': (autodidact, value) => autodidact.record({ task, steps: [value] }),
  ...each('record.step', { action: 'a' }, ['action', 'input', 'output', 'ok', 'error', 'durationMs', 'decision', 'state', 'reward', 'terminated', 'truncated'], (autodidact, step) =>
    autodidact.record({ task, steps: [step] })),
  ...each('record.outcome', {}, ['success', 'score', 'judge', 'error', 'cost', 'tokens', 'unknown'], (autodidact, outcome) => autodidact.record({ task, outcome })),
  ...each('record.advice', advice, adviceFields, (autodidact, given) => autodidact.record({ advice: given })),
  'run(…)': (autodidact, value) => autodidact.run(value, () => 1),
  ...each('run', { task }, [...situation, 'type', 'dependencies', 'effort', 'task', 'choices', 'recall', 'unknown'], (autodidact, input) => autodidact.run(input, () => 1)),
  'feedback(…)': (autodidact, value) => autodidact.feedback(value, 'up'),
  'feedback(run, …)': (autodidact, value) => autodidact.feedback('r', value),
  ...each('feedback', {}, ['score', 'correction', 'outcome', 'comment', 'retract', 'unknown'], (autodidact, input) => autodidact.feedback('r', input)),
  ...each('feedback.outcome', {}, ['success', 'score', 'judge', 'unknown'], (autodidact, outcome) => autodidact.feedback('r', { outcome })),
  'feedback(run, input, …)': (autodidact, value) => autodidact.feedback('r', 'up', value),
  ...each('feedback.settings', {}, ['id', 'author', 'decision', 'source', 'occurredAt', 'unknown'], (autodidact, settings) => autodidact.feedback('r', 'up', settings)),
  'remember(…)': (autodidact, value) => autodidact.remember(value),
  ...each('remember', { content: 'c' }, ['id', 'kind', 'title', 'content', 'tags', 'agent', 'user', 'session', 'source', 'trust', 'occurredAt', 'fix', 'unknown'], (autodidact, input) =>
    autodidact.remember(input)),
  ...each('remember', { content: 'c' }, ['category', 'score', 'links', 'evidence', 'channel', 'priority', 'targets', 'author', 'context', 'validUntil'], (autodidact, input) => autodidact.remember(input)),
  ...each('remember.context', {}, ['field'], (autodidact, context) => autodidact.remember({ content: 'c', context })),
  'remember.content.x': (autodidact, value) => autodidact.remember({ content: { x: value } }),
  'remember.content[0]': (autodidact, value) => autodidact.remember({ content: [value] }),
  'remember.links[0]': (autodidact, value) => autodidact.remember({ content: 'c', links: [value] }),
  ...each('remember.link', { relation: 'supports', to: 'k' }, ['relation', 'to', 'unknown'], (autodidact, link) => autodidact.remember({ content: 'c', links: [link] })),
  'share(…)': (autodidact, value) => autodidact.share(value),
  ...each('share', { content: 'x' }, ['content', 'title', 'kind', 'channel', 'priority', 'targets', 'broadcast', 'author', 'agent', 'user', 'tags', 'links', 'trust', 'source', 'id', 'unknown'], (autodidact, input) =>
    autodidact.share(input)),
  'preferences.set(…)': (autodidact, value) => autodidact.preferences.set(value, 'tone', 'Short.'),
  'preferences.set(user, …)': (autodidact, value) => autodidact.preferences.set('ada', value, 'Short.'),
  'preferences.set(user, name, …)': (autodidact, value) => autodidact.preferences.set('ada', 'tone', value),
  ...each('preferences.set', { point: 'tool', option: 'sql' }, ['point', 'option', 'strength', 'unknown'], (autodidact, choice) => autodidact.preferences.set('ada', 'tool', choice)),
  'preferences.set(user, name, value, …)': (autodidact, value) => autodidact.preferences.set('ada', 'tone', 'Short.', value),
  ...each('preferences.set.settings', {}, ['source', 'occurredAt', 'unknown'], (autodidact, settings) => autodidact.preferences.set('ada', 'tone', 'Short.', settings)),
  'preferences.get(…)': (autodidact, value) => autodidact.preferences.get(value),
  'preferences.unset(…)': (autodidact, value) => autodidact.preferences.unset(value, 'tone'),
  'preferences.unset(user, …)': (autodidact, value) => autodidact.preferences.unset('ada', value),
  'preferences.unset(user, name, …)': (autodidact, value) => autodidact.preferences.unset('ada', 'tone', value),
  'channels.subscribe(…)': (autodidact, value) => autodidact.channels.subscribe(value),
  'channels.subscribe(agent, …)': (autodidact, value) => autodidact.channels.subscribe('tester', value),
  ...each('channels.subscribe', {}, ['channels', 'leastPriority', 'own', 'from', 'after', 'name', 'unknown'], async (autodidact, settings) =>
    drained((await autodidact.channels.subscribe('tester', settings)).pending())),
  'channels.subscribe.channels[0]': (autodidact, value) => autodidact.channels.subscribe('tester', { channels: [value] }),
  'channels.unsubscribe(…)': (autodidact, value) => autodidact.channels.unsubscribe(value),
  'channels.subscriptions(…)': (autodidact, value) => autodidact.channels.subscriptions(value),
  'channels.discovery(…)': (autodidact, value) => autodidact.channels.discovery(value),
  'channels.warning(…)': (autodidact, value) => autodidact.channels.warning(value),
  'channels.solution(…)': (autodidact, value) => autodidact.channels.solution(value, 'x'),
  'channels.solution(problem, …)': (autodidact, value) => autodidact.channels.solution('slow', value),
  'channels.ask(…)': (autodidact, value) => autodidact.channels.ask(value),
  'channels.answer(…)': (autodidact, value) => autodidact.channels.answer(value, 'x'),
  'channels.answer(question, …)': (autodidact, value) => autodidact.channels.answer('asked', value),
  'channels.answers(…)': (autodidact, value) => autodidact.channels.answers(value),
  'channels.answers(question, …)': (autodidact, value) => autodidact.channels.answers('asked', value),
  'channels.list(…)': (autodidact, value) => autodidact.channels.list(value),
  'channels.recent(…)': (autodidact, value) => autodidact.channels.recent(value),
  'channels.recent(agent, …)': (autodidact, value) => autodidact.channels.recent('tester', value),
  ...each('channels.recent', {}, ['channels', 'kinds', 'leastPriority', 'limit', 'unknown'], (autodidact, filter) => autodidact.channels.recent('tester', filter)),
  'channels.popular(…)': (autodidact, value) => autodidact.channels.popular(value),
  ...each('channels.popular', {}, ['channels', 'kinds', 'leastPriority', 'limit', 'for', 'unknown'], (autodidact, filter) => autodidact.channels.popular(filter)),
  'channels.view(…)': (autodidact, value) => autodidact.channels.view(value, 'tester'),
  'channels.view(id, …)': (autodidact, value) => autodidact.channels.view('known', value),
  'channels.applied(…)': (autodidact, value) => autodidact.channels.applied(value, 'tester'),
  'channels.applied(id, …)': (autodidact, value) => autodidact.channels.applied('known', value),
  'knowledge.add(…)': (autodidact, value) => autodidact.knowledge.add(value),
  'knowledge.get(…)': (autodidact, value) => autodidact.knowledge.get(value),
  'knowledge.get(id, …)': (autodidact, value) => autodidact.knowledge.get('known', value),
  ...each('knowledge.get', {}, ['for', 'unknown'], (autodidact, settings) => autodidact.knowledge.get('known', settings)),
  'knowledge.list(…)': (autodidact, value) => autodidact.knowledge.list(value),
  ...each('knowledge.list', {}, [...knowledgeFields, 'order'], (autodidact, filter) => autodidact.knowledge.list(filter)),
  'knowledge.statistics(…)': (autodidact, value) => autodidact.knowledge.statistics(value),
  ...each('knowledge.statistics', {}, knowledgeFields, (autodidact, filter) => autodidact.knowledge.statistics(filter)),
  ...each('recall.knowledge', {}, knowledgeFields.slice(0, 9), (autodidact, knowledge) => autodidact.recall(task, { knowledge })),
  'knowledge.archive(…)': (autodidact, value) => autodidact.knowledge.archive(value, { dryRun: true }),
  ...each('knowledge.archive', {}, ['text', 'kinds', 'anyTags', 'expired', 'for', 'unknown'], (autodidact, filter) => autodidact.knowledge.archive(filter, { dryRun: true })),
  ...each('knowledge.archive settings', { dryRun: true }, ['by', 'reason', 'source', 'trust', 'agent', 'unknown'], (autodidact, settings) => autodidact.knowledge.archive({ kinds: ['none'] }, settings)),
  'knowledge.history(…)': (autodidact, value) => autodidact.knowledge.history(value),
  'knowledge.history(id, …)': (autodidact, value) => autodidact.knowledge.history('known', value),
  ...each('knowledge.history', {}, ['for', 'unknown'], (autodidact, settings) => autodidact.knowledge.history('known', settings)),
  'knowledge.diff(id, 1, 1, …)': (autodidact, value) => autodidact.knowledge.diff('known', 1, 1, value),
  'channels.applied(id, agent, …)': (autodidact, value) => autodidact.channels.applied('known', 'reader', value),
  'knowledge.update(…)': (autodidact, value) => autodidact.knowledge.update(value, {}),
  'knowledge.update(id, …)': (autodidact, value) => autodidact.knowledge.update('known', value),
  ...each('knowledge.update', {}, ['content', 'title', 'kind', 'context', 'validUntil', 'tags', 'score', 'reason', 'author', 'expected', 'trust', 'source', 'occurredAt', 'unknown'], (autodidact, change) =>
    autodidact.knowledge.update('known', change)),
  'knowledge.revert(…)': (autodidact, value) => autodidact.knowledge.revert(value, 1),
  'knowledge.revert(id, …)': (autodidact, value) => autodidact.knowledge.revert('known', value),
  ...each('knowledge.revert', {}, ['author', 'reason', 'expected', 'source', 'trust', 'unknown'], (autodidact, settings) => autodidact.knowledge.revert('known', 1, settings)),
  'knowledge.use(…)': (autodidact, value) => autodidact.knowledge.use(value, { success: true }),
  'knowledge.use(id, …)': (autodidact, value) => autodidact.knowledge.use('known', value),
  ...each('knowledge.use', { success: true }, ['success', 'number', 'note', 'id', 'source', 'trust', 'agent', 'unknown'], (autodidact, input) => autodidact.knowledge.use('known', input)),
  'knowledge.vote(…)': (autodidact, value) => autodidact.knowledge.vote(value, { voter: 'grace', useful: true }),
  ...each('knowledge.vote', { voter: 'grace', useful: true }, ['voter', 'useful', 'source', 'unknown'], (autodidact, vote) => autodidact.knowledge.vote('known', vote)),
  'knowledge.move(…)': (autodidact, value) => autodidact.knowledge.move(value, 'archived'),
  'knowledge.move(id, …)': (autodidact, value) => autodidact.knowledge.move('known', value),
  ...each('knowledge.move', {}, ['by', 'reason', 'source', 'trust', 'agent', 'unknown'], (autodidact, settings) => autodidact.knowledge.move('known', 'archived', settings)),
  ...each('remember.fix', { error: 'it failed', steps: [] }, ['error', 'tool', 'input', 'approach', 'steps', 'categories', 'context', 'unknown'], (autodidact, fix) =>
    autodidact.remember({ content: 'c', fix })),
  'remember.fix.steps[0]': (autodidact, value) => autodidact.remember({ content: 'c', fix: { error: 'it failed', steps: [value] } }),
  'remember.fix.steps[0].input': (autodidact, input) => autodidact.remember({ content: 'c', fix: { error: 'it failed', steps: [{ action: 'a', input }] } }),
  'reflect(…)': (autodidact, value) => autodidact.reflect(value, { model: teacher }),
  'reflect(run, …)': (autodidact, value) => autodidact.reflect('r', value),
  ...each('reflect', {}, reflectFields, (autodidact, settings) => autodidact.reflect('r', settings)),
  ...each('reflect.model', { ...teacher }, ['name', 'generate'], (autodidact, model) => autodidact.reflect('r', { model })),
  'reflect.model()': (autodidact, value) => autodidact.reflect({ task }, { model: { name: 'teacher', generate: () => value }, timeoutMs: 100 }),
  ...each('reflect.answer', { text: '[]' }, ['text', 'value', 'tokens'], (autodidact, answer) => autodidact.reflect({ task }, { model: { name: 'teacher', generate: async () => answer } })),
  'reflect.answer.operations': (autodidact, operations) => autodidact.reflect({ task }, { model: { name: 'teacher', generate: async () => ({ value: { operations } }) } }),
  'reflect.answer.operations[0]': (autodidact, value) => autodidact.reflect({ task }, { model: { name: 'teacher', generate: async () => ({ value: [value] }) } }),
  ...each('reflect.operation', { action: 'add', type: 'CORE_RULE', text: 'x' }, ['action', 'type', 'text', 'score', 'reason', 'rule'], (autodidact, operation) =>
    autodidact.reflect({ task }, { model: { name: 'teacher', generate: async () => ({ value: [operation] }) } })),
  'proposals.list(…)': (autodidact, value) => autodidact.proposals.list(value),
  ...each('proposals.list', {}, ['statuses', 'limit', 'unknown'], (autodidact, filter) => autodidact.proposals.list(filter)),
  'proposals.accept(…)': (autodidact, value) => autodidact.proposals.accept(value),
  ...each('proposals.accept', {}, ['by', 'reason', 'trust', 'unknown'], (autodidact, settings) => autodidact.proposals.accept('nowhere', settings)),
  'proposals.reject(…)': (autodidact, value) => autodidact.proposals.reject(value),
  ...each('proposals.reject', {}, ['by', 'reason', 'trust', 'unknown'], (autodidact, settings) => autodidact.proposals.reject('nowhere', settings)),
  'fixesFor(…)': (autodidact, value) => autodidact.fixesFor(value),
  ...each('fixesFor', { message: 'it failed' }, ['message', 'category', 'tool', 'input', 'unknown'], (autodidact, error) => autodidact.fixesFor(error)),
  'fixesFor(error, …)': (autodidact, value) => autodidact.fixesFor({ message: 'it failed' }, value),
  ...each('fixesFor.settings', {}, ['confidence', 'limit', 'unknown'], (autodidact, settings) => autodidact.fixesFor({ message: 'it failed' }, settings)),
  'import(…)': (autodidact, value) => autodidact.import(value),
  'import([…])': (autodidact, value) => autodidact.import([value]),
  'import(source, …)': (autodidact, value) => autodidact.import(['{"task": "x"}'], value),
  ...each('import', {}, ['dryRun', 'onEpisode', 'unknown'], (autodidact, settings) => autodidact.import(['{"task": "x"}'], settings)),
  'forget(…)': (autodidact, value) => autodidact.forget(value),
  ...each('forget', {}, ['facts', 'user', 'session', 'run', 'source', 'kind', 'namespace', 'unknown'], (autodidact, selector) => autodidact.forget(selector)),
  'explain(…)': (autodidact, value) => autodidact.explain(value),
  'export(…)': (autodidact, value) => drained(autodidact.export(value)),
  ...each('export', {}, ['kinds', 'since', 'after', 'user', 'unknown'], (autodidact, settings) => drained(autodidact.export(settings))),
  'evaluate(…)': (autodidact, value) => autodidact.evaluate(value),
  ...each('evaluate', { point: 'tool', policy: 'uniform' }, ['point', 'policy', 'acceptEstimated', 'unknown'], (autodidact, input) => autodidact.evaluate(input)),
  'evaluate.policy.epsilon': (autodidact, epsilon) => autodidact.evaluate({ point: 'tool', policy: { name: 'epsilon-greedy', epsilon } }),
  'report(…)': (autodidact, value) => autodidact.report(value),
  ...each('report', {}, ['limits', 'minPriority', 'unknown'], (autodidact, settings) => autodidact.report(settings)),
  ...each('report.limits', {}, ['durationMs', 'iterations', 'success', 'errors', 'unknown'], (autodidact, limits) => autodidact.report({ limits })),
  'compare(…)': (autodidact, value) => autodidact.compare(value, 'clerk'),
  'compare(agent, …)': (autodidact, value) => autodidact.compare('clerk', value),
  'audit(…)': (autodidact, value) => autodidact.audit(value),
  ...each('audit', {}, ['memory', 'unusedForMs', 'unknown'], (autodidact, settings) => autodidact.audit(settings)),
  'importMemory(…)': (autodidact, value) => autodidact.importMemory(value),
  ...each('importMemory', { dryRun: true }, ['dryRun', 'source', 'unknown'], (autodidact, settings) => autodidact.importMemory('nowhere.jsonl', settings)),
  'knowledge.export(…)': (autodidact, value) => autodidact.knowledge.export(value),
  ...each('knowledge.export', {}, ['format', 'kinds', 'limit', 'for', 'unknown'], (autodidact, settings) => autodidact.knowledge.export(settings)),
  'knowledge.import(…)': (autodidact, value) => autodidact.knowledge.import(value),
  'knowledge.import([…])': (autodidact, value) => autodidact.knowledge.import([value]),
  ...each('knowledge.import', {}, ['trusted', 'source', 'format', 'dryRun', 'unknown'], (autodidact, settings) => autodidact.knowledge.import('{"items":[]}', settings)),
  'improve(…)': (autodidact, value) => autodidact.improve(value),
  ...each('improve', {}, ['examples', 'prune', 'unknown'], (autodidact, settings) => autodidact.improve(settings)),
  ...each('improve.prune', { before: 1 }, ['before', 'texts', 'compact', 'dryRun', 'unknown'], (autodidact, pruning) => autodidact.improve({ prune: pruning })),
  'experiments.start(…)': (autodidact, value) => autodidact.experiments.start(value),
  ...each('experiments.start', { point: 'tool' }, ['id', 'point', 'arms', 'shares', 'unit', 'allocation', 'rollBack', 'unknown'], (autodidact, input) => autodidact.experiments.start(input)),
  'experiments.start.arms.a': (autodidact, value) => autodidact.experiments.start({ point: 'tool', arms: { a: value, b: 'off' } }),
  'experiments.start.arms.a.epsilon': (autodidact, epsilon) => autodidact.experiments.start({ point: 'tool', arms: { a: { name: 'epsilon-greedy', epsilon }, b: 'off' } }),
  'experiments.start.shares.off': (autodidact, value) => autodidact.experiments.start({ point: 'tool', shares: { learned: 0.5, off: value } }),
  'experiments.stop(…)': (autodidact, value) => autodidact.experiments.stop(value),
  'experiments.status(…)': (autodidact, value) => autodidact.experiments.status(value),
  'recommend(…)': (autodidact, value) => autodidact.recommend(value),
  ...each('recommend', { task }, ['task', 'category', 'type', 'dependencies', 'effort', 'limit', 'unknown'], (autodidact, input) => autodidact.recommend(input)),
  'workflows.list(…)': (autodidact, value) => autodidact.workflows.list(value),
  ...each('workflows.list', {}, ['category', 'most', 'unknown'], (autodidact, settings) => autodidact.workflows.list(settings)),
  'workflows.offer(…)': (autodidact, value) => autodidact.workflows.offer(value),
  'workflows.offer(point, …)': (autodidact, value) => autodidact.workflows.offer('tool', value),
  ...each('workflows.offer', {}, ['category', 'most', 'unit', 'trials', 'unknown'], (autodidact, settings) => autodidact.workflows.offer('tool', settings)),
  'workflows.try(…)': (autodidact, value) => autodidact.workflows.try(value),
  ...each('workflows.try', {}, ['point', 'unit', 'unknown'], (autodidact, settings) => autodidact.workflows.try('workflow:a>b', settings)),
  'learnings.list(…)': (autodidact, value) => autodidact.learnings.list(value),
  ...each('learnings.list', {}, learningFields, (autodidact, settings) => autodidact.learnings.list(settings)),
  'learnings.relevant(…)': (autodidact, value) => autodidact.learnings.relevant(value),
  'learnings.relevant(task, …)': (autodidact, value) => autodidact.learnings.relevant(task, value),
  ...each('learnings.relevant', {}, learningFields, (autodidact, settings) => autodidact.learnings.relevant(task, settings)),
  'learnings.get(…)': (autodidact, value) => autodidact.learnings.get(value),
  'learnings.keep(…)': (autodidact, value) => autodidact.learnings.keep(value),
  ...each('learnings.keep', {}, ['author', 'unknown'], (autodidact, settings) => autodidact.learnings.keep('learning_1', settings)),
  'experiments.start.arms.a.option': (autodidact, option) => autodidact.experiments.start({ point: 'tool', arms: { a: { name: 'without', option }, b: 'off' } }),
  'persistence.saveQTable(…)': (autodidact, value) => autodidact.persistence.saveQTable(value, { start: { search: 1 } }),
  'persistence.saveQTable(agent, …)': (autodidact, value) => autodidact.persistence.saveQTable('a', value),
  'persistence.saveQTable(agent, { start: … })': (autodidact, value) => autodidact.persistence.saveQTable('a', { start: value }),
  'persistence.saveQTable(agent, { start: { search: … } })': (autodidact, value) => autodidact.persistence.saveQTable('a', { start: { search: value } }),
  'persistence.saveQTable(agent, table, …)': (autodidact, value) => autodidact.persistence.saveQTable('a', {}, value),
  'persistence.getQTable(…)': (autodidact, value) => autodidact.persistence.getQTable(value),
  'persistence.savePolicyParams(agent, …)': (autodidact, value) => autodidact.persistence.savePolicyParams('a', value),
  ...each('persistence.savePolicyParams', { episodes: 1, baseline: 0, inputs: [''], hidden: [], options: { a: [1] } }, ['episodes', 'baseline', 'inputs', 'hidden', 'options'],
    (autodidact, parameters) => autodidact.persistence.savePolicyParams('a', parameters)),
  'persistence.savePolicyParams.options.a': (autodidact, value) =>
    autodidact.persistence.savePolicyParams('a', { episodes: 1, baseline: 0, inputs: [''], hidden: [], options: { a: value } }),
  'persistence.getPolicyParams(…)': (autodidact, value) => autodidact.persistence.getPolicyParams(value),
  'persistence.saveAgentReward(…)': (autodidact, value) => autodidact.persistence.saveAgentReward(value, 1),
  'persistence.saveAgentReward(agent, …)': (autodidact, value) => autodidact.persistence.saveAgentReward('a', value),
  'persistence.saveAgentReward(agent, reward, …)': (autodidact, value) => autodidact.persistence.saveAgentReward('a', 1, value),
  'persistence.getAgentRewards(…)': (autodidact, value) => autodidact.persistence.getAgentRewards(value),
  'persistence.getAgentRewards(agent, …)': (autodidact, value) => autodidact.persistence.getAgentRewards('a', value),
  'persistence.saveAgentInteraction(…)': (autodidact, value) => autodidact.persistence.saveAgentInteraction(value, 'b', 'c'),
  'persistence.saveAgentInteraction(agent, …)': (autodidact, value) => autodidact.persistence.saveAgentInteraction('a', value, 'c'),
  'persistence.saveAgentInteraction(agent, request, …)': (autodidact, value) => autodidact.persistence.saveAgentInteraction('a', 'b', value),
  'persistence.saveAgentInteraction(agent, request, response, feedback, …)': (autodidact, value) => autodidact.persistence.saveAgentInteraction('a', 'b', 'c', 'd', value),
  'persistence.getAgentInteractions(…)': (autodidact, value) => autodidact.persistence.getAgentInteractions(value, value),
  'persistence.saveAgentDecision(agent, …)': (autodidact, value) => autodidact.persistence.saveAgentDecision('a', value),
  ...each('persistence.saveAgentDecision', { selectedAction: 'x' }, ['state', 'selectedAction', 'qValues', 'reward', 'unknown'], (autodidact, decision) =>
    autodidact.persistence.saveAgentDecision('a', decision)),
  'persistence.getAgentDecisions(…)': (autodidact, value) => autodidact.persistence.getAgentDecisions(value, value),
  'states.list(…)': (autodidact, value) => autodidact.states.list(value),
  'states.diff(…)': (autodidact, value) => autodidact.states.diff(value, 0),
  'states.diff(learner, …)': (autodidact, value) => autodidact.states.diff('option-model', value, value, value),
  'states.rollBack(…)': (autodidact, value) => autodidact.states.rollBack(value, 0),
  'states.rollBack(learner, …)': (autodidact, value) => autodidact.states.rollBack('option-model', value),
  'prune(…)': (autodidact, value) => autodidact.prune(value),
  ...each('prune', { before: 1 }, ['before', 'texts', 'compact', 'dryRun', 'unknown'], (autodidact, settings) => autodidact.prune(settings)),
  'learned(…)': (autodidact, value) => autodidact.learned(value),
}

describe('a verb works or says what is wrong, whatever it is given', () => {
  test.each(Object.entries(calls))('%s', async (_name, call) => {
    const autodidact = await Autodidact.open(':memory:', { seed: 1 })
    await autodidact.remember({ id: 'known', content: 'what is known' })
    await autodidact.channels.ask({ id: 'asked', content: 'what is asked' })
    await autodidact.record({ run: 'r', task, success: true })
    const complaints: string[] = []
    for (const [what, value] of Object.entries(runningCode)) {
      const before = await autodidact.head()
      const { refused, complaint } = await complaintOf(() => call(autodidact, untyped(value)))
      if (complaint !== undefined) complaints.push(`${what}: ${complaint}`)
      const after = await autodidact.head()
      if (refused && (after.sequence !== before.sequence || after.epoch !== before.epoch)) complaints.push(`${what}: refused, and something was written`)
      if (isPolluted()) complaints.push(`${what}: every object has a new field`)
    }
    expect(complaints).toEqual([])
    // Whatever was stored can be read, learned from, and added to.
    expect(JSON.stringify(await autodidact.report())).toBeDefined()
    for (const fact of await drained(autodidact.export())) expect(JSON.stringify(fact)).toBeDefined()
    await autodidact.record({ run: 'last', task: 'the very last words', success: true })
    expect((await autodidact.recall('the very last words')).items.map(({ id }) => id)).toContain('last')
    await autodidact.close()
  })
})

/** Opens an instance, and uses what the settings are for. */
const used = async (settings: AutodidactSettings): Promise<void> => {
  const autodidact = await Autodidact.open(':memory:', settings)
  try {
    await autodidact.record({ task, response: 'r', success: true })
    const { option, propensity } = await autodidact.decide('tool', ['a', 'b'])
    expect(['a', 'b']).toContain(option)
    expect(propensity).toBeGreaterThan(0)
    await autodidact.recall(task)
    await autodidact.recommend(task)
    await autodidact.workflows.list()
  } finally {
    await autodidact.close()
  }
}

const withPolicy = (policy: unknown): Promise<void> => used({ points: { tool: { policy: untyped(policy) } } })

describe('an instance opens or says what is wrong', () => {
  const settings = ['namespace', 'durability', 'readOnly', 'learning', 'onError', 'deadlineMs', 'redact', 'points', 'verdictWeights', 'learners', 'patterns', 'workflows', 'withholding', 'models', 'reflection', 'seed', 'clock', 'unknown']
  const learner = { name: 'own', version: 1, handles: [], initial: () => 0, learn: () => 0, view: () => 0, save: () => new Uint8Array(), load: () => 0 }

  const openings: Readonly<Record<string, (value: never) => unknown>> = {
    'open(…)': async (value) => (await Autodidact.open(typeof value === 'string' ? untyped(`${folder}/${String(value)}`) : value)).close(),
    'open(path, …)': (value) => used(value),
    ...Object.fromEntries(settings.map((field) => [`open.${field}`, (value: never) => used({ [field]: value })])),
    ...Object.fromEntries(Object.keys(learner).map((field) => [`open.learners.${field}`, (value: never) => used({ learners: [{ ...learner, [field]: value }] })])),
    ...Object.fromEntries(
      ['patternLimit', 'solutionLimit', 'similarityThreshold', 'confidenceBoost', 'unknown'].map((field) => [`open.patterns.${field}`, (value: never) => used({ patterns: { [field]: value } })]),
    ),
    ...Object.fromEntries(['support', 'trialUnits', 'unknown'].map((field) => [`open.workflows.${field}`, (value: never) => used({ workflows: { [field]: value } })])),
    ...Object.fromEntries(['leastRuns', 'leastHarmed', 'leastAgents', 'leastMeasured', 'unusualAbove', 'slowAboveMs', 'manyStepsAbove', 'unknown'].map((field) => [`open.learnings.${field}`, (value: never) => used({ learnings: { [field]: value } })])),
    ...Object.fromEntries(['success_pattern', 'error_recovery', 'unknown'].map((type) => [`open.learnings.leastRuns.${type}`, (value: never) => used({ learnings: { leastRuns: { [type]: value } } })])),
    ...Object.fromEntries(reflectFields.slice(1, 9).map((field) => [`open.reflection.${field}`, (value: never) => used({ reflection: { [field]: value } })])),
    'open.models.teacher': (teacher) => used({ models: { teacher } }),
    'open.learners[0]': (value) => used({ learners: [value] }),
    'open.points.tool': (value) => used({ points: { tool: value } }),
    'open.points.tool.policy': withPolicy,
    'open.points.tool.policy.epsilon': (epsilon) => withPolicy({ name: 'epsilon-greedy', epsilon }),
    'open.points.tool.policy.option': (option) => withPolicy({ name: 'fixed', option }),
    'open.points.tool.policy.weigh': (weigh) => withPolicy({ name: 'own', estimated: false, weigh }),
    'open.points.tool.policy.weigh()': (weights) => withPolicy({ name: 'own', estimated: false, weigh: () => weights }),
    'open.redact.custom': (custom) => used({ redact: { custom } }),
    'open.redact.custom()': (masked) => used({ redact: { custom: () => masked } }),
    'open.redact.email': (email) => used({ redact: { email } }),
    'open.clock()': (now) => used({ clock: () => now }),
    'over(…)': (value) => Autodidact.over(value),
  }

  /** These hand the value to code of the host, whose own errors are its own. */
  const own = new Set(['a function', 'a proxy that fails'])

  test.each(Object.entries(openings))('%s', async (name, opening) => {
    const complaints: string[] = []
    for (const [what, value] of Object.entries(runningCode)) {
      const { complaint } = await complaintOf(() => opening(untyped(value)))
      if (complaint !== undefined && !(own.has(what) && /learners|over/.test(name))) complaints.push(`${what}: ${complaint}`)
      if (isPolluted()) complaints.push(`${what}: every object has a new field`)
    }
    expect(complaints).toEqual([])
  })
})

describe('run', () => {
  test.each(Object.entries(runningCode).filter(([what]) => what !== 'a function'))('without work is refused before anything is asked: %s', async (_what, work) => {
    const autodidact = await Autodidact.open(':memory:', { seed: 1 })
    await expect(autodidact.run({ task }, untyped(work))).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('work is missing') })
    expect((await autodidact.head()).sequence).toBe(0)
    await autodidact.close()
  })

  test("gives the work's own response back, and its own error, whatever they are", async () => {
    const autodidact = await Autodidact.open(':memory:', { seed: 1 })
    for (const [what, value] of Object.entries(runningCode)) {
      // These two are what a promise is: awaited, they are something else.
      if (what === 'a promise' || what === 'a proxy that fails') continue
      const { response, receipt, warnings } = await autodidact.run({ task }, () => value)
      expect(Object.is(response, value)).toBe(true)
      expect(receipt !== undefined || warnings[0]?.code === 'INVALID_INPUT').toBe(true)
      const thrown: unknown = await autodidact.run({ task }, () => { throw value }).catch((error: unknown) => error)
      expect(Object.is(thrown, value)).toBe(true)
    }
    const { runs, unrecorded } = await autodidact.report()
    // All that failed are recorded as such; of the responses, those that JSON can hold.
    expect(runs).toBeGreaterThan(Object.keys(runningCode).length)
    expect(runs + unrecorded).toBe(2 * (Object.keys(runningCode).length - 2))
    await autodidact.close()
  })

  test.each(['step', 'outcome', 'takeaway', 'metric', 'taken', 'used'] as const)('survives any note: %s', async (note) => {
    const autodidact = await Autodidact.open(':memory:', { seed: 1 })
    for (const [what, value] of Object.entries(runningCode)) {
      const { response, receipt, warnings } = await autodidact.run({ task }, (_advice, notes) => {
        notes[note](untyped(value), untyped(value))
        return 'done'
      })
      expect({ what, response, told: receipt !== undefined || warnings[0]?.code === 'INVALID_INPUT' }).toEqual({ what, response: 'done', told: true })
    }
    await autodidact.close()
  })
})

test.each([
  ['a function', () => 1],
  ['a symbol', Symbol('s')],
  ['an object that becomes nothing', { toJSON: () => undefined }],
])('%s is named as refused in the receipt, and refused as a correction', async (_what, value) => {
  const autodidact = await Autodidact.open(':memory:', { seed: 1 })
  const { run, parts } = await autodidact.record({ task, response: value, steps: [{ action: 'a', input: 1, output: value }], success: true })
  const refused = parts.filter(({ status }) => status === 'refused')
  expect(refused.map(({ part }) => part)).toEqual(['response', 'steps.0.output'])
  expect(refused.every(({ reason }) => reason?.includes('cannot be written down'))).toBe(true)
  await expect(autodidact.feedback(run, { score: 1, correction: value })).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('correction') })
  await autodidact.close()
})
