import { describe, expect, test } from 'vitest'
import { handClock, opened } from '../../test/support/instance.ts'
import { unpackFeatures, unpackHashes } from '../log/packed.ts'
import { estimateTokens } from '../recall/budget.ts'

describe('advice', () => {
  test('recalls and decides, and is in the log before it is known', async () => {
    const clock = handClock()
    const { autodidact, log } = await opened({ clock, deadlineMs: 1000 })
    const { run: example } = await autodidact.record({ task: 'Refund order 7', response: 'refund(7)', success: true })
    const settings = { user: 'ada', session: 's1', agent: 'helper', agentVersion: '2', source: 'app', category: 'refunds', context: { amount: 12 }, state: 'open' }
    const advice = await autodidact.advise('Refund order 8', { ...settings, choices: { tool: ['a', 'b'], model: [{ id: 'big' }] } })
    const written = (await log()).filter(({ run }) => run === advice.run)
    expect(written.map(({ kind }) => kind)).toEqual(['advice.given', 'decision.made', 'decision.made'])
    const { category, context, state, ...about } = settings
    expect(written[0]).toMatchObject({
      id: advice.id,
      ...about,
      occurredAt: clock(),
      data: { task: 'Refund order 8', category, context, state, items: [{ id: example, kind: 'example' }], learning: true, expiresAt: clock() + 1000 },
    })
    for (const fact of written.slice(1)) expect(fact).toMatchObject({ ...about, data: { advice: advice.id, context, state } })
    expect(advice.decisions['tool']).toMatchObject({ run: advice.run, option: advice.choose['tool'], propensity: advice.decisions['tool']?.probabilities[advice.choose['tool'] ?? ''] })
    expect(advice).toMatchObject({ task: 'Refund order 8', choose: { model: 'big' }, warnings: [], logged: true })
    expect(advice.prompt).toContain('refund(7)')
  })

  test('holds ids and hashes of what was recalled, never its words', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.remember('Xylophones are refunded only within forty days and only by the music department in Vienna.')
    await autodidact.advise('refund a xylophone')
    const [fact] = await facts('advice.given')
    expect(fact?.data.items).toHaveLength(1)
    expect(unpackHashes(fact?.data.shingles ?? '').length).toBeGreaterThan(5)
    expect(JSON.stringify(fact)).not.toMatch(/vienna|department|forty/i)
  })

  test('may be nothing at all', async () => {
    const { autodidact, facts } = await opened()
    expect(await autodidact.advise('Refund order 8')).toMatchObject({ prompt: '', items: [], choose: {}, decisions: {}, warnings: [], logged: true })
    expect(await facts('advice.given')).toHaveLength(1)
  })

  test('shows what fits into the prompt, and nothing else counts as shown', async () => {
    const { autodidact, facts } = await opened()
    for (let place = 0; place < 8; place += 1) await autodidact.remember(`Rule ${place} for refunds: ${'refund it with care '.repeat(5 + place)}`)
    for (const tokens of [0, 60, 150, 400, 10_000]) {
      const advice = await autodidact.advise('refunds', { recall: { tokens } })
      expect(estimateTokens(advice.prompt)).toBeLessThanOrEqual(tokens)
      expect((await facts('advice.given')).at(-1)?.data.items.map(({ id }) => id)).toEqual(advice.items.map(({ id }) => id))
      for (const { id } of advice.items) expect(advice.prompt).toContain(id)
    }
  })

  test('recalls nothing when told so, and decides all the same', async () => {
    const { autodidact } = await opened()
    await autodidact.remember('Refund orders above 100 only with a second signature')
    expect(await autodidact.advise('Refund order 8', { recall: false, choices: { tool: ['a'] } })).toMatchObject({ prompt: '', items: [], choose: { tool: 'a' }, logged: true })
  })

  test('with learning off recalls nothing, chooses uniformly, and is logged as such', async () => {
    const { autodidact, facts } = await opened({ learning: false })
    await autodidact.record({ task: 'Refund order 7', response: 'refund(7)', success: true })
    const advice = await autodidact.advise('Refund order 7', { choices: { tool: ['a', 'b', 'c', 'd'] } })
    expect(advice).toMatchObject({ prompt: '', items: [], logged: true, decisions: { tool: { propensity: 0.25, policy: 'uniform' } } })
    expect((await facts('advice.given'))[0]?.data.learning).toBe(false)
    expect(await facts('run.recorded')).toHaveLength(1)
  })

  test('is asked about the same features that decide is', async () => {
    const { autodidact, facts } = await opened()
    const situation = { context: { amount: 12, region: 'north' }, state: 'open' }
    const advice = await autodidact.advise('Refund order 8', { ...situation, choices: { tool: ['a'] } })
    await autodidact.decide('tool', ['a'], { ...situation, advice })
    await autodidact.decide('tool', ['a'], { ...situation, task: 'Refund order 8' })
    const [first, second, third] = (await facts('decision.made')).map(({ data }) => unpackFeatures(data.features))
    expect(second).toEqual(first)
    expect(third).toEqual(first)
  })

  test('begins the run that the host names, or one of its own', async () => {
    const { autodidact } = await opened()
    expect((await autodidact.advise('a', { run: 'mine' })).run).toBe('mine')
    expect((await autodidact.advise('a')).run).not.toBe((await autodidact.advise('a')).run)
  })

  test.each<[string, object]>([
    ['recall', { recall: { limit: -1 } }],
    ['recall', { recall: { colour: 'red' } }],
    ['user', { user: '' }],
    ['choices.tool', { choices: { tool: 'a' } }],
    ['occurredAt', { occurredAt: Number.NaN }],
  ])('is not given on a wrong %s', async (field, settings) => {
    const { autodidact, log } = await opened()
    await expect(autodidact.advise('a', settings)).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining(field) })
    expect(await log()).toEqual([])
  })

  test('falls back as a whole: nothing of it is written when a part fails', async () => {
    const broken = { name: 'broken', estimated: false, weigh: () => Float64Array.of(Number.NaN) }
    const { autodidact, log } = await opened({ points: { second: { policy: broken } } })
    const advice = await autodidact.advise('a', { choices: { first: ['x'], second: ['y'] } })
    expect(advice).toMatchObject({ logged: false, choose: { first: 'x', second: 'y' }, warnings: [{ code: 'INVALID_INPUT' }] })
    expect(await log()).toEqual([])
    expect((await autodidact.record({ advice, success: true })).status).toBe('stored')
  })
})
