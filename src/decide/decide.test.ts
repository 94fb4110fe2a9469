import { existsSync } from 'node:fs'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { handClock, opened, temporaryFile } from '../../test/support/instance.ts'
import { Autodidact } from '../autodidact.ts'
import type { PointSettings } from '../scope.ts'
import { unpackFeatures } from '../log/packed.ts'
import type { OptionInput } from './input.ts'
import type { PolicyChoice } from './policies.ts'
import type { Option, Policy } from './policy.ts'
import { unpackProbabilities } from './probabilities.ts'

const tools: OptionInput[] = [
  { id: 'weather', description: 'rain, wind and temperature of a place' },
  { id: 'music', description: 'play a song or an album' },
  { id: 'calendar', description: 'meetings and appointments of a day' },
]

const sum = (values: Iterable<number>): number => [...values].reduce((left, right) => left + right, 0)

/** Decides, takes what was decided, and says how that went. */
const live = async (autodidact: Autodidact, options: readonly OptionInput[], reward: (option: string) => number, task = 'a'): Promise<string> => {
  const { option, run } = await autodidact.decide('tool', options, { task })
  await autodidact.feedback(run, { score: reward(option) })
  return option
}

describe('a decision', () => {
  test('is in the log before it is known, with everything that learning and evaluation need', async () => {
    const clock = handClock()
    const { autodidact, facts, storage } = await opened({ clock, points: { tool: { defaultReward: 0.5, deadlineMs: 1000 } } })
    const decision = await autodidact.decide('tool', tools, {
      task: 'will it rain tomorrow?',
      context: { customers: 3, region: 'north', trial: true },
      state: 'cold',
      user: 'ada',
      session: 's1',
      agent: 'helper',
      agentVersion: '2',
      source: 'app',
    })
    const [fact] = await facts('decision.made')
    expect(fact).toMatchObject({
      id: decision.id,
      run: decision.run,
      user: 'ada',
      session: 's1',
      agent: 'helper',
      agentVersion: '2',
      source: 'app',
      occurredAt: clock(),
      data: {
        point: 'tool',
        option: decision.option,
        propensity: decision.propensity,
        policy: 'default',
        estimated: false,
        context: { customers: 3, region: 'north', trial: true },
        state: 'cold',
        expiresAt: clock() + 1000,
        defaultReward: 0.5,
      },
    })
    if (fact === undefined) throw new Error('nothing was logged')
    expect(decision.option).toBe('weather')
    expect(await storage.optionSet('default', fact.data.optionSet)).toMatchObject({ options: tools })
    expect(tools[fact.data.index]).toMatchObject({ id: decision.option })
    expect([...unpackProbabilities(fact.data.probabilities, 3)]).toEqual(Object.values(decision.probabilities))
    expect(unpackFeatures(fact.data.features).hashes.length).toBeGreaterThan(8)
    expect(fact.data.similarities['weather']).toBeGreaterThan(0)
  })

  test('is written with secrets masked, also those in descriptions of options', async () => {
    const { autodidact, storage, facts } = await opened()
    await autodidact.decide('tool', [{ id: 'pay', description: 'charge 4111 1111 1111 1111' }], { task: 'charge the card' })
    const [fact] = await facts('decision.made')
    expect(await storage.optionSet('default', fact?.data.optionSet ?? '')).toMatchObject({ options: [{ id: 'pay', description: 'charge [card number]' }] })
  })

  test('stores a set of options once, whichever instance decides', async () => {
    const file = temporaryFile()
    for (let instance = 0; instance < 2; instance += 1) {
      const { autodidact, facts } = await opened({}, file)
      await autodidact.decide('tool', tools)
      await autodidact.decide('tool', tools)
      expect(new Set((await facts('decision.made')).map(({ data }) => data.optionSet)).size).toBe(1)
    }
  })

  test('has exact probabilities: they sum to 1, are those of the policy, and the drawn one is the propensity', async () => {
    let weights = Float64Array.of()
    const drawn: Policy = { name: 'drawn', estimated: false, weigh: () => weights }
    const { autodidact, facts } = await opened({ points: { tool: { policy: drawn } } })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { minLength: 1, maxLength: 40 }).filter((shares) => sum(shares) > 0), async (shares) => {
        weights = Float64Array.from(shares, (share) => share / sum(shares))
        const ids = shares.map((_, place) => `option ${place}`)
        const decision = await autodidact.decide('tool', ids)
        expect(ids.map((id) => decision.probabilities[id])).toEqual([...weights])
        expect(decision.propensity).toBe(weights[ids.indexOf(decision.option)])
        expect(decision.propensity).toBeGreaterThan(0)
        const fact = (await facts('decision.made')).at(-1)
        const logged = fact === undefined ? [] : unpackProbabilities(fact.data.probabilities, ids.length)
        expect(fact?.data).toMatchObject({ option: decision.option, propensity: decision.propensity, policy: 'drawn' })
        expect([...logged].map(Math.fround)).toEqual([...weights].map(Math.fround))
      }),
      { numRuns: 60 },
    )
  })

  test('explores with .02 in all, by default', async () => {
    const { autodidact } = await opened()
    const { probabilities, reason, expected } = await autodidact.decide('tool', tools, { task: 'will it rain?' })
    expect(probabilities['weather']).toBeCloseTo(0.98 + 0.02 / 3, 12)
    expect(probabilities['music']).toBeCloseTo(0.02 / 3, 12)
    expect(sum(Object.values(probabilities))).toBeCloseTo(1, 12)
    expect(reason).toContain('0.99')
    expect(expected).toBeGreaterThan(0.5)
  })

  test.each<[PolicyChoice['name'], number[]]>([
    ['fixed', [1, 0, 0]],
    ['uniform', [1 / 3, 1 / 3, 1 / 3]],
    ['greedy', [0, 1, 0]],
    ['epsilon-greedy', [0.1 / 3, 0.9 + 0.1 / 3, 0.1 / 3]],
  ])('the policy "%s" weighs %j', async (policy, weights) => {
    const { autodidact } = await opened({ points: { tool: { policy } } })
    const { probabilities, policy: named } = await autodidact.decide('tool', tools, { task: 'play an album' })
    expect(named).toBe(policy)
    expect(Object.values(probabilities).map((value) => Number(value.toFixed(9)))).toEqual(weights.map((value) => Number(value.toFixed(9))))
  })

  test('with one seed is drawn the same again, with another differently', async () => {
    const options = Array.from({ length: 20 }, (_, place) => `option ${place}`)
    const drawn = async (seed: number): Promise<string[]> => {
      const { autodidact } = await opened({ seed, points: { tool: { policy: 'uniform' } } })
      return Promise.all(options.map(async () => (await autodidact.decide('tool', options)).option))
    }
    expect(await drawn(3)).toEqual(await drawn(3))
    expect(await drawn(3)).not.toEqual(await drawn(4))
  })
})

