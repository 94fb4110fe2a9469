import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { examine } from './support/examine.ts'
import { killWriters } from './support/killing.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-kills-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('four processes write to one file and are killed 50 times: nothing acknowledged is lost, nothing is doubled, what was learned is the fold of the log', async () => {
  const path = join(folder, 'agent.db')
  const { kills, acknowledged, faults } = await killWriters({ path, kills: 50, cache: join(folder, 'cache'), seed: 7 })
  expect(kills).toBe(50)
  expect(faults).toEqual([])
  const { facts, ids, snapshotAt, differing, damage } = await examine(path)
  expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
  expect(ids.size).toBe(facts)
  expect(damage).toEqual([])
  // Otherwise the comparison of the two folds would compare a fold with itself.
  expect(snapshotAt).toBeGreaterThan(0)
  expect(differing).toEqual([])
}, 300_000)
