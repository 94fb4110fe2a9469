import { DatabaseSync } from 'node:sqlite'
import { readFileSync } from 'node:fs'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Autodidact, type AutodidactSettings } from '../autodidact.ts'
import { opened, temporaryFile } from '../../test/support/instance.ts'

/** Any SQLite client: another connection, with nothing of ours. */
const elsewhere = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true })
  onTestFinished(() => database.close())
  return (sql: string): Record<string, unknown>[] => database.prepare(sql).all().map((row) => ({ ...row }))
}

const onFile = async (settings: AutodidactSettings = {}, file = temporaryFile()) => {
  const autodidact = await Autodidact.open(file, { seed: 1, ...settings })
  onTestFinished(() => autodidact.close())
  return { autodidact, file, select: elsewhere(file) }
}

const greedyQ = { name: 'q-learning', discount: 0, step: 0.5, firstEpsilon: 0, lastEpsilon: 0 } as const
const byNumbers = { name: 'policy-gradient', inputs: 'numbers' } as const
const points = { coordinator: { policy: greedyQ }, pilot: { policy: byNumbers } }

const table = { question: { search: 0.9, analysis: 0.2 }, '': { search: 0.1 } }
const weights = { episodes: 5, baseline: 0.3, inputs: ['', 'load'], hidden: [], options: { fast: [0.2, -1], safe: [-0.2, 1] } }

const decideAndRecord = async (autodidact: Autodidact, success: boolean, other: { readonly user?: string } = {}): Promise<string> => {
  const { run, option } = await autodidact.decide('coordinator', ['search', 'analysis'], { state: 'question', task: 'who wrote this', agent: 'coordinator', ...other })
  await autodidact.record({ run, task: 'who wrote this', response: 'Ada', agent: 'coordinator', success, durationMs: 100, ...other })
  return option
}

describe('a saved Q table', () => {
  test('is what is got, is decided by, and is learned on from', async () => {
    const { autodidact } = await opened({ points })
    await autodidact.persistence.saveQTable('coordinator', table)
    expect(await autodidact.persistence.getQTable('coordinator')).toEqual(table)
    expect(await decideAndRecord(autodidact, false)).toBe('search')
    // One step from .9 towards 0: one half, by the weight of a host's word, .7.
    expect(await autodidact.persistence.getQTable('coordinator')).toEqual({ ...table, question: { search: 0.585, analysis: 0.2 } })
  })

  test('takes the place of what was learned before and of what was saved before, and of nothing else', async () => {
    const { autodidact } = await opened({ points })
    await autodidact.persistence.saveQTable('other', { start: { stop: 1 } })
    await decideAndRecord(autodidact, true)
    await autodidact.persistence.saveQTable('coordinator', { old: { x: 1 } })
    await autodidact.persistence.saveQTable('coordinator', table)
    expect(await autodidact.persistence.getQTable('coordinator')).toEqual(table)
    expect(await autodidact.persistence.getQTable('other')).toEqual({ start: { stop: 1 } })
    expect(await autodidact.persistence.getQTable('nobody')).toBeUndefined()
    expect(await autodidact.persistence.getQTable('constructor')).toBeUndefined()
    expect(await autodidact.persistence.getQTable('__proto__')).toBeUndefined()
  })

  test('outlives the process, and a rebuild from the log', async () => {
    const { autodidact, file } = await onFile({ points })
    await autodidact.persistence.saveQTable('coordinator', table)
    await decideAndRecord(autodidact, false)
    const learned = await autodidact.persistence.getQTable('coordinator')
    await autodidact.close()
    const database = new DatabaseSync(file)
    database.exec('DELETE FROM snapshots')
    database.close()
    const again = await Autodidact.open(file, { points })
    expect(await again.persistence.getQTable('coordinator')).toEqual(learned)
    await again.close()
  })

  test('an untried option stands between what was saved, not below it', async () => {
    const { autodidact } = await opened({ points })
    await autodidact.persistence.saveQTable('coordinator', { question: { search: -1, analysis: -3 } })
    const { option } = await autodidact.decide('coordinator', ['analysis', 'new'], { state: 'question', task: 'x' })
    expect(option).toBe('new')
  })

  test('goes with the person whose it is', async () => {
    const { autodidact } = await opened({ points })
    await autodidact.persistence.saveQTable('coordinator', table)
    await autodidact.persistence.saveQTable('coordinator', { 'ada asked about her salary': { search: 1 } }, { user: 'ada' })
    await autodidact.forget({ user: 'ada' })
    expect(await autodidact.persistence.getQTable('coordinator')).toEqual(table)
  })

  test('in one namespace is not there in another', async () => {
    const { autodidact } = await opened({ points })
    await autodidact.in('acme').persistence.saveQTable('coordinator', table)
    expect(await autodidact.persistence.getQTable('coordinator')).toBeUndefined()
  })
})