describe('learning from decisions', () => {
  test('an option that works is taken, told apart by the task', async () => {
    const { autodidact } = await opened()
    const right = { sing: 'b', swim: 'a' } as const
    for (let round = 0; round < 30; round += 1) {
      for (const task of ['sing', 'swim'] as const) await live(autodidact, ['a', 'b', 'c'], (option) => Number(option === right[task]), task)
    }
    for (const task of ['sing', 'swim'] as const) {
      const { probabilities } = await autodidact.decide('tool', ['a', 'b', 'c'], { task })
      expect(probabilities[right[task]]).toBeGreaterThan(0.9)
    }
  })

  test('an untried option is not worse than a failed one: a failing arm does not lock in', async () => {
    // Success counts .75 and failure .45: a learner that starts untried options below every reward would stay with the first it tried.
    let late = 0
    const seeds = 10
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { autodidact } = await opened({ seed })
      const taken: string[] = []
      for (let step = 0; step < 60; step += 1) taken.push(await live(autodidact, ['bad', 'worse', 'good'], (option) => (option === 'good' ? 0.75 : 0.45)))
      late += taken.slice(-20).filter((option) => option === 'good').length / 20 / seeds
    }
    expect(late).toBeGreaterThan(0.8)
  })

  test('after one failure, what was not tried is preferred; after one success, what worked', async () => {
    for (const [reward, preferred] of [[0, 'other'], [1, 'tried']] as const) {
      const { autodidact } = await opened()
      await autodidact.decide('tool', ['tried'], { task: 'a', run: 'r' })
      await autodidact.feedback('r', { score: reward })
      const { probabilities } = await autodidact.decide('tool', ['tried', 'other'], { task: 'a' })
      expect(Object.entries(probabilities).find(([, probability]) => probability > 0.9)?.[0]).toBe(preferred)
    }
  })

  test('a new option works on first sight, by its description', async () => {
    const { autodidact } = await opened()
    for (let round = 0; round < 10; round += 1) {
      await live(autodidact, tools, (option) => Number(option === 'weather'), 'how much wind is there in Oslo?')
      await live(autodidact, tools, (option) => Number(option === 'music'), 'put on the new album')
    }
    const grown = [...tools, { id: 'translate', description: 'translate a sentence into another language' }]
    const { probabilities } = await autodidact.decide('tool', grown, { task: 'translate this sentence into French' })
    expect(probabilities['translate']).toBeGreaterThan(0.9)
  })

  test('an option that is gone is never chosen, however good it was', async () => {
    const { autodidact } = await opened()
    for (let round = 0; round < 15; round += 1) await live(autodidact, ['best', 'other', 'third'], (option) => Number(option === 'best'))
    for (let round = 0; round < 40; round += 1) {
      const { option, probabilities } = await autodidact.decide('tool', ['third', 'other'], { task: 'a' })
      expect(['third', 'other']).toContain(option)
      expect(Object.keys(probabilities)).toEqual(['third', 'other'])
    }
  })

  test('context and state tell situations apart', async () => {
    const { autodidact } = await opened()
    const situations = [{ context: { size: 3 } }, { context: { size: 5_000 } }, { state: 'cold' }, { context: { region: 'north' } }] as const
    const options = situations.map((_, place) => `option ${place}`)
    for (let round = 0; round < 40; round += 1) {
      for (const [place, situation] of situations.entries()) {
        const { option, run } = await autodidact.decide('tool', options, situation)
        await autodidact.feedback(run, option === `option ${place}` ? 'up' : 'down')
      }
    }
    for (const [place, situation] of situations.entries()) {
      expect((await autodidact.decide('tool', options, situation)).probabilities[`option ${place}`]).toBeGreaterThan(0.9)
    }
  })

  test('choice points and namespaces learn apart', async () => {
    const { autodidact } = await opened()
    for (let round = 0; round < 10; round += 1) await live(autodidact, ['a', 'b'], (option) => Number(option === 'b'))
    expect((await autodidact.decide('tool', ['a', 'b'], { task: 'a' })).probabilities['b']).toBeGreaterThan(0.9)
    expect((await autodidact.decide('model', ['a', 'b'], { task: 'a' })).propensity).toBe(0.5)
    expect((await autodidact.in('acme').decide('tool', ['a', 'b'], { task: 'a' })).propensity).toBe(0.5)
  })

  test('switched off, choices are uniform and logged as such, and what is known is not forgotten', async () => {
    const file = temporaryFile()
    const taught = await opened({}, file)
    for (let round = 0; round < 10; round += 1) await live(taught.autodidact, ['a', 'b'], (option) => Number(option === 'b'))
    const off = await opened({ learning: false }, file)
    expect(await off.autodidact.decide('tool', ['a', 'b'], { task: 'a' })).toMatchObject({ propensity: 0.5, policy: 'uniform', logged: true, expected: undefined })
    expect((await off.facts('decision.made')).at(-1)?.data).toMatchObject({ policy: 'uniform', propensity: 0.5 })
    expect((await taught.autodidact.decide('tool', ['a', 'b'], { task: 'a' })).probabilities['b']).toBeGreaterThan(0.9)
  })
})

