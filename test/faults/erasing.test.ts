import { setImmediate as nextTurn } from 'node:timers/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Autodidact } from '../../src/autodidact.ts'
import { SqliteStorage } from '../../src/storage/sqlite/sqlite-storage.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { replaced } from '../support/replaced.ts'
import { Peer } from './support/peer.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()
const task = 'Count the orders of last month'
let files = 0
const newPath = (): string => join(folder, `agent ${(files += 1)}.db`)

test('a search while another process erases and refills the whole namespace finds what was there before or after, and never fails', async () => {
  const path = newPath()
  const here = await Autodidact.open(path, { seed: 1 })
  const { peer } = await Peer.open(path)
  const progress = { erased: 0 }
  const other = (async () => {
    for (; progress.erased < 150; progress.erased += 1) {
      await peer.call('record', { task, response: '42', success: true })
      await peer.call('forget', { namespace: true })
    }
  })()
  const found = new Set<number>()
  do {
    // Many searches between two looks at the pipe: the moment between two statements of one search is short.
    for (let search = 0; search < 20; search += 1) found.add((await here.recall(task)).items.length)
    await nextTurn()
  } while (progress.erased < 150)
  await other
  expect([...found].every((items) => items <= 1)).toBe(true)
  await peer.end()
  await here.close()
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
      await other.forget({ run })
      return storage.search(query)
    }
    const here = Autodidact.over(replaced(storage, { search }))
    await expect(here.recall(task)).rejects.toMatchObject({ code: 'BUSY' })
    expect(await here.advise(task)).toMatchObject({ items: [], logged: false, warnings: [{ code: 'BUSY' }] })
    await other.close()
    await here.close()
  })
})
