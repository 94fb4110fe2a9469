import { array, assert, asyncProperty, boolean, integer, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import { Autodidact } from '../../autodidact.ts'
import type { Fact } from '../../log/fact.ts'
import { type Lesson, Lessons } from './lessons.ts'
import { advanced, bytesOf, hasBegun, noProgress, savedIn } from './progress.ts'

/** Facts of a small log: runs, verdicts, corrections, retractions, in any order. */
const log = async (steps: readonly (readonly [run: number, kind: number])[]): Promise<Fact[]> => {
  const autodidact = await Autodidact.open(':memory:')
  const said = new Map<string, string>()
  for (const [run, kind] of steps) {
    const id = `r${run}`
    if (kind === 0) await autodidact.record({ run: id, task: `question ${run}`, agent: 'a', response: { query: `SELECT ${run}` } })
    else if (kind === 4) await autodidact.feedback(id, { retract: said.get(id) ?? 'nothing' }).catch((error: unknown) => expect(error).toMatchObject({ code: 'UNKNOWN_ID' }))
    else said.set(id, (await autodidact.feedback(id, kind === 1 ? 'up' : kind === 2 ? 'down' : { correction: { query: `SELECT ${run}0` } })).feedback)
  }
  const facts: Fact[] = []
  for await (const fact of autodidact.export()) facts.push(fact)
  await autodidact.close()
  return facts
}

test('taken at any moments lead to the same as all taken at once', async () => {
  const step = tuple(integer({ min: 1, max: 3 }), integer({ min: 0, max: 4 }))
  await assert(
    asyncProperty(array(step, { maxLength: 12 }), array(boolean(), { minLength: 12, maxLength: 12 }), async (steps, cuts) => {
      const facts = await log(steps)
      const whole = new Lessons('a')
      for (const fact of facts) whole.add(fact)
      const parts = new Lessons('a')
      let known: readonly Lesson[] = []
      const take = (): void => {
        const { anew, lessons } = parts.take()
        known = anew ? lessons : [...known, ...lessons]
      }
      facts.forEach((fact, at) => {
        parts.add(fact)
        if (cuts[at % cuts.length] === true) take()
      })
      take()
      expect(known).toEqual(whole.take().lessons)
    }),
    { numRuns: 60 },
  )
})

test('progress is told from that through other lessons, or the same in another order', () => {
  const lessons = ['a', 'b', 'c'].map((run): Lesson => ({ run, question: 'how many', query: `SELECT '${run}'`, right: true }))
  const progress = lessons.slice(0, 2).reduce(advanced, noProgress)
  expect(hasBegun(progress, lessons)).toBe(true)
  expect(hasBegun(progress, lessons.slice(0, 2))).toBe(true)
  expect(hasBegun(progress, lessons.slice(0, 1))).toBe(false)
  expect(hasBegun(progress, lessons.toReversed())).toBe(false)
  expect(hasBegun(progress, lessons.map((lesson) => ({ ...lesson, right: false })))).toBe(false)
  expect(savedIn(bytesOf({ progress, state: Uint8Array.of(10, 1, 10) }))).toEqual({ progress, state: Buffer.from([10, 1, 10]) })
  for (const other of [[], [10], [123, 125, 10, 1]]) expect(savedIn(Uint8Array.from(other))).toBeUndefined()
})
