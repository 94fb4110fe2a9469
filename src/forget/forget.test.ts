import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { handClock, logOf, opened, type Opened, temporaryFile } from '../../test/support/instance.ts'
import { replaced } from '../../test/support/replaced.ts'
import { ledger } from '../../test/support/settled.ts'
import { Autodidact } from '../autodidact.ts'
import { itemUsefulness } from '../learn/learners/item-usefulness.ts'
import { optionModel } from '../learn/learners/option-model.ts'
import { sourceReputation } from '../learn/learners/source-reputation.ts'
import { taskStatistics } from '../learn/learners/task-statistics.ts'
import type { Fact, NewFact } from '../log/fact.ts'
import { SqliteStorage } from '../storage/sqlite/sqlite-storage.ts'
import { newFact, runFact } from '../testing/storage/workbench.ts'
import type { Selector } from './forget.ts'

const options = ['lookup', 'search', 'ask']

/** A history of two people who work with the same agent, knowledge, and votes on each other's runs. */
const lived = async (path?: string): Promise<Opened & { knowledge: string }> => {
  const instance = await opened({ learners: [ledger], clock: handClock() }, path)
  const { autodidact } = instance
  const { id: knowledge } = await autodidact.remember({ id: 'k-shared', content: 'Refund orders above 100 only with a second signature', source: 'handbook' })
  await autodidact.remember({ id: 'k-own', content: 'Ada refunds orders on Mondays', user: 'ada' })
  for (let place = 0; place < 12; place += 1) {
    const user = place % 2 === 0 ? 'ada' : 'grace'
    const about = { user, session: `${user}-${place % 4}`, source: place % 3 === 0 ? 'import' : 'app' }
    const advice = await autodidact.advise(`Refund order ${place} in ${user} town`, { ...about, run: `run-${place}`, context: { place }, choices: { tool: options } })
    await autodidact.record({ advice, ...about, response: `refund(${place})`, outcome: { success: place % 4 < 2 }, durationMs: place })
    if (place % 3 === 1) await autodidact.feedback(`run-${place}`, place % 2 === 0 ? 'up' : 'down', { author: 'ada', id: `vote-${place}` })
    if (place % 4 === 3) await autodidact.feedback(`run-${place}`, { correction: `right ${place}` }, { author: 'grace', id: `right-${place}` })
  }
  return { ...instance, knowledge }
}

/** What is learned, by what it answers; and what is recalled. */
const mindOf = async (autodidact: Autodidact) => {
  const [useful, model, statistics, books, reputation] = [
    await autodidact.learned(itemUsefulness),
    await autodidact.learned(optionModel),
    await autodidact.learned(taskStatistics),
    await autodidact.learned(ledger),
    await autodidact.learned(sourceReputation),
  ]
  const { items } = await autodidact.recall('Refund an order in town', { limit: 50, warnings: 50, unverified: true, floor: 0 })
  return {
    books: new Map(books),
    counts: ['k-shared', 'k-own', ...Array.from({ length: 12 }, (_, place) => `run-${place}`)].map((id) => useful.counts(id)),
    mean: model.mean('tool'),
    reputations: reputation.all(),
    kinds: statistics.kinds(),
    items: items.map(({ id, kind, usefulness, response }) => ({ id, kind, usefulness, response })).sort((left, right) => (left.id < right.id ? -1 : 1)),
  }
}

/** The same facts written anew into an empty store, as if the others had never been. */
const neverHad = async (facts: readonly Fact[]): Promise<Autodidact> => {
  const storage = await SqliteStorage.open(':memory:')
  const autodidact = Autodidact.over(storage, { learners: [ledger] })
  const copies = facts.map((fact): NewFact => ({ ...fact, digest: fact.id }))
  await storage.commit({ namespace: 'default', facts: copies })
  return autodidact
}