describe('options', () => {
  test.each([1, 2, 150, 10_000])('may be %d', async (count) => {
    const { autodidact, facts } = await opened()
    const options = Array.from({ length: count }, (_, place) => ({ id: `tool ${place}`, description: `does thing number ${place}` }))
    const decision = await autodidact.decide('tool', options, { task: 'do thing number 0' })
    expect(Object.keys(decision.probabilities)).toHaveLength(count)
    expect(sum(Object.values(decision.probabilities))).toBeCloseTo(1, 9)
    const [fact] = await facts('decision.made')
    expect(options[fact?.data.index ?? -1]?.id).toBe(decision.option)
    expect(decision.logged).toBe(true)
    if (count === 1) expect(decision).toMatchObject({ option: 'tool 0', propensity: 1, reason: 'the only option' })
  })

  test.each<[string, string, readonly OptionInput[]]>([
    ['NO_OPTIONS', 'no options', []],
    ['DUPLICATE_OPTION', '"a" twice', ['a', 'b', { id: 'a', description: 'again' }]],
    ['INVALID_INPUT', 'tool', ['a', '']],
    ['INVALID_INPUT', 'tool', [{ id: 'a\n' }]],
  ])('are refused with %s', async (code, message, options) => {
    const { autodidact, log } = await opened()
    const refusal = { code, message: expect.stringContaining(message) }
    await expect(autodidact.decide('tool', options)).rejects.toMatchObject(refusal)
    await expect(autodidact.advise('a', { choices: { tool: options } })).rejects.toMatchObject(refusal)
    expect(await log()).toEqual([])
  })

  test('may be called anything that is well-formed', async () => {
    const { autodidact } = await opened()
    const ids = ['検索', '🛠️', 'a b', '\u{10fffd}', 'ﷺ', '0', 'é', 'e\u0301']
    const { option, probabilities } = await autodidact.decide('werkzeug 🛠️', ids, { task: '🛠️' })
    expect(ids).toContain(option)
    expect(Object.keys(probabilities).sort()).toEqual(ids.toSorted())
  })
})

