import { Autodidact, type AutodidactSettings, type Learner, SqliteStorage } from '../../src/index.ts'
import type { Fact, NewFact } from '../../src/log/fact.ts'

const readAll = async (storage: SqliteStorage, namespace: string): Promise<Fact[]> => {
  const facts: Fact[] = []
  for await (const page of storage.read('', { namespace })) facts.push(...page)
  return facts
}

/** A fact of nobody, which takes up a place in the log that has a gap in the other file. */
const filler = (place: number): NewFact => ({
  id: `filler ${place}`,
  kind: 'subject.forgotten',
  version: 2,
  occurredAt: 1,
  source: 'filler',
  trust: 'agent',
  digest: `filler ${place}`,
  data: { by: 'facts', facts: 0 },
})

/** Writes what is left in one file into another that never had anything else, each fact at the place in the log that it has. */
export const copyOf = async (from: string, to: string): Promise<void> => {
  const source = await SqliteStorage.open(from)
  const target = await SqliteStorage.open(to)
  try {
    let sequence = 0
    for (const fact of await readAll(source, 'default')) {
      const gaps = Array.from({ length: fact.sequence - sequence - 1 }, (_, place) => filler(sequence + place + 1))
      if (gaps.length > 0) await target.commit({ namespace: 'fillers', facts: gaps })
      const texts = await Promise.all((fact.blobs ?? []).map(async ({ hash }) => ({ hash, text: (await source.blob('default', hash)) ?? '' })))
      const set = fact.kind === 'decision.made' ? await source.optionSet('default', fact.data.optionSet) : undefined
      await target.commit({ namespace: 'default', facts: [{ ...fact, digest: fact.id }], blobs: texts, optionSets: set === undefined ? [] : [set] })
      ;({ sequence } = fact)
    }
  } finally {
    await source.close()
    await target.close()
  }
}

/** What the learners know at the end of the log of a file, as bytes, by their names. */
export const statesOf = async (path: string, learners: readonly Learner[], settings: AutodidactSettings): Promise<ReadonlyMap<string, Buffer>> => {
  const autodidact = await Autodidact.open(path, settings)
  for (const learner of learners) await autodidact.learned(learner)
  await autodidact.close()
  const storage = await SqliteStorage.open(path)
  try {
    const states = new Map<string, Buffer>()
    for (const { name, version } of learners) {
      const snapshot = await storage.snapshots.load('default', `${name}@${version}`)
      if (snapshot === undefined) throw new Error(`${name} was not saved.`)
      states.set(name, Buffer.from(snapshot.bytes))
    }
    return states
  } finally {
    await storage.close()
  }
}