/** Ada asks in a run, more happens, and what is selected is forgotten: the kinds of the facts that are left, none of them with a word of hers. */
const asked = async (more: (autodidact: Autodidact) => Promise<unknown>, selector: Selector = { user: 'ada' }) => {
  const { autodidact, log } = await opened({ clock: handClock() })
  await autodidact.advise('Where does Ada live?', { run: 'r', user: 'ada', session: 's-ada', source: 'app-ada', choices: { tool: options } })
  await more(autodidact)
  await autodidact.forget(selector)
  const left = (await log()).filter(({ kind }) => kind !== 'subject.forgotten')
  // Ids hold random digits, among which "ada" is.
  for (const word of ['"ada"', 's-ada', 'app-ada', 'Ada live']) expect(JSON.stringify(left)).not.toContain(word)
  return { autodidact, left: left.map(({ kind }) => kind) }
}

const selectors: readonly (readonly [string, Selector, (fact: Fact) => boolean])[] = [
  ['a user', { user: 'ada' }, (fact) => fact.user === 'ada' || (fact.kind === 'feedback.received' && fact.data.author === 'ada')],
  ['a session', { session: 'grace-1' }, (fact) => fact.session === 'grace-1' || ['run-1', 'run-5', 'run-9'].includes(fact.run ?? '')],
  ['a run', { run: 'run-2' }, (fact) => fact.run === 'run-2'],
  ['a source', { source: 'import' }, (fact) => ['run-0', 'run-3', 'run-6', 'run-9'].includes(fact.run ?? '')],
  ['facts', { facts: ['vote-1', 'right-3', 'k-own'] }, (fact) => ['vote-1', 'right-3', 'k-own'].includes(fact.id)],
  ['a namespace', { namespace: true }, () => true],
]

/** A user's work on an instrument, which becomes a kind of tasks. */
const tune = async ({ autodidact }: Opened, user: string, words: string): Promise<void> => {
  for (const time of ['now', 'again', 'once more']) await autodidact.record({ task: `Tune the ${words} ${time}`, user, outcome: { success: true, judge: 'check' } })
}

const kindsOf = async ({ autodidact }: Opened): Promise<string[]> => (await autodidact.learned(taskStatistics)).kinds().map(({ kind }) => kind)

describe('a dry run', () => {
  const selectors: readonly Selector[] = [{ user: 'ada' }, { session: 'grace-1' }, { run: 'run-4' }, { source: 'import' }, { facts: ['k-own', 'run-3'] }, { namespace: true }, { user: 'nobody' }]

  test.each(selectors)('of %j says what is then erased, and erases nothing', async (selector) => {
    const { autodidact, log } = await lived()
    const before = await log()
    const { facts, status, kinds = [] } = await autodidact.forget(selector, { dryRun: true })
    expect(status).toBe('dry-run')
    expect(await log()).toEqual(before)
    const left = (await autodidact.forget(selector)).facts
    expect(left).toBe(facts)
    const after = new Set((await log()).map(({ id }) => id))
    const gone = before.filter(({ id }) => !after.has(id))
    for (const { kind, facts: count } of kinds) expect([kind, gone.filter((fact) => fact.kind === kind).length]).toEqual([kind, count])
    expect(gone).toHaveLength(facts)
  })

  test('is refused where the settings are none', async () => {
    const { autodidact } = await opened()
    for (const settings of [{ dryrun: true }, { dryRun: 'yes' }, null]) {
      await expect(Reflect.apply(autodidact.forget.bind(autodidact), undefined, [{ user: 'ada' }, settings])).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    }
  })
})