describe('what cannot be decided', () => {
  test.each<[string, object]>([
    ['context.size', { context: { size: Number.NaN } }],
    ['context.size', { context: { size: Number.NEGATIVE_INFINITY } }],
    ['state', { state: '' }],
    ['colour', { colour: 'red' }],
  ])('%s is named', async (field, settings) => {
    const { autodidact } = await opened()
    const refusal = { code: 'INVALID_INPUT', message: expect.stringContaining(field) }
    await expect(autodidact.decide('tool', ['a'], settings)).rejects.toMatchObject(refusal)
    await expect(autodidact.advise('a', settings)).rejects.toMatchObject(refusal)
  })

  test('an unknown policy is an error of the host, and told at once', async () => {
    const file = temporaryFile()
    await expect(Autodidact.open(file, { points: { tool: { policy: 'oracle' as 'greedy' } } })).rejects.toMatchObject({ code: 'UNKNOWN_POLICY' })
    expect(existsSync(file)).toBe(false)
    await expect(opened({ points: { tool: { policy: 'oracle' as 'greedy' } } })).rejects.toMatchObject({ code: 'UNKNOWN_POLICY', message: expect.stringContaining('greedy') })
  })

  test('an advice of another run', async () => {
    const { autodidact } = await opened()
    const advice = await autodidact.advise('a')
    await expect(autodidact.decide('tool', ['a'], { advice, run: 'mine' })).rejects.toMatchObject({ code: 'RUN_MISMATCH' })
  })
})