describe('saved weights', () => {
  test('are what is got, by learners of their shape, and are learned on from', async () => {
    const { autodidact } = await opened({ points })
    await autodidact.persistence.savePolicyParams('pilot', weights)
    expect(await autodidact.persistence.getPolicyParams('pilot')).toEqual(weights)
    const { run } = await autodidact.decide('pilot', ['fast', 'safe'], { task: 'x', context: { load: 0.5 } })
    await autodidact.record({ run, task: 'x', success: true })
    const after = await autodidact.persistence.getPolicyParams('pilot')
    expect(after?.episodes).toBe(6)
    expect(after?.options['fast']).not.toEqual(weights.options.fast)
    expect(after?.options['fast']?.[1]).toBeCloseTo(-1, 1)
  })

  test.each([
    ['hidden units', { ...weights, hidden: [1, 2] }],
    ['inputs', { ...weights, options: { fast: [1, 2, 3] } }],
  ])('of another shape are refused by name: %s', async (_what, other) => {
    const { autodidact, facts } = await opened({ points })
    await expect(autodidact.persistence.savePolicyParams('pilot', other)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('shape') })
    expect(await facts('state.imported')).toEqual([])
  })
})

describe('bad input', () => {
  const circular: { self?: unknown } = {}
  circular.self = circular
  const bad: readonly (readonly [string, (autodidact: Autodidact) => Promise<unknown>])[] = [
    ['a table of texts', ({ persistence }) => persistence.saveQTable('a', { s: { x: 'much' as unknown as number } })],
    ['a table with NaN', ({ persistence }) => persistence.saveQTable('a', { s: { x: Number.NaN } })],
    ['no table', ({ persistence }) => persistence.saveQTable('a', undefined as unknown as Record<string, never>)],
    ['a state called __proto__', ({ persistence }) => persistence.saveQTable('a', JSON.parse('{"__proto__":{"x":1}}') as Record<string, Record<string, number>>)],
    ['an option called __proto__', ({ persistence }) => persistence.saveQTable('a', { s: JSON.parse('{"__proto__":1}') as Record<string, number> })],
    ['no agent', ({ persistence }) => persistence.saveQTable('', table)],
    ['an infinite reward', ({ persistence }) => persistence.saveAgentReward('a', Infinity)],
    ['a reward for nobody', ({ persistence }) => persistence.saveAgentReward('', 1)],
    ['a limit of none', ({ persistence }) => persistence.getAgentRewards('a', 0)],
    ['a request that is empty', ({ persistence }) => persistence.saveAgentInteraction('a', ' ', 'b')],
    ['an unknown field of the origin', ({ persistence }) => persistence.saveQTable('a', table, { who: 'ada' } as object)],
    ['a decision without an action', ({ persistence }) => persistence.saveAgentDecision('a', {} as { selectedAction: string })],
    ['a reward that refers to itself', ({ persistence }) => persistence.saveAgentDecision('a', { selectedAction: 'x', reward: circular })],
  ]
  test.each(bad)('%s is refused, and nothing is written', async (_what, call) => {
    const { autodidact, log } = await opened()
    await expect(call(autodidact)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await log()).toEqual([])
  })
})

test('what is refused is called as it was passed', async () => {
  const { autodidact: { persistence } } = await opened()
  await expect(persistence.saveAgentInteraction('a', ' ', 'b')).rejects.toThrow(/^saveAgentInteraction: request is empty/)
  await expect(persistence.saveQTable('', { s: { x: 1 } })).rejects.toThrow(/^saveQTable: agent /)
  await expect(persistence.savePolicyParams('', { episodes: 0, baseline: 0, inputs: [''], hidden: [], options: {} })).rejects.toThrow(/^savePolicyParams: agent /)
})

