import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { Autodidact, type AutodidactSettings } from '../../src/autodidact.ts'
import type { Fact, FactKind, FactOf } from '../../src/log/fact.ts'
import { SqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'

/** An instance with its store at hand, so that a test can read what the log says. Closed when the test ends. */
export interface Opened {
  readonly autodidact: Autodidact
  readonly storage: SqliteStorage
  /** The whole log of the instance's namespace, in order. */
  readonly log: () => Promise<readonly Fact[]>
  /** The facts of one kind, in order. */
  readonly facts: <Kind extends FactKind>(kind: Kind) => Promise<readonly FactOf<Kind>[]>
}

export const logOf = async (storage: SqliteStorage, namespace = 'default'): Promise<readonly Fact[]> => {
  const log: Fact[] = []
  for await (const page of storage.read('', { namespace })) log.push(...page)
  return log
}

/** Opens an instance on a file, or in memory, for the test that runs. */
export const opened = async (settings: AutodidactSettings = {}, path = ':memory:'): Promise<Opened> => {
  const storage = await SqliteStorage.open(path, settings.clock === undefined ? {} : { clock: settings.clock })
  const autodidact = Autodidact.over(storage, { seed: 1, ...settings })
  onTestFinished(() => autodidact.close())
  const log = (): Promise<readonly Fact[]> => logOf(storage, settings.namespace)
  return { autodidact, storage, log, facts: async (kind) => (await log()).filter(isOf(kind)) }
}

const isOf = <Kind extends FactKind>(kind: Kind) => (fact: Fact): fact is Extract<Fact, { kind: Kind }> & FactOf<Kind> => fact.kind === kind

/** The path of a database file that is deleted when the test ends. */
export const temporaryFile = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'agent.db')
}

/** A clock that stands still until the test moves it. */
export const handClock = (now = 1_767_225_600_000): { (): number; advance: (milliseconds: number) => void } => {
  let time = now
  return Object.assign(() => time, {
    advance: (milliseconds: number): void => {
      time += milliseconds
    },
  })
}
