import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { residueOf } from '../../bench/harness/residue.ts'
import { Autodidact, type AutodidactSettings, stems } from '../../src/index.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
let files = 0
const newPath = (): string => join(folder, `agent ${(files += 1)}.db`)

/** What only Ada's agent does, and the pieces of it that could be left. */
const rare = ['quixotropolise', 'thymbrindlify', 'zylvaxmandate']
const traces = [...rare, ...rare.flatMap((name) => stems(name))]

const steps = (actions: readonly string[]) => actions.map((action) => ({ action, ok: true }))

const opened = (path: string, settings: AutodidactSettings = {}): Promise<Autodidact> => Autodidact.open(path, { seed: 1, onError: 'throw', points: { how: { policy: 'uniform' } }, ...settings })

/** Runs of somebody that went well with a sequence, and badly without it. */
const observe = async (autodidact: Autodidact, user: string, runs = 40, actions: readonly string[] = rare): Promise<void> => {
  for (let order = 0; order < runs; order += 1) {
    const has = order % 2 === 0
    await autodidact.record({ task: 'refund an order', user, steps: steps(has ? actions : ['lookup', 'refund']), outcome: { success: has, judge: 'check' } })
  }
}

/** Runs of Grace that are offered what stands out in those of others; whether she follows. */
const offered = async (autodidact: Autodidact, follows: boolean, runs = 40): Promise<number> => {
  let taken = 0
  for (let run = 0; run < runs; run += 1) {
    const { options } = await autodidact.workflows.offer('how')
    const advice = await autodidact.advise('refund an order', { user: 'grace', choices: { how: ['freely', ...options] } })
    const workflow = options.find(({ id }) => id === advice.decisions['how']?.option)
    taken += Number(workflow !== undefined)
    const actions = follows && workflow !== undefined ? workflow.actions : ['lookup', 'refund']
    await autodidact.record({ advice, user: 'grace', steps: steps(actions), ...(follows ? {} : { taken: { how: 'freely' } }), success: run % 2 === 0 })
  }
  return taken
}

const textOf = async (autodidact: Autodidact): Promise<string> => {
  const facts: unknown[] = []
  for await (const fact of autodidact.export()) facts.push(fact)
  return JSON.stringify(facts)
}

describe('names of actions of somebody forgotten', () => {
  test('are in no fact that others have of a trial, and nowhere once it is forgotten', async () => {
    const path = newPath()
    const autodidact = await opened(path)
    await observe(autodidact, 'ada')
    expect(await offered(autodidact, false)).toBeGreaterThan(3)
    const known = (await autodidact.workflows.list()).workflows.find(({ trial }) => trial !== undefined)
    expect(known).toMatchObject({ actions: rare, status: 'on trial' })
    expect(await autodidact.forget({ user: 'ada' })).toMatchObject({ status: 'proven', scan: { found: 0 } })
    expect(residueOf(path, traces)).toBe(0)
    // Of the trial there is left that something was tried, and how Grace did.
    expect((await autodidact.workflows.list()).workflows.map(({ actions, status }) => [...actions, status])).toEqual([['lookup', 'refund', 'recurring']])
    expect((await autodidact.workflows.offer('how')).options).toEqual([])
    expect(await autodidact.experiments.list()).toMatchObject([{ state: 'stopped', arms: [{ units: expect.any(Number) }, {}] }])
    await expect(autodidact.workflows.try(known?.id ?? '')).rejects.toMatchObject({ code: 'UNKNOWN_ID' })
    await autodidact.close()
    expect(residueOf(path, traces)).toBe(0)
  })

  test('stay in what others did by themselves, and in the runs that followed an offer', async () => {
    for (const other of ['another', 'follower'] as const) {
      const path = newPath()
      const autodidact = await opened(path)
      await observe(autodidact, 'ada')
      if (other === 'another') await observe(autodidact, 'alan', 20)
      expect(await offered(autodidact, other === 'follower')).toBeGreaterThan(3)
      const before = (await autodidact.workflows.list()).workflows.find(({ trial }) => trial !== undefined)
      expect(await autodidact.forget({ user: 'ada' })).toMatchObject({ status: 'proven' })
      const after = (await autodidact.workflows.list()).workflows.find(({ trial }) => trial !== undefined)
      expect((await textOf(autodidact)).includes(rare[0] ?? '')).toBe(true)
      // With runs of another's own it goes on where it was; those that only followed prove nothing by themselves.
      expect(after?.trial?.offered).toBe(other === 'another' ? before?.trial?.offered : undefined)
      await autodidact.close()
    }
  })
})
