import { describe, expect, test } from 'vitest'
import type { Autodidact, AutodidactSettings } from '../autodidact.ts'
import { seededRandom } from '../decide/random.ts'
import { opened } from '../../test/support/instance.ts'

const task = 'who signs refunds above 100'

interface Lived {
  readonly autodidact: Autodidact
  readonly withheld: number
  readonly offered: number
}

/** Runs on one task, of which an item changes the success by so much where it is in the prompt. */
const live = async (runs: number, effect: number, settings: AutodidactSettings): Promise<Lived> => {
  const { autodidact, facts } = await opened({ seed: 3, ...settings })
  const random = seededRandom(7)
  await autodidact.remember({ id: 'k', content: 'Refunds above 100 need a second signature.' })
  for (let run = 0; run < runs; run += 1) {
    const advice = await autodidact.advise(task, { run: `run ${run}`, recall: { kinds: ['knowledge'] } })
    const shown = advice.items.some(({ id }) => id === 'k')
    await autodidact.record({ advice, outcome: { success: random() < 0.5 + (shown ? effect : 0), judge: 'check' } })
  }
  const trials = (await facts('advice.given')).flatMap(({ data }) => data.trial ?? [])
  return { autodidact, withheld: trials.filter(({ withheld }) => withheld.includes('k')).length, offered: trials.filter(({ offered }) => offered.includes('k')).length }
}

