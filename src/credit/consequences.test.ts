import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { Autodidact } from '../autodidact.ts'
import { AutodidactError } from '../errors.ts'
import type { Standing } from '../storage/storage.ts'
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { handClock, logOf, opened } from '../../test/support/instance.ts'
import { Dossier } from './dossier.ts'
import { standingOf } from './standing.ts'

const runs = ['r1', 'r2', 'r3']
const standings: readonly Standing[] = ['success', 'failure', 'unverified']
const minute = 60_000

type Step = (autodidact: Autodidact, clock: ReturnType<typeof handClock>) => Promise<unknown>

const run = fc.constantFrom(...runs)
const person = fc.constantFrom(undefined, 'ada', 'grace')
const answer = fc.constantFrom('yes', 'no', 'long '.repeat(4_000))
const feedbackId = fc.constantFrom('f1', 'f2', 'f3', 'f4')

const named = (user: string | undefined) => (user === undefined ? {} : { user })

/** Whatever may be done to a run, by any verb. */
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(run, person).map(([id, user]): Step => (autodidact) => autodidact.advise(`task ${id}`, { run: id, ...named(user), choices: { tool: ['a', 'b'] } })),
  fc.tuple(run, person).map(([id, user]): Step => (autodidact) => autodidact.decide('model', ['c', 'd'], { run: id, ...named(user) })),
  fc.tuple(run, person, answer, fc.constantFrom(undefined, true, false)).map(([id, user, response, success]): Step => (autodidact) =>
    autodidact.record({ run: id, task: `task ${id}`, response, ...named(user), ...(success === undefined ? {} : { success }) }),
  ),
  fc.tuple(run, person, feedbackId, fc.constantFrom('up' as const, 'down' as const)).map(([id, author, feedback, rating]): Step => (autodidact) =>
    autodidact.feedback(id, rating, { id: `${id} ${feedback}`, ...(author === undefined ? {} : { author }) }),
  ),
  fc.tuple(run, feedbackId, answer).map(([id, feedback, correction]): Step => (autodidact) => autodidact.feedback(id, { correction }, { id: `${id} ${feedback}` })),
  fc.tuple(run, feedbackId).map(([id, feedback]): Step => (autodidact) => autodidact.feedback(id, { retract: `${id} ${feedback}` })),
  fc.tuple(run, feedbackId).map(([id, feedback]): Step => (autodidact) => autodidact.forget({ facts: [`${id} ${feedback}`] })),
  fc.constant<Step>((autodidact) => autodidact.forget({ user: 'grace' })),
  fc.nat(10).map((minutes): Step => async (autodidact, clock) => {
    clock.advance(minutes * minute)
    await autodidact.decide('other', ['e'])
  }),
)

/** What the index and the table of deadlines say of each run, and what follows from its facts. */
const compared = async (storage: SqliteStorage, namespace: string): Promise<{ readonly said: unknown; readonly follows: unknown }> => {
  const log = await logOf(storage, namespace)
  const due = new Map((await storage.due(namespace, Number.MAX_SAFE_INTEGER, 1_000)).map((deadline) => [deadline.run, deadline.expiresAt]))
  const standing = new Map<string, Standing>()
  for (const one of standings) for (const { id } of await storage.search({ namespace, text: 'task', limit: 10, standings: [one] })) standing.set(id, one)
  const dossiers = runs.map((id) => Dossier.of(id, log.filter((fact) => fact.run === id)))
  return {
    said: dossiers.map(({ run: id, verdict }) => [id, standing.get(id), verdict === undefined ? due.get(id) : 'judged']),
    follows: dossiers.map((dossier) => [
      dossier.run,
      dossier.recorded === undefined ? undefined : standingOf(dossier),
      dossier.verdict === undefined ? dossier.deadline : 'judged',
    ]),
  }
}

test('index and deadlines say what follows from the log, whatever the verbs did and in which order', async () => {
  const clock = handClock()
  const { autodidact, storage } = await opened({ clock, deadlineMs: 20 * minute, points: { tool: { deadlineMs: 5 * minute, defaultReward: 0.2 } } })
  let number = 0
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 3, maxLength: 25 }), async (history) => {
      const namespace = `n${(number += 1)}`
      const here = autodidact.in(namespace)
      for (const step of history) {
        // Some things cannot be done after others: a run recorded twice, or one that was erased.
        await step(here, clock).catch((error: unknown) => {
          if (!AutodidactError.is(error)) throw error
        })
        const { said, follows } = await compared(storage, namespace)
        expect(said).toEqual(follows)
      }
      clock.advance(60 * minute)
      for (let calls = 0; calls < 10; calls += 1) await here.decide('other', ['e'], { occurredAt: 946_684_800_000 })
      expect((await storage.due(namespace, clock(), 1_000)).filter((deadline) => runs.includes(deadline.run))).toEqual([])
    }),
    { numRuns: 100 },
  )
})

test('a run that was advised for a user is judged by that user, also where its record names neither', async () => {
  const { autodidact } = await opened()
  await autodidact.advise('refund order 1187', { run: 'r', user: 'ada' })
  await autodidact.record({ run: 'r', task: 'refund order 1187', response: 'done' })
  await autodidact.feedback('r', 'down')
  const { standing } = await autodidact.feedback('r', 'up', { author: 'ada' })
  expect(standing).toBe('success')
  expect((await autodidact.recall('refund order 1187')).items).toMatchObject([{ id: 'r', kind: 'example', user: 'ada' }])
})
