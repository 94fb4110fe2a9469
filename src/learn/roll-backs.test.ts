import { array, assert as holds, asyncProperty, boolean, constantFrom, nat, oneof, record, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import type { NewFact } from '../log/fact.ts'
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { newFact, runFact } from '../testing/storage/workbench.ts'
import { temporaryFile } from '../../test/support/instance.ts'
import type { Learner } from './learner.ts'
import { isSkipped, sameUpTo, skipsOf } from './roll-backs.ts'
import { Runner } from './runner.ts'

/** Remembers what it was shown, in order. */
const ledger = (name: string): Learner<string[], readonly string[]> => ({
  name,
  version: 1,
  handles: ['run.recorded', 'feedback.received', 'run.settled', 'decision.settled', 'episode.settled'],
  initial: () => [],
  learn: (lines, experience) => {
    const { kind } = experience
    if (kind === 'run.settled') return [...lines, `${experience.run}: ${experience.previous?.reward} to ${experience.current?.reward}`]
    return [...lines, `${kind} ${'id' in experience ? experience.id : ''}`]
  },
  view: (lines) => lines,
  save: (lines) => new TextEncoder().encode(JSON.stringify(lines)),
  load: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as string[],
})

const [subject, witness] = [ledger('subject'), ledger('witness')]

const rollBack = (id: string, learner: string, to: number): NewFact => newFact('state.rolled-back', id, {}, { learner, to })

/** What a learner is to know: the log without what it was brought back over, folded where nothing was ever rolled back. */
const expected = async (learner: Learner<string[], readonly string[]>, facts: readonly NewFact[]): Promise<readonly string[]> => {
  const storage = await SqliteStorage.open(':memory:')
  for (const fact of facts) await storage.commit({ namespace: 'one', facts: [fact] })
  const lines = await new Runner(storage, { learners: [learner] }).view('one', learner)
  await storage.close()
  return lines
}

/** What happens: a run is recorded or judged, the subject goes back to a share of the log, the process ends, or everything learned is thrown away. */
const events = array(
  oneof(
    { weight: 4, arbitrary: record({ what: constantFrom('run' as const), run: nat(5), success: boolean() }) },
    { weight: 4, arbitrary: record({ what: constantFrom('vote' as const), run: nat(5), success: boolean() }) },
    { weight: 4, arbitrary: record({ what: constantFrom('back' as const), share: nat(100) }) },
    record({ what: constantFrom('restart' as const) }),
    record({ what: constantFrom('look' as const) }),
  ),
  { minLength: 4, maxLength: 32 },
)

test('a learner that is rolled back knows what it would know without what lies between, live, after restarts and built anew; others know all', async () => {
  await holds(
    asyncProperty(tuple(events, nat(3)), async ([steps, snapshotEvery]) => {
      const path = temporaryFile()
      const learners = [subject, witness]
      let storage = await SqliteStorage.open(path)
      let runner = new Runner(storage, { learners, snapshotEvery: snapshotEvery + 1, sliceMs: 0 })
      // Sequences begin at 1 and have no gaps here.
      const all: NewFact[] = []
      let known: readonly number[] = []
      const knownAt: (readonly number[])[] = [[]]
      const write = async (fact: NewFact): Promise<void> => {
        await storage.commit({ namespace: 'one', facts: [fact] })
        all.push(fact)
      }
      const seen = new Set<string>()
      for (const [place, step] of steps.entries()) {
        if (step.what === 'restart') {
          await runner.close()
          await storage.close()
          storage = await SqliteStorage.open(path)
          runner = new Runner(storage, { learners, snapshotEvery: snapshotEvery + 1, sliceMs: 0 })
        } else if (step.what === 'look') {
          await runner.catchUp('one')
        } else if (step.what === 'back') {
          const to = Math.floor((step.share / 101) * (all.length + 1))
          await write(rollBack(`back ${place}`, 'subject', to))
          known = knownAt[to] ?? []
          knownAt.push(known)
        } else {
          const run = `run ${step.run}`
          const outcome = { success: step.success, judge: 'host' as const }
          const fact = step.what === 'run' && !seen.has(run) ? runFact(run, {}, { outcome }) : newFact('feedback.received', `vote ${place}`, { run }, { author: `${place % 3}`, rating: Number(step.success) })
          seen.add(run)
          await write(fact)
          known = [...known, all.length]
          knownAt.push(known)
        }
      }
      const wanted = await expected(subject, known.flatMap((sequence) => all[sequence - 1] ?? []))
      const everything = await expected(witness, all.filter(({ kind }) => kind !== 'state.rolled-back'))
      expect(await runner.view('one', subject)).toEqual(wanted)
      expect(await runner.view('one', witness)).toEqual(everything)
      await runner.close()
      // From the snapshots of the end, and from none.
      const again = new Runner(storage, { learners })
      expect(await again.view('one', subject)).toEqual(wanted)
      const second = { ...witness, version: 2 }
      const anew = new Runner(storage, { learners: [ledger('subject'), second] })
      expect(await anew.view('one', subject)).toEqual(wanted)
      expect(await anew.view('one', second)).toEqual(everything)
      await storage.close()
    }),
    { numRuns: 60 },
  )
})

test('a roll-back that another process wrote is honoured by the next look', async () => {
  const path = temporaryFile()
  const [here, there] = [await SqliteStorage.open(path), await SqliteStorage.open(path)]
  const runner = new Runner(here, { learners: [subject] })
  await here.commit({ namespace: 'one', facts: [runFact('a')] })
  await here.commit({ namespace: 'one', facts: [runFact('b')] })
  expect(await runner.view('one', subject)).toHaveLength(4)
  await there.commit({ namespace: 'one', facts: [rollBack('back', 'subject', 1)] })
  expect(await runner.view('one', subject)).toEqual(['run.recorded a', 'a: undefined to 1'])
  await there.commit({ namespace: 'one', facts: [newFact('feedback.received', 'late', { run: 'b' }), newFact('feedback.received', 'on a', { run: 'a' }, { author: 'ada', rating: 0 })] })
  // Nobody who does not know b is told how b went.
  expect(await runner.view('one', subject)).toEqual(['run.recorded a', 'a: undefined to 1', 'feedback.received late', 'feedback.received on a'])
  await Promise.all([here.close(), there.close()])
})

test('an erased roll-back never was, and erasing before it keeps it', async () => {
  const storage = await SqliteStorage.open(':memory:')
  const runner = new Runner(storage, { learners: [subject] })
  await storage.commit({ namespace: 'one', facts: [runFact('a')] })
  await storage.commit({ namespace: 'one', facts: [runFact('b')] })
  await storage.commit({ namespace: 'one', facts: [runFact('c')] })
  await storage.commit({ namespace: 'one', facts: [rollBack('back', 'subject', 2)] })
  const erase = (id: string) => storage.erase({ namespace: 'one', facts: [id], standings: [], expect: [], by: 'facts' })
  expect(await runner.view('one', subject)).toHaveLength(4)
  await erase('a')
  expect(await runner.view('one', subject)).toEqual(['run.recorded b', 'b: undefined to 1'])
  await erase('back')
  expect(await runner.view('one', subject)).toHaveLength(4)
  await storage.close()
})

test('a roll-back to before another takes that one back, one to between them brings it into force again, and a learner that has not come so far is not concerned', () => {
  const all = [
    { learner: 'a', to: 10, at: 20 },
    { learner: 'b', to: 0, at: 25 },
    { learner: 'a', to: 15, at: 30 },
    { learner: 'a', to: 22, at: 40 },
  ]
  expect(skipsOf(all, 'a', 20)).toEqual([{ after: 10, upTo: 20 }])
  expect(skipsOf(all, 'a', 30)).toEqual([{ after: 15, upTo: 30 }])
  // At 22 the first one was in force.
  expect(skipsOf(all, 'a')).toEqual([{ after: 10, upTo: 20 }, { after: 22, upTo: 40 }])
  expect(skipsOf(all, 'c')).toEqual([])
  expect([10, 11, 20, 21].map((place) => isSkipped([{ after: 10, upTo: 20 }], place))).toEqual([false, true, true, false])
  expect(sameUpTo(10, [{ after: 10, upTo: 20 }], [])).toBe(true)
  expect(sameUpTo(11, [{ after: 10, upTo: 20 }], [])).toBe(false)
  expect(sameUpTo(15, [{ after: 10, upTo: 20 }], [{ after: 10, upTo: 30 }])).toBe(true)
})