describe('when the learning layer fails', () => {
  const broken: Policy = { name: 'broken', estimated: false, weigh: () => Float64Array.of(0.7, 0.7) }

  const failures: readonly [string, PointSettings][] = [['CLOSED', {}], ['INVALID_INPUT', { policy: broken }]]

  test.each(failures)('(%s) the choice is uniform and says so', async (code, tool) => {
    const { autodidact, storage } = await opened({ points: { tool } })
    if (code === 'CLOSED') await storage.close()
    const seen = new Set<string>()
    for (let round = 0; round < 20; round += 1) {
      const decision = await autodidact.decide('tool', ['a', 'b'])
      expect(decision).toMatchObject({ propensity: 0.5, policy: 'uniform', logged: false, probabilities: { a: 0.5, b: 0.5 }, warnings: [{ code }] })
      seen.add(decision.option)
      const advice = await autodidact.advise('a', { choices: { tool: ['a', 'b'] } })
      expect(advice).toMatchObject({ logged: false, items: [], prompt: '', warnings: [{ code }], decisions: { tool: { propensity: 0.5, logged: false } } })
    }
    expect(seen).toEqual(new Set(['a', 'b']))
  })

  test.each(failures)('(%s) it is the error, when asked for', async (code, tool) => {
    const { autodidact, storage } = await opened({ points: { tool }, onError: 'throw' })
    if (code === 'CLOSED') await storage.close()
    await expect(autodidact.decide('tool', ['a', 'b'])).rejects.toMatchObject({ code })
    await expect(autodidact.advise('a', { choices: { tool: ['a', 'b'] } })).rejects.toMatchObject({ code })
  })

  test('a policy that reorders or renames what it is asked harms nobody', async () => {
    const offered = [{ id: 'b', description: 'second' }, { id: 'a', description: 'first' }]
    let careless = true
    let asked: unknown
    const policy: Policy = {
      name: 'careless',
      estimated: false,
      weigh: (_, { options }) => {
        asked = structuredClone(options)
        // What a policy in JavaScript may do, where no type keeps it from that.
        const mutable = options as Option[]
        if (careless) mutable.sort((left, right) => left.id.localeCompare(right.id))
        if (careless) Object.assign(mutable[0] ?? {}, { id: 'c' })
        return Float64Array.of(1, 0)
      },
    }
    const { autodidact } = await opened({ points: { tool: { policy } } })
    expect(await autodidact.decide('tool', offered)).toMatchObject({ policy: 'uniform', logged: false, probabilities: { a: 0.5, b: 0.5 }, warnings: [{ message: expect.stringContaining('read only') }] })
    careless = false
    const decision = await autodidact.decide('tool', offered)
    expect(asked).toEqual(offered)
    expect(decision).toMatchObject({ option: 'b', logged: true })
    expect((await autodidact.explain(decision.run)).decisions[0]?.options.map(({ id }) => id)).toEqual(['b', 'a'])
  })

  test('a policy that gives another number of weights is told how many', async () => {
    const policy: Policy = { name: 'short', estimated: false, weigh: () => Float64Array.of(0.5) }
    const { autodidact } = await opened({ points: { tool: { policy } }, onError: 'throw' })
    await expect(autodidact.decide('tool', ['a', 'b'])).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('1 weights for 2 options') })
  })

  test('what was decided without the log is recorded without credit, and the receipt says so', async () => {
    const { autodidact } = await opened({ points: { tool: { policy: broken } } })
    const advice = await autodidact.advise('Refund order 7', { choices: { tool: ['a', 'b'] } })
    const receipt = await autodidact.record({ advice, response: 'x', taken: { tool: 'a' }, success: true })
    expect(receipt).toMatchObject({ run: advice.run, status: 'stored', standing: 'success' })
    expect(receipt.parts.filter(({ status }) => status === 'refused').map(({ part }) => part)).toEqual(['advice', 'taken'])
    expect((await autodidact.recall('Refund order 7')).items).toHaveLength(1)
  })
})