describe('what an agent earned, said and decided', () => {
  test('is got newest first, of this agent alone, as it stands by late and withdrawn feedback', async () => {
    const { autodidact } = await opened({ points, reward: 'three-part' })
    const { persistence } = autodidact
    await decideAndRecord(autodidact, true)
    const { run } = await autodidact.record({ agent: 'coordinator', task: 'second', response: 7, success: false })
    const { feedback } = await autodidact.feedback(run, { score: 1, comment: 'great' }, { author: 'ada' })
    await autodidact.record({ agent: 'another', task: 'third', success: true })
    await persistence.saveAgentReward('coordinator', -3, { own: -3 })
    expect((await persistence.getAgentRewards('coordinator')).map(({ reward, components }) => [reward, components])).toEqual([
      [-3, { own: -3 }],
      [0.6, { satisfaction: 1, completion: 0, efficiency: 0.5 }],
      [0.75, { satisfaction: 0.5, completion: 1, efficiency: 1 }],
    ])
    expect((await persistence.getAgentInteractions('coordinator', 1))[0]).toMatchObject({ run, request: 'second', response: 7, feedback: 'great' })
    await autodidact.feedback(run, { retract: feedback })
    expect((await persistence.getAgentRewards('coordinator', 2))[1]?.reward).toBeCloseTo(0.35)
    expect((await persistence.getAgentInteractions('coordinator', 1))[0]?.feedback).toBeUndefined()
  })

  test('decisions come with what the table valued at the time, and what they earned', async () => {
    const { autodidact } = await opened({ points })
    const { persistence } = autodidact
    await persistence.saveQTable('coordinator', table)
    await decideAndRecord(autodidact, false)
    await persistence.saveAgentDecision('coordinator', { selectedAction: 'rest', qValues: { rest: 1 }, reward: { total: 2, key: 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789' } })
    const [saved, made] = await persistence.getAgentDecisions('coordinator')
    expect(saved).toMatchObject({ state: '', selectedAction: 'rest', qValues: { rest: 1 }, reward: { total: 2 } })
    expect(JSON.stringify(saved)).not.toContain('abcdefghijklmnop')
    expect(made).toMatchObject({ state: 'question', selectedAction: 'search', qValues: { search: 0.9, analysis: 0.2 }, reward: { reward: 0, weight: 0.7 } })
  })

  test('is found though thousands of facts of others lie between', async () => {
    const { autodidact } = await opened()
    await autodidact.persistence.saveAgentReward('rare', 1)
    for (let place = 0; place < 2_500; place += 1) await autodidact.persistence.saveAgentReward('busy', place)
    expect((await autodidact.persistence.getAgentRewards('rare')).map(({ reward }) => reward)).toEqual([1])
    expect((await autodidact.persistence.getAgentRewards('busy', 2_200)).map(({ reward }) => reward)).toEqual(Array.from({ length: 2_200 }, (_, place) => 2_499 - place))
  })

  test.each([[0.5, { reward: 0.5 }], [{ reward: 0.5, parts: [1] }, { reward: 0.5, parts: [1] }], [[1, 2], { reward: [1, 2] }], [undefined, {}]])('the reward %j of a decision is an object', async (reward, expected) => {
    const { autodidact, select } = await onFile()
    await autodidact.persistence.saveAgentDecision('coordinator', { selectedAction: 'search', ...(reward === undefined ? {} : { reward }) })
    expect(JSON.parse(String(select('SELECT reward FROM agent_decisions')[0]?.['reward']))).toEqual(expected)
    expect((await autodidact.persistence.getAgentDecisions('coordinator'))[0]?.reward ?? {}).toEqual(expected)
  })

  test('an interaction is a run: recalled, masked, and judged by its feedback', async () => {
    const { autodidact } = await opened()
    const { persistence } = autodidact
    await persistence.saveAgentInteraction('coordinator', 'cancel my flight to Oslo', 'cancelled', 'up', { user: 'ada' })
    await persistence.saveAgentInteraction('coordinator', 'book a flight', { ok: true }, { score: 0, comment: 'too expensive' })
    const { items } = await autodidact.recall('cancel a flight')
    expect(items[0]).toMatchObject({ kind: 'example', response: 'cancelled' })
    expect((await persistence.getAgentInteractions('coordinator')).map(({ feedback }) => feedback)).toEqual(['too expensive', { author: 'ada', rating: 1 }])
    expect((await persistence.getAgentInteractions('coordinator')).map(({ response }) => response)).toEqual([{ ok: true }, 'cancelled'])
  })

  test('an interaction whose feedback is refused is not saved, so that calling again does not save it twice', async () => {
    const { autodidact } = await opened()
    const { persistence } = autodidact
    for (const feedback of [{ score: 2 }, 7, {}, { retract: 'nothing' }, { correction: ' ' }]) {
      await expect(persistence.saveAgentInteraction('coordinator', 'book a flight', 'booked', feedback as { score: number })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
    expect(await persistence.getAgentInteractions('coordinator')).toEqual([])
    expect(await autodidact.head()).toMatchObject({ sequence: 0 })
  })

  test('what was said of an interaction of the past is as old, and from the same source', async () => {
    const { autodidact } = await opened()
    const occurredAt = Date.parse('2025-03-01')
    await autodidact.persistence.saveAgentInteraction('coordinator', 'book a flight', 'booked', 'up', { source: 'archive', occurredAt })
    for await (const fact of autodidact.export()) expect(fact).toMatchObject({ source: 'archive', occurredAt })
  })
})

const columns = {
  q_tables: ['id', 'agent_name', 'q_table', 'last_updated'],
  policy_params: ['id', 'agent_name', 'policy_params', 'last_updated'],
  agent_rewards: ['id', 'agent_name', 'reward', 'reward_components', 'timestamp'],
  agent_interactions: ['id', 'agent_name', 'request', 'response', 'feedback', 'timestamp'],
  agent_decisions: ['id', 'agent_name', 'state', 'selected_action', 'q_values', 'reward', 'timestamp'],
}

/** A column holds a text; what was saved as anything else is its JSON there. */
const asText = (value: unknown): unknown => (typeof value === 'object' && value !== null ? JSON.stringify(value) : value)

describe('the views', () => {
  test.each(Object.entries(columns))('%s has these columns, and cannot be written to', async (view, names) => {
    const { autodidact, file, select } = await onFile()
    await autodidact.head()
    expect(select(`PRAGMA table_info(${view})`).map(({ name }) => name)).toEqual(names)
    expect(select(`SELECT * FROM ${view}`)).toEqual([])
    const writer = new DatabaseSync(file)
    expect(() => writer.exec(`DELETE FROM ${view}`)).toThrow('cannot modify')
    writer.close()
  })

  test('show nothing of a file whose payloads are encrypted', async () => {
    const { autodidact, file, select } = await onFile({ points, encryption: { key: '0f'.repeat(32) } })
    await autodidact.persistence.saveQTable('coordinator', table)
    await autodidact.persistence.savePolicyParams('pilot', weights)
    await decideAndRecord(autodidact, true)
    await autodidact.persistence.saveAgentReward('coordinator', 1)
    await autodidact.persistence.refreshViews()
    await autodidact.close()
    for (const view of Object.keys(columns)) expect(select(`SELECT * FROM ${view}`), view).toEqual([])
    expect(readFileSync(file).includes('coordinator')).toBe(false)
  })

  test('say what is got, and no row lacks what must be there', async () => {
    const { autodidact, select } = await onFile({ points, reward: 'three-part', clock: () => 1_767_225_600_500 })
    const { persistence } = autodidact
    await persistence.saveQTable('coordinator', table)
    await persistence.savePolicyParams('pilot', weights)
    await decideAndRecord(autodidact, true)
    await autodidact.record({ task: 'nobody in particular' })
    await persistence.saveAgentReward('coordinator', -3, { own: -3 })
    await persistence.saveAgentInteraction('coordinator', 'a long one', 'x'.repeat(40_000), 'meh')
    await persistence.saveAgentInteraction('coordinator', 'with parts', { flag: true, list: [1, null] })
    await persistence.saveAgentDecision('coordinator', { selectedAction: 'rest' })
    await persistence.saveAgentDecision('coordinator', { selectedAction: 'think', reward: { rows: Array.from({ length: 10_000 }, (_, row) => row) } })
    await persistence.saveAgentDecision('coordinator', { selectedAction: 'say', reward: 'a text' })
    expect(await persistence.refreshViews()).toBe(true)

    const [q] = select("SELECT * FROM q_tables WHERE agent_name = 'coordinator'")
    expect(JSON.parse(String(q?.['q_table']))).toEqual(await persistence.getQTable('coordinator'))
    expect(q?.['last_updated']).toBe(1_767_225_600.5)
    const [params] = select("SELECT * FROM policy_params WHERE agent_name = 'pilot'")
    expect(JSON.parse(String(params?.['policy_params']))).toEqual(await persistence.getPolicyParams('pilot'))

    const rewards = select("SELECT reward, reward_components FROM agent_rewards WHERE agent_name = 'coordinator' ORDER BY id DESC")
    const got = await persistence.getAgentRewards('coordinator')
    expect(rewards.map((row) => [row['reward'], JSON.parse(String(row['reward_components']))])).toEqual(got.map(({ reward, components }) => [reward, components]))

    const interactions = select("SELECT request, response, feedback, timestamp FROM agent_interactions WHERE agent_name = 'coordinator' ORDER BY id DESC")
    expect(interactions).toEqual(
      (await persistence.getAgentInteractions('coordinator')).map(({ request, response, feedback = null, timestamp }) => ({ request, response: asText(response), feedback: asText(feedback), timestamp: timestamp / 1000 })),
    )
    const decisions = select("SELECT state, selected_action, q_values, reward FROM agent_decisions WHERE agent_name = 'coordinator' ORDER BY id DESC")
    expect(decisions.map((row) => ({ ...row, q_values: JSON.parse(String(row['q_values'])), reward: JSON.parse(String(row['reward'])) }))).toEqual(
      (await persistence.getAgentDecisions('coordinator')).map(({ state, selectedAction, qValues, reward = {} }) => ({ state, selected_action: selectedAction, q_values: qValues, reward })),
    )
    for (const [view, names] of Object.entries(columns)) {
      const rows = select(`SELECT * FROM ${view}`)
      expect(rows.length).toBeGreaterThan(0)
      for (const name of names) if (name !== 'feedback') expect(rows.map((row) => row[name])).not.toContain(null)
      expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length)
    }
  })

  test('are brought up to date by what is saved, and by closing', async () => {
    const { autodidact, select } = await onFile({ points })
    await autodidact.persistence.saveQTable('coordinator', table)
    expect(select('SELECT agent_name FROM q_tables')).toEqual([{ agent_name: 'coordinator' }])
    await decideAndRecord(autodidact, false)
    expect(select('SELECT * FROM agent_interactions')).toHaveLength(1)
    expect(select('SELECT reward FROM agent_decisions')).toEqual([{ reward: '{}' }])
    await autodidact.close()
    expect(select('SELECT reward FROM agent_rewards')).toEqual([{ reward: 0 }])
    expect(JSON.parse(String(select('SELECT reward FROM agent_decisions')[0]?.['reward']))).toEqual({ reward: 0, weight: 0.7 })
    expect(JSON.parse(String(select('SELECT q_table FROM q_tables')[0]?.['q_table']))).toMatchObject({ question: { search: 0.585 } })
  })

  test.each([() => { throw new Error('no idea') }, () => ({ speed: Number.NaN }), () => ({ speed: 1n }), () => [1], () => Promise.resolve({ speed: 1 }), 7])('parts of a reward that are %s stop nothing', async (parts) => {
    const { autodidact, select } = await onFile({ points: { a: { reward: { name: 'own', of: () => 0.25, parts: parts as () => Record<string, number> } } } })
    const { run } = await autodidact.decide('a', ['x', 'y'])
    expect((await autodidact.record({ run, agent: 'a', task: 'x', success: true })).rewards).toMatchObject([{ reward: 0.25 }])
    expect(await autodidact.persistence.refreshViews()).toBe(true)
    expect(select('SELECT reward, reward_components FROM agent_rewards')).toEqual([{ reward: 0.25, reward_components: '{"verdict":1}' }])
    expect(await autodidact.persistence.getAgentRewards('a')).toMatchObject([{ reward: 0.25, components: { verdict: 1 } }])
    expect((await autodidact.decide('a', ['x', 'y'])).warnings).toMatchObject([{ code: 'INVALID_INPUT', message: expect.stringContaining('The parts of the reward "own"') }])
  })

  test('follow a reward that changes, and one that is withdrawn', async () => {
    const { autodidact, select } = await onFile()
    const { run } = await autodidact.record({ agent: 'a', task: 'x' })
    const { feedback } = await autodidact.feedback(run, 'down')
    await autodidact.persistence.refreshViews()
    expect(select('SELECT reward FROM agent_rewards')).toEqual([{ reward: 0 }])
    await autodidact.feedback(run, 'up')
    await autodidact.persistence.refreshViews()
    expect(select('SELECT reward FROM agent_rewards')).toEqual([{ reward: 1 }])
    const { feedback: second } = await autodidact.feedback(run, 'up')
    for (const id of [feedback, second]) await autodidact.feedback(run, { retract: id })
    await autodidact.forget({ facts: (await autodidact.explain(run)).facts.filter((id) => id !== run) })
    await autodidact.persistence.refreshViews()
    expect(select('SELECT reward FROM agent_rewards')).toHaveLength((await autodidact.persistence.getAgentRewards('a')).length)
  })

  test('hold nothing of a person who was forgotten, nor does any byte of the file', async () => {
    const { autodidact, file, select } = await onFile({ points })
    const secret = 'quixotropolis'
    await autodidact.persistence.saveQTable('coordinator', { [secret]: { search: 1 } }, { user: 'ada' })
    await decideAndRecord(autodidact, true)
    const { run } = await autodidact.decide('coordinator', ['search', 'analysis'], { state: `${secret} again`, task: secret, user: 'ada', agent: 'coordinator' })
    await autodidact.record({ run, task: secret, response: secret, user: 'ada', agent: 'coordinator', success: true })
    await autodidact.persistence.saveAgentInteraction('coordinator', secret, secret, secret, { user: 'ada' })
    await autodidact.persistence.saveAgentReward('coordinator', 1, { [secret]: 1 }, { user: 'ada' })
    await autodidact.persistence.saveAgentDecision('coordinator', { selectedAction: secret }, { user: 'ada' })
    await autodidact.persistence.refreshViews()
    const everything = (): string => JSON.stringify(Object.keys(columns).map((view) => select(`SELECT * FROM ${view}`)))
    expect(everything()).toContain(secret)
    expect(await autodidact.forget({ user: 'ada' })).toMatchObject({ status: 'proven' })
    expect(everything()).not.toContain(secret)
    await autodidact.persistence.refreshViews()
    expect(everything()).not.toContain(secret)
    expect(select('SELECT * FROM agent_rewards')).toHaveLength(1)
    await autodidact.close()
    expect(readFileSync(file).toString('latin1')).not.toContain(secret)
  })

  test('tell namespaces apart by the name before that of the agent', async () => {
    const { autodidact, select } = await onFile()
    await autodidact.persistence.saveAgentReward('a', 1)
    await autodidact.in('acme').persistence.saveAgentReward('a', 2)
    expect(select('SELECT agent_name, reward FROM agent_rewards ORDER BY id')).toEqual([{ agent_name: 'a', reward: 1 }, { agent_name: 'acme/a', reward: 2 }])
  })

  test('leave out what is damaged or cannot be read, and fail for none of it', async () => {
    const { autodidact, file, select } = await onFile()
    await autodidact.record({ agent: 'a', task: 'x', success: true })
    await autodidact.close()
    const database = new DatabaseSync(file)
    database.exec("UPDATE facts SET data = 'encrypted'")
    database.close()
    for (const view of Object.keys(columns)) expect(select(`SELECT * FROM ${view}`)).toEqual([])
  })

  test('of a file of the version before are there once it was opened, with all that it holds', async () => {
    const { autodidact, file } = await onFile({ points })
    await decideAndRecord(autodidact, true)
    await autodidact.close()
    const database = new DatabaseSync(file)
    for (const view of Object.keys(columns)) database.exec(`DROP VIEW ${view}`)
    database.exec('DROP TABLE published_rows; DROP TABLE worths; DROP TABLE saved_versions; DROP TABLE encryption; DROP TABLE bookmarks; ALTER TABLE snapshots DROP COLUMN compression; PRAGMA user_version = 1')
    database.close()
    const again = await onFile({ points }, file)
    await again.autodidact.persistence.refreshViews()
    expect(again.select('SELECT reward FROM agent_rewards')).toEqual([{ reward: 1 }])
    expect(again.select('SELECT agent_name FROM q_tables')).toEqual([{ agent_name: 'coordinator' }])
  })
})
