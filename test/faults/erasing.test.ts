import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { StatementSync } from 'node:sqlite'
import { describe, expect, test, vi } from 'vitest'
import { Autodidact } from '../../src/autodidact.ts'
import { SqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { replaced } from '../support/replaced.ts'
import { temporaryFolder } from './support/temporary.ts'
import { program } from '../support/programs.ts'

const folder = temporaryFolder()
const task = 'Count the orders of last month'
const peerProcess = program('peer-process')
let files = 0
const newPath = (): string => join(folder, `agent ${(files += 1)}.db`)

/** What another process does meanwhile; it has ended when this returns, though the caller is in the middle of a call. */
const meanwhile = (path: string, ...calls: readonly (readonly unknown[])[]): void => {
  const input = calls.map((call) => JSON.stringify(call)).join('\n')
  const { status, stdout } = spawnSync(process.execPath, [peerProcess, path, '{}'], { input, encoding: 'utf8' })
  expect([status, stdout]).toEqual([0, expect.not.stringContaining('"code"')])
}

/** Calls `strike` before one of the statements that `work` reads with: the one that as many stand before; false when there are not so many. */
const strikingAfter = async (skipped: number, strike: () => void, work: () => Promise<void>): Promise<boolean> => {
  let statements = 0
  const next = (): void => {
    if (statements === skipped) strike()
    statements += 1
  }
  const spies = (['get', 'all'] as const).map((name) => {
    const original: unknown = Reflect.get(StatementSync.prototype, name)
    return vi.spyOn(StatementSync.prototype, name).mockImplementation(function (this: StatementSync, ...values: unknown[]) {
      next()
      return typeof original === 'function' ? Reflect.apply(original, this, values) : undefined
    })
  })
  await work().finally(() => spies.forEach((spy) => spy.mockRestore()))
  return statements > skipped
}

const recordsOf = (count: number) => Array.from({ length: count }, (_, place) => ['record', { task: place % 2 === 0 ? task : `Call customer ${place}`, response: '42', success: true }])

test.each([
  ['erases', []],
  ['erases and refills', recordsOf(5)],
])('a search while another process %s the whole namespace finds what was there before or after, at whichever statement that happens', async (_, refill) => {
  const path = newPath()
  meanwhile(path, ...recordsOf(1))
  const storage = await SqliteStorage.open(path)
  const search = () => storage.search({ namespace: 'default', text: task, limit: 10, standings: ['success'] })
  let skipped = 0
  for (let met = true; met; skipped += 1) {
    const before = await search()
    let found: unknown
    met = await strikingAfter(
      skipped,
      () => meanwhile(path, ['forget', { namespace: true }, { scan: false }], ...refill),
      async () => {
        found = await search()
      },
    )
    expect([before, await search()]).toContainEqual(found)
    meanwhile(path, ['forget', { namespace: true }, { scan: false }], ...recordsOf(3))
  }
  // Word statistics, and the texts that hold one of the words, at least.
  expect(skipped).toBeGreaterThan(3)
  await storage.close()
})

/** Two connections to one file; the second one runs `work` once, when the first has read a page of the log. */
const disturbed = async (work: (other: Autodidact) => Promise<unknown>) => {
  const path = newPath()
  const storage = await SqliteStorage.open(path)
  const other = await Autodidact.open(path, { seed: 1 })
  let armed = false
  const strike = async (): Promise<void> => {
    if (!armed) return
    armed = false
    await work(other)
  }
  const read: Storage['read'] = async function* (after, filter) {
    for await (const page of storage.read(after, filter)) {
      yield page
      await strike()
    }
  }
  const here = Autodidact.over(replaced(storage, { read }), { seed: 1 })
  return {
    here,
    arm: () => (armed = true),
    close: async () => {
      await other.close()
      await here.close()
    },
  }
}

describe('an erasure between two reads of one call', () => {
  test('a report counts each run once', async () => {
    const { here, arm, close } = await disturbed((other) => other.forget({ run: 'r1' }))
    for (const run of ['r1', 'r2', 'r3']) await here.record({ run, task, success: true })
    arm()
    expect(await here.report()).toMatchObject({ runs: 2, storage: { facts: 3 } })
    await close()
  })

  test('a long answer is recalled whole, or not at all', async () => {
    const { here, arm, close } = await disturbed((other) => other.forget({ run: 'r1' }))
    await here.record({ run: 'r1', task, response: 'many words '.repeat(3_000), success: true })
    arm()
    expect((await here.recall(task)).items).toEqual([])
    await close()
  })

  test('nothing is explained with words that are gone', async () => {
    const { here, arm, close } = await disturbed((other) => other.forget({ run: 'r1' }))
    await here.record({ run: 'r1', task, response: '42', success: true })
    arm()
    await expect(here.explain('r1')).rejects.toMatchObject({ code: 'FORGOTTEN' })
    await close()
  })

  test('a namespace that is erased again and again is busy', async () => {
    const path = newPath()
    const storage = await SqliteStorage.open(path)
    const other = await Autodidact.open(path)
    const search: Storage['search'] = async (query) => {
      const { run } = await other.record({ task, success: true })
      await other.forget({ run }, { scan: false })
      return storage.search(query)
    }
    const here = Autodidact.over(replaced(storage, { search }))
    await expect(here.recall(task)).rejects.toMatchObject({ code: 'BUSY' })
    expect(await here.advise(task)).toMatchObject({ items: [], logged: false, warnings: [{ code: 'BUSY' }] })
    await other.close()
    await here.close()
  })
})
