import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Autodidact } from '../../src/autodidact.ts'
import { autodidactHere as command, jsonOf } from '../support/command-line.ts'
import { examine } from './support/examine.ts'
import { Peer } from './support/peer.ts'
import { temporaryFolder } from './support/temporary.ts'

const folder = temporaryFolder()

test('a file is backed up while other processes write to it: each copy is whole, and has everything that was confirmed before', async () => {
  const path = join(folder, 'agent.db')
  const writers = (await Promise.all([Peer.open(path), Peer.open(path)])).map(({ peer }) => peer)
  const confirmed = new Set<string>()
  const stop = new AbortController()
  const writing = writers.map(async (peer, place) => {
    for (let number = 0; !stop.signal.aborted; number += 1) {
      const { result, code } = await peer.call('record', { run: `run-${place}-${number}`, task: `Count the orders of day ${number}`, response: 'There are some. '.repeat(200), success: true })
      expect(code).toBeUndefined()
      if (result !== undefined) confirmed.add(result.run)
    }
  })
  const autodidact = await Autodidact.open(path)
  while (confirmed.size < 5) await sleep(10)
  for (let round = 0; round < 4; round += 1) {
    const before = [...confirmed]
    const copy = join(folder, `copy ${round}`)
    const { namespaces } = await autodidact.backup(copy)
    const restored = join(folder, `restored ${round}.db`)
    await Autodidact.restore(copy, restored)
    const { ids, facts, damage, differing } = await examine(restored)
    expect(before.filter((id) => !ids.has(id))).toEqual([])
    expect([facts, damage, differing]).toEqual([namespaces[0]?.facts ?? 0, [], []])
  }
  stop.abort()
  await Promise.all(writing)
  expect(confirmed.size).toBeGreaterThan(20)
  await autodidact.close()
  await Promise.all(writers.map((peer) => peer.end()))
})

test('the commands: a backup of a folder that somebody writes to, restored with a key that the shell names in a file', async () => {
  const run = (given: readonly string[], input = '') => command(given, { cwd: folder, input, environment: { AUTODIDACT_PASSPHRASE_FILE: 'passphrase' } })
  writeFileSync(join(folder, 'passphrase'), 'correct horse\n')
  expect((await run(['record', 'Refund order 1187', '--success', '--file', 'shop/'])).code).toBe(0)
  const writer = await Autodidact.open(join(folder, 'shop'), { encryption: { passphrase: 'correct horse' } })
  const backup = jsonOf(await run(['backup', 'monday', '--file', 'shop', '--json']))
  expect(backup).toMatchObject({ store: 'files', path: 'monday', namespaces: [{ namespace: 'default', facts: 1 }] })
  await writer.close()
  expect(await run(['backup', 'monday', '--file', 'shop'])).toMatchObject({ code: 2, stderr: expect.stringContaining('ALREADY_EXISTS') })
  expect(await run(['restore', 'monday', '--file', 'shop'])).toMatchObject({ code: 2, stderr: expect.stringContaining('overwrite') })
  expect((await run(['restore', 'monday', '--file', 'shop', '--overwrite'])).stdout).toContain('1 fact of 1 namespace')
  writeFileSync(join(folder, 'new.key'), `${'0a'.repeat(32)}\n`)
  expect((await run(['rotate-key', '--new-key-file', 'new.key', '--file', 'shop'])).code).toBe(0)
  expect(await run(['report', '--file', 'shop'])).toMatchObject({ code: 2, stderr: expect.stringContaining('WRONG_KEY') })
  const reading = await command(['recall', 'refund order', '--file', 'shop', '--key-file', 'new.key', '--json'], { cwd: folder })
  expect(jsonOf(reading)).toMatchObject({ items: [{ kind: 'example' }] })
  expect(await run(['report', '--file', 'shop', '--key-file', 'new.key'])).toMatchObject({ code: 2, stderr: expect.stringContaining('not both') })
})
