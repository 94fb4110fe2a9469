import { copyFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { Runner } from '../../../src/learn/runner.ts'
import type { Learner } from '../../../src/learn/learner.ts'
import { itemUsefulness } from '../../../src/learn/learners/item-usefulness.ts'
import { optionModel } from '../../../src/learn/learners/option-model.ts'
import { sourceReputation } from '../../../src/learn/learners/source-reputation.ts'
import { taskStatistics } from '../../../src/learn/learners/task-statistics.ts'
import { SqliteStorage } from '../../../src/storage/sqlite/sqlite-storage.ts'

const learners: readonly Learner[] = [itemUsefulness, optionModel, taskStatistics, sourceReputation]

/** What a file holds, as far as kills could have hurt it. */
export interface Examined {
  readonly facts: number
  readonly ids: ReadonlySet<string>
  /** Facts that a snapshot in the file has already learned; 0 when there is none. */
  readonly snapshotAt: number
  /** Learners whose state, continued from the snapshots in the file, differs from a fold of the whole log. */
  readonly differing: readonly string[]
  /** What SQLite and the index say of the file; empty when all is well. */
  readonly damage: readonly string[]
}

/** The state of each learner at the end of the log, as bytes. */
const learned = async (path: string): Promise<ReadonlyMap<string, Uint8Array>> => {
  const storage = await SqliteStorage.open(path)
  const runner = new Runner(storage, { learners, snapshotEvery: 1 })
  await runner.catchUp('default')
  await runner.close()
  const states = new Map<string, Uint8Array>()
  for (const { name, version } of learners) {
    const snapshot = await storage.snapshots.load('default', `${name}@${version}`)
    if (snapshot !== undefined) states.set(name, snapshot.bytes)
  }
  await storage.close()
  return states
}

const damageOf = (database: DatabaseSync): string[] => {
  const damage: string[] = []
  for (const row of database.prepare('PRAGMA integrity_check').all()) if (row['integrity_check'] !== 'ok') damage.push(String(row['integrity_check']))
  for (const { number } of database.prepare('SELECT namespace AS number FROM text_statistics').all()) {
    const name = `text_${String(number)}`
    try {
      database.exec(`INSERT INTO ${name}(${name}, rank) VALUES ('integrity-check', 1)`)
    } catch (error) {
      damage.push(String(error))
    }
  }
  // Queries that find something only where two tables disagree.
  const disagreements = {
    'a run or knowledge without an index row': `
      SELECT id FROM facts f WHERE kind IN ('run.recorded', 'knowledge.written') AND NOT EXISTS (SELECT 1 FROM items i WHERE i.namespace = f.namespace AND i.id = f.id)`,
    'an index row without a fact': 'SELECT id FROM items i WHERE NOT EXISTS (SELECT 1 FROM facts f WHERE f.namespace = i.namespace AND f.id = i.id)',
    'a blob that no fact uses': 'SELECT hash AS id FROM blobs b WHERE NOT EXISTS (SELECT 1 FROM blob_uses u WHERE u.namespace = b.namespace AND u.hash = b.hash)',
    'a use of a blob that is not there': 'SELECT hash AS id FROM blob_uses u WHERE NOT EXISTS (SELECT 1 FROM blobs b WHERE u.namespace = b.namespace AND u.hash = b.hash)',
    'a use of a blob by no fact': 'SELECT fact AS id FROM blob_uses u WHERE NOT EXISTS (SELECT 1 FROM facts f WHERE u.namespace = f.namespace AND u.fact = f.id)',
    'a wrong count of a set of options': `
      SELECT key AS id FROM option_sets s LEFT JOIN option_set_uses u USING (namespace, key) WHERE uses IS NOT
      (SELECT count(*) FROM facts f WHERE f.namespace = s.namespace AND kind = 'decision.made' AND data ->> 'optionSet' = key)`,
    'a wrong count of indexed texts': 'SELECT namespace AS id FROM text_statistics s WHERE documents <> (SELECT count(*) FROM items i WHERE i.namespace = s.namespace)',
  }
  for (const [what, query] of Object.entries(disagreements)) {
    const [row] = database.prepare(query).all()
    if (row !== undefined) damage.push(`${what}: ${String(row['id'])}`)
  }
  return damage
}

/** Looks at a file that nobody else has open. Writes a copy beside it. */
export const examine = async (path: string): Promise<Examined> => {
  const database = new DatabaseSync(path)
  const ids = database.prepare('SELECT id FROM facts').all().map(({ id }) => String(id))
  const snapshotAt = Number(database.prepare('SELECT coalesce(max(sequence), 0) AS sequence FROM snapshots').get()?.['sequence'])
  const damage = damageOf(database)
  // A writer that was killed while it saved still holds its lease for a while, and the runner below would leave the saving to it.
  database.exec('DELETE FROM leases')
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  database.close()
  const copy = `${path}.without-snapshots`
  copyFileSync(path, copy)
  const stripped = new DatabaseSync(copy)
  stripped.exec('DELETE FROM snapshots')
  stripped.close()
  const [continued, fresh] = [await learned(path), await learned(copy)]
  const differing = learners.map(({ name }) => name).filter((name) => {
    const [left, right] = [continued.get(name), fresh.get(name)]
    return left === undefined || right === undefined || !Buffer.from(left).equals(right)
  })
  return { facts: ids.length, ids: new Set(ids), snapshotAt, differing, damage }
}