describe('forgetting', () => {
  test.each(selectors)('%s takes exactly its facts, and leaves the mind of a log that never had them', async (_what, selector, isOf) => {
    const { autodidact, log } = await lived()
    await mindOf(autodidact)
    const before = await log()
    const report = await autodidact.forget(selector)
    expect(report).toEqual({ facts: before.filter(isOf).length, status: 'proven' })
    expect(report.facts).toBeGreaterThan(0)
    const rest = (await log()).filter(({ kind }) => kind !== 'subject.forgotten')
    expect(rest).toEqual(before.filter((fact) => !isOf(fact)))
    const mind = await mindOf(autodidact)
    const other = await mindOf(await neverHad(rest))
    // The other store has no index rows: what is recalled is compared below.
    expect({ ...mind, items: [] }).toEqual({ ...other, items: [] })
    const erased = new Set(before.filter(isOf).map(({ id }) => id))
    expect(mind.items.filter(({ id }) => erased.has(id))).toEqual([])
  })

  test('a person leaves no word of theirs', async () => {
    const { autodidact, log } = await lived()
    await autodidact.forget({ user: 'ada' })
    const rest = JSON.stringify(await log())
    for (const word of ['"ada"', 'ada town', 'Mondays', 'Ada']) expect(rest.includes(word)).toBe(false)
    expect(rest.includes('grace town')).toBe(true)
  })

  describe('of a user who only asked', () => {
    const byGrace = { user: 'grace', session: 's-grace', source: 'app-grace' }
    const own: Selector[] = [{ user: 'ada' }, { session: 's-ada' }, { source: 'app-ada' }]

    test.each(own)('%j: the run of another stays, with its verdict', async (selector) => {
      const { autodidact, left } = await asked(async (autodidact) => {
        await autodidact.record({ run: 'r', task: 'Refund order 7', response: 'refund(7)', ...byGrace, success: true })
        await autodidact.feedback('r', 'up', { author: 'alan' })
      }, selector)
      expect(left).toEqual(['run.recorded', 'feedback.received'])
      expect((await autodidact.recall('Refund order 7')).items).toMatchObject([{ id: 'r', kind: 'example', user: 'grace' }])
      expect(await autodidact.feedback('r', 'down', { author: 'alan' })).toMatchObject({ standing: 'failure' })
    })

    test('what another asked in the same run stays', async () => {
      const { left } = await asked((autodidact) => autodidact.advise('Refund order 7', { run: 'r', ...byGrace }))
      expect(left).toEqual(['advice.given'])
    })

    test('and voted on the run of another: the vote goes, the run stays', async () => {
      const { autodidact, left } = await asked(async (autodidact) => {
        await autodidact.record({ run: 'r', task: 'Refund order 7', ...byGrace })
        await autodidact.feedback('r', 'down', { author: 'ada' })
        await autodidact.feedback('r', 'up', { author: 'grace' })
      })
      expect(left).toEqual(['run.recorded', 'feedback.received'])
      expect((await autodidact.recall('Refund order 7')).items).toMatchObject([{ id: 'r', kind: 'example' }])
    })

    const onGracesRun = async (autodidact: Autodidact, say: () => Promise<unknown>): Promise<void> => {
      await say()
      await autodidact.record({ run: 'r', task: 'Refund order 7', response: 'refund(7)', ...byGrace })
    }

    test('and others judged it before another recorded it: their words stay', async () => {
      const { autodidact, left } = await asked((autodidact) =>
        onGracesRun(autodidact, async () => {
          await autodidact.feedback('r', 'down', { author: 'bob' })
          await autodidact.feedback('r', { outcome: { success: true, judge: 'model' } })
        }),
      )
      expect(left).toEqual(['feedback.received', 'feedback.received', 'run.recorded'])
      expect((await autodidact.recall('Refund order 7')).items).toMatchObject([{ id: 'r', kind: 'warning' }])
    })

    test('and judged it without a name: that goes', async () => {
      const { left } = await asked((autodidact) => onGracesRun(autodidact, () => autodidact.feedback('r', 'down')))
      expect(left).toEqual(['run.recorded'])
    })

    test.each([
      ['bob', ['feedback.received', 'feedback.retracted', 'run.recorded']],
      ['ada', ['run.recorded']],
    ])('and %s took a word back: the retraction stays as long as the word', async (author, kinds) => {
      const { autodidact, left } = await asked((autodidact) =>
        onGracesRun(autodidact, async () => {
          await autodidact.feedback('r', 'down', { author, id: 'word' })
          await autodidact.feedback('r', { retract: 'word' })
        }),
      )
      expect(left).toEqual(kinds)
      expect((await autodidact.recall('Refund order 7')).items).toEqual([])
    })

    test.each([
      ['and nobody recorded it', async () => {}],
      ['and it was recorded for nobody in particular', (autodidact: Autodidact) => autodidact.record({ run: 'r', task: 'Where does she live?' })],
      ['and it was recorded by somebody for them', (autodidact: Autodidact) => autodidact.record({ run: 'r', task: 'Where does Ada live?', user: 'ada', agent: 'helper' })],
    ])('%s: all of it goes, also what others said of it', async (_what, more) => {
      const { autodidact, left } = await asked(async (instance) => {
        await more(instance)
        await instance.feedback('r', 'down', { author: 'grace' })
      })
      expect(left).toEqual([])
      await expect(autodidact.feedback('r', 'up')).rejects.toMatchObject({ code: 'FORGOTTEN' })
    })

    test('a decision outside of an advice is theirs, with what was said of it', async () => {
      const { autodidact, log } = await opened()
      await autodidact.decide('tool', options, { run: 'r', user: 'ada' })
      await autodidact.feedback('r', 'up', { author: 'grace' })
      await autodidact.forget({ user: 'ada' })
      expect((await log()).map(({ kind }) => kind)).toEqual(['subject.forgotten'])
    })
  })

  test('a person leaves no word of theirs in the names of kinds, nor in the file', async () => {
    const path = temporaryFile()
    const before = await opened({}, path)
    await tune(before, 'ada', 'xylophone')
    await tune(before, 'grace', 'glockenspiel')
    expect(await kindsOf(before)).toEqual(['tune glockenspiel', 'tune xylophone'])
    // Closing saves what was learned, names of kinds included.
    await before.autodidact.close()
    expect(readFileSync(path).includes('tune xylophone')).toBe(true)
    const after = await opened({}, path)
    expect(await kindsOf(after)).toEqual(['tune glockenspiel', 'tune xylophone'])
    expect(await after.autodidact.forget({ user: 'ada' })).toMatchObject({ facts: 3, status: 'proven', scan: { found: 0 } })
    expect(await kindsOf(after)).toEqual(['tune glockenspiel'])
    await after.autodidact.close()
    for (const word of ['xylophon', 'Xylophon']) expect(readFileSync(path).includes(word)).toBe(false)
    expect(readFileSync(path).includes('tune glockenspiel')).toBe(true)
  })

  test('is itself a fact that names nobody', async () => {
    const { autodidact, facts } = await lived()
    const { facts: count } = await autodidact.forget({ user: 'ada' })
    expect(await facts('subject.forgotten')).toMatchObject([{ data: { by: 'user', facts: count } }])
    expect(JSON.stringify(await facts('subject.forgotten'))).not.toContain('ada')
  })

  test('of a vote gives the run back the standing it had without it', async () => {
    const { autodidact } = await opened()
    await autodidact.record({ run: 'r', task: 'Refund order 7', response: 'refund(7)', success: true })
    const standing = async () => (await autodidact.recall('Refund order 7', { unverified: true })).items.map(({ kind, response }) => [kind, response])
    await autodidact.feedback('r', 'down', { author: 'ada' })
    expect(await standing()).toEqual([['warning', 'refund(7)']])
    await autodidact.feedback('r', { correction: 'refund(8)' }, { author: 'grace', id: 'c' })
    expect(await standing()).toEqual([['example', 'refund(8)']])
    await autodidact.forget({ facts: ['c'] })
    expect(await standing()).toEqual([['warning', 'refund(7)']])
    await autodidact.forget({ user: 'ada' })
    expect(await standing()).toEqual([['example', 'refund(7)']])
  })

  test('of the only vote leaves a run that nobody judged', async () => {
    const { autodidact } = await opened()
    await autodidact.record({ run: 'r', task: 'Refund order 7', response: 'refund(7)' })
    await autodidact.feedback('r', 'up', { id: 'f' })
    expect((await autodidact.recall('Refund order 7')).items).toHaveLength(1)
    await autodidact.forget({ facts: ['f'] })
    expect((await autodidact.recall('Refund order 7')).items).toEqual([])
  })

  test('of the only vote lets an advised run wait for its deadline again', async () => {
    const { autodidact, storage } = await opened({ clock: handClock() })
    const advice = await autodidact.advise('a')
    const [waiting] = await storage.due('default', Number.MAX_SAFE_INTEGER, 10)
    await autodidact.record({ advice })
    await autodidact.feedback(advice.run, 'up', { id: 'f' })
    expect(await storage.due('default', Number.MAX_SAFE_INTEGER, 10)).toEqual([])
    await autodidact.forget({ facts: ['f'] })
    expect(await storage.due('default', Number.MAX_SAFE_INTEGER, 10)).toEqual([waiting])
  })

  test('takes long payloads along, except where another run uses the same', async () => {
    const { autodidact, storage, facts } = await opened()
    const long = 'many words '.repeat(3_000)
    await autodidact.record({ run: 'a', task: 'Read', response: long, user: 'ada' })
    await autodidact.record({ run: 'b', task: 'Read', response: long, user: 'grace' })
    const hash = (await facts('run.recorded'))[0]?.blobs?.[0]?.hash ?? ''
    await autodidact.forget({ user: 'ada' })
    expect(await storage.blob('default', hash)).toBe(long)
    await autodidact.forget({ user: 'grace' })
    expect(await storage.blob('default', hash)).toBeUndefined()
  })

  test('takes along what was kept to recognise it: nobody can tell any more that it was ever recalled', async () => {
    const { autodidact, facts } = await opened()
    const lesson = 'Refunds above one hundred euros need the signature of a second person.'
    const { id } = await autodidact.remember(lesson)
    expect((await autodidact.advise('refunds above one hundred euros')).items).toHaveLength(1)
    await autodidact.forget({ facts: [id] })
    await autodidact.record({ task: 'b', takeaway: lesson })
    expect((await facts('run.recorded'))[0]?.data.takeaway).toBe(lesson)
  })

  test('does not reach into another namespace', async () => {
    const { autodidact, storage } = await lived()
    await autodidact.in('acme').record({ run: 'run-0', task: 'Refund', user: 'ada', success: true })
    await autodidact.forget({ user: 'ada' })
    expect(await logOf(storage, 'acme')).toHaveLength(1)
    await autodidact.in('acme').forget({ namespace: true })
    expect(await logOf(storage, 'acme')).toEqual([])
    expect((await logOf(storage)).length).toBeGreaterThan(10)
  })

  test('is known to another process before it answers again', async () => {
    const file = temporaryFile()
    const here = await lived(file)
    const there = await opened({ learners: [ledger] }, file)
    await mindOf(there.autodidact)
    await here.autodidact.forget({ user: 'ada' })
    expect(await mindOf(there.autodidact)).toEqual(await mindOf(here.autodidact))
  })

  test('survives the process: nothing comes back from a snapshot', async () => {
    const file = temporaryFile()
    const first = await lived(file)
    await mindOf(first.autodidact)
    await first.autodidact.close()
    const second = await opened({ learners: [ledger] }, file)
    await second.autodidact.forget({ user: 'ada' })
    const mind = await mindOf(second.autodidact)
    await second.autodidact.close()
    const third = await opened({ learners: [ledger] }, file)
    expect(await mindOf(third.autodidact)).toEqual(mind)
    const rest = (await third.log()).filter(({ kind }) => kind !== 'subject.forgotten')
    expect({ ...mind, items: [] }).toEqual({ ...(await mindOf(await neverHad(rest))), items: [] })
  })

  test('nothing is nothing: of what is not there it tells so, and goes on', async () => {
    const { autodidact, log } = await lived()
    const before = await log()
    for (const selector of [{ user: 'nobody' }, { facts: [] }, { facts: ['unknown'] }, { run: 'unknown' }]) {
      expect(await autodidact.forget(selector)).toEqual({ facts: 0, status: 'proven' })
    }
    expect(await log()).toEqual(before)
  })

  const meanwhile: readonly (readonly [string, Selector, (autodidact: Autodidact, place: number) => Promise<unknown>])[] = [
    ['what a user tells', { user: 'ada' }, (autodidact, place) => autodidact.remember({ content: `Ada tells ${place}`, user: 'ada' })],
    ['what a user says of the run of another', { user: 'ada' }, (autodidact, place) => autodidact.feedback(`run-${place * 2 + 1}`, 'down', { author: 'ada' })],
    ['what is told in a session', { session: 'grace-1' }, (autodidact, place) => autodidact.remember({ content: `Told ${place}`, session: 'grace-1' })],
    ['what a source tells', { source: 'import' }, (autodidact, place) => autodidact.remember({ content: `Told ${place}`, source: 'import' })],
    ['a run that is not there yet', { run: 'new' }, (autodidact, place) => autodidact.advise(`Ask ${place}`, { run: 'new' })],
    ['a fact that is not there yet', { facts: ['new'] }, (autodidact) => autodidact.remember({ id: 'new', content: 'Told anew' })],
  ]

  test.each(meanwhile)('takes %s while it is looked for', async (_what, selector, write) => {
    const { autodidact, storage } = await lived()
    let erasures = 0
    const busy = Autodidact.over(replaced(storage, {
      erase: async (erasure) => {
        // Others write until the last moment, three times.
        if ((erasures += 1) <= 3) await write(autodidact, erasures)
        return storage.erase(erasure)
      },
    }), {})
    await busy.forget(selector)
    expect(await autodidact.forget(selector)).toEqual({ facts: 0, status: 'proven' })
    expect(erasures).toBeGreaterThan(1)
  })

  test('takes more runs than are read at once, and votes on as many of another', async () => {
    const { autodidact, storage, log } = await opened()
    const places = Array.from({ length: 1_200 }, (_, place) => place)
    await storage.commit({ namespace: 'default', facts: places.map((place) => runFact(`own ${place}`, { user: 'ada' })) })
    await storage.commit({ namespace: 'default', facts: places.map((place) => runFact(`other ${place}`, { user: 'grace' })) })
    await storage.commit({ namespace: 'default', facts: places.map((place) => newFact('feedback.received', `vote ${place}`, { run: `other ${place}`, user: 'ada' }, { author: 'ada' })) })
    expect(await autodidact.forget({ user: 'ada' })).toEqual({ facts: 2_400, status: 'proven' })
    expect((await log()).filter(({ user }) => user === 'grace')).toHaveLength(1_200)
    expect(await log()).toHaveLength(1_201)
  })

  test('gives up when what is meant is written again and again', async () => {
    const { autodidact, storage } = await lived()
    let told = 0
    const busy = Autodidact.over(replaced(storage, {
      erase: async (erasure) => {
        await autodidact.remember({ content: `Ada tells ${(told += 1)}`, user: 'ada' })
        return storage.erase(erasure)
      },
    }), {})
    await expect(busy.forget({ user: 'ada' })).rejects.toMatchObject({ code: 'CONFLICT' })
    expect(await autodidact.forget({ user: 'ada' })).toMatchObject({ status: 'proven' })
  })

  test('goes on afterwards: a forgotten namespace can be used anew', async () => {
    const { autodidact, facts, storage } = await lived()
    await autodidact.forget({ namespace: true })
    const advice = await autodidact.advise('Refund order 7', { choices: { tool: options } })
    expect(advice).toMatchObject({ items: [], logged: true, warnings: [] })
    await autodidact.record({ advice, response: 'x', success: true })
    expect((await autodidact.recall('Refund order 7')).items).toHaveLength(1)
    expect(await storage.optionSet('default', (await facts('decision.made'))[0]?.data.optionSet ?? '')).toBeDefined()
  })

  const senseless = [{}, { user: 'ada', run: 'r' }, { user: '' }, { namespace: false }, { everything: true }]

  test.each(senseless)('%j selects nothing that can be erased', async (selector) => {
    const { autodidact, log } = await lived()
    const before = await log()
    await expect(autodidact.forget(selector as Selector)).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    expect(await log()).toEqual(before)
  })
})