describe('withholding', () => {
  test('is off by default, and nothing is drawn', async () => {
    const { autodidact, withheld, offered } = await live(20, 0, {})
    expect([withheld, offered]).toEqual([0, 0])
    expect((await autodidact.knowledge.get('k'))?.effect).toBeUndefined()
  })

  test('leaves out about the share that was asked for, and logs both', async () => {
    const { withheld, offered } = await live(300, 0, { withholding: 0.2 })
    expect(withheld + offered).toBe(300)
    // 60 expected; outside of 35 to 85 once in 2,000 seeds, and this is one seed.
    expect(withheld).toBeGreaterThan(35)
    expect(withheld).toBeLessThan(85)
  })

  test('shows an item to help that helps: it is validated, and its effect lies in the interval', async () => {
    const { autodidact } = await live(400, 0.4, { withholding: 0.3 })
    const item = await autodidact.knowledge.get('k')
    expect(item?.state).toBe('validated')
    expect(item?.effect?.low).toBeGreaterThan(0)
    expect(item?.effect?.low).toBeLessThan(0.4)
    expect(item?.effect?.high).toBeGreaterThan(0.4)
  })

  test('shows an item to do harm that does: it is out of use, also where most runs go well with it', async () => {
    const { autodidact } = await live(400, -0.4, { withholding: 0.3 })
    const item = await autodidact.knowledge.get('k')
    expect(item?.state).toBe('deprecated')
    expect((await autodidact.recall(task, { kinds: ['knowledge'] })).items).toEqual([])
  })

  test('takes nothing out of use on the word of one user, and does where others see the harm, too', async () => {
    const { autodidact } = await opened({ seed: 3, withholding: 0.5 })
    await autodidact.remember({ id: 'k', content: 'Refunds above 100 need a second signature.' })
    let number = 0
    const report = async (user: string, runs: number, rewardOf: (isShown: boolean) => boolean): Promise<void> => {
      for (let run = 0; run < runs; run += 1) {
        number += 1
        const advice = await autodidact.advise(task, { run: `run ${number}`, user, recall: { kinds: ['knowledge'] } })
        const isShown = advice.items.some(({ id }) => id === 'k')
        await autodidact.record({ advice, user, outcome: { success: rewardOf(isShown), judge: 'user' } })
      }
    }
    await report('ada', 30, (isShown) => isShown || number % 3 > 0)
    await report('eve', 150, (isShown) => !isShown)
    const item = await autodidact.knowledge.get('k')
    expect(item?.effect?.high).toBeLessThan(0)
    expect(item?.state).not.toBe('deprecated')
    await report('bob', 60, (isShown) => !isShown)
    expect((await autodidact.knowledge.get('k'))?.state).toBe('deprecated')
  })

  test('never touches a core rule, or what is critical', async () => {
    const { autodidact, facts } = await opened({ seed: 1, withholding: 0.5 })
    await autodidact.remember({ id: 'core', content: '[CORE_RULE|1.0] Refunds above 100 need a second signature.' })
    await autodidact.remember({ id: 'urgent', priority: 'critical', content: 'Refunds above 100 need a stamp.' })
    for (let run = 0; run < 20; run += 1) expect((await autodidact.advise(task)).items.map(({ id }) => id).sort()).toEqual(['core', 'urgent'])
    expect((await facts('advice.given')).every(({ data }) => data.trial === undefined)).toBe(true)
  })

  test('gives what was never shown, and what was deprecated, a chance', async () => {
    const { autodidact } = await opened({ seed: 1, withholding: 0.5 })
    await autodidact.remember({ id: 'old', content: 'Refunds above 100 need a second signature, and refunds above 100 are signed by who signs refunds.' })
    await autodidact.remember({ id: 'bad', content: 'Refunds above 100 need a stamp.' })
    for (let use = 0; use < 5; use += 1) await autodidact.knowledge.use('bad', { success: false })
    expect((await autodidact.knowledge.get('bad'))?.state).toBe('deprecated')
    const shown = new Set<string>()
    for (let run = 0; run < 30; run += 1) for (const { id } of (await autodidact.advise(task, { recall: { limit: 1 } })).items) shown.add(id)
    expect([...shown].sort()).toEqual(['bad', 'old'])
  })

  test('takes a verdict that is taken back out of the effect', async () => {
    const { autodidact } = await opened({ seed: 3, withholding: 0.5 })
    await autodidact.remember({ id: 'k', content: 'Refunds above 100 need a second signature.' })
    for (let run = 0; run < 20; run += 1) {
      const advice = await autodidact.advise(task, { run: `run ${run}` })
      await autodidact.record({ advice })
      await autodidact.feedback(advice.run, 'up', { id: `praise ${run}` })
    }
    const before = (await autodidact.knowledge.get('k'))?.effect
    expect((before?.offered ?? 0) + (before?.withheld ?? 0)).toBe(20)
    for (let run = 0; run < 20; run += 1) await autodidact.feedback(`run ${run}`, { retract: `praise ${run}` })
    expect((await autodidact.knowledge.get('k'))?.effect).toBeUndefined()
  })

  test('tries what is out of use by a draw of its own, which is logged, and takes it back when it helps', async () => {
    const { autodidact, facts } = await opened({ seed: 3, withholding: 0.4 })
    const random = seededRandom(7)
    await autodidact.remember({ id: 'k', content: 'Refunds above 100 need a second signature.' })
    const run = async (withIt: number, without: number): Promise<void> => {
      const advice = await autodidact.advise(task, { recall: { kinds: ['knowledge'] } })
      await autodidact.record({ advice, outcome: { success: random() < (advice.items.length > 0 ? withIt : without), judge: 'check' } })
    }
    const state = async () => (await autodidact.knowledge.get('k'))?.state
    for (let runs = 0; (await state()) !== 'deprecated' && runs < 300; runs += 1) await run(0.05, 0.95)
    expect(await state()).toBe('deprecated')
    // The world has changed.
    for (let runs = 0; (await state()) === 'deprecated' && runs < 300; runs += 1) await run(0.95, 0.05)
    expect(await state()).toBe('validated')
    const explored = (await facts('advice.given')).flatMap(({ data }) => (data.trial?.explored === undefined ? [] : [data.trial]))
    expect(explored.some(({ offered }) => offered.includes('k')) && explored.some(({ withheld }) => withheld.includes('k'))).toBe(true)
  })

  test('tries nothing that was not asked for', async () => {
    const { autodidact } = await opened({ seed: 1, withholding: 0.5 })
    await autodidact.remember({ id: 'new', content: 'Refunds above 100 need a stamp.' })
    for (let run = 0; run < 30; run += 1) expect((await autodidact.advise('refunds above 100 stamp', { recall: { knowledge: { states: ['validated'] } } })).items).toEqual([])
    const shown = new Set<number>()
    for (let run = 0; run < 30; run += 1) shown.add((await autodidact.advise('refunds above 100 stamp', { recall: { knowledge: { states: ['experimental'] } } })).items.length)
    expect(shown).toEqual(new Set([0, 1]))
  })
})
