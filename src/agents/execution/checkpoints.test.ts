import { expect, test } from 'vitest'
import { opened, temporaryFile } from '../../../test/support/instance.ts'
import { hashText } from '../../learn/hash.ts'
import { type Checkpoint, KeptCheckpoints } from './checkpoints.ts'

const checkpoint = (run: string): Checkpoint => ({
  digest: 'plan', approach: 'incremental', advice: { id: `advice of ${run}`, run, task: 'move the shop', logged: true },
  outputs: [['first', 'x'.repeat(1_000)]], notes: [], recoveries: [], durationMs: 1,
})

/** Ids whose checkpoints share a place with each other. */
const sharing = (count: number): string[] => {
  const ids: string[] = []
  for (let number = 0; ids.length < count; number += 1) if (hashText(JSON.stringify(['engine', `task ${number}`])) % 64 === 7) ids.push(`task ${number}`)
  return ids
}

test('tasks that nobody takes up again make room for others; the latest stay', async () => {
  const { autodidact } = await opened({}, temporaryFile())
  await autodidact.record({ task: 'begin the log' })
  const checkpoints = new KeptCheckpoints(autodidact, 'engine')
  const ids = sharing(80)
  for (const id of ids) {
    expect(await checkpoints.save(id, checkpoint(id))).toBe(true)
    // One that goes on is not abandoned, however early it began.
    if (id !== ids[0]) await checkpoints.save(ids[0] ?? '', checkpoint('goes on'))
  }
  expect((await checkpoints.load(ids[0] ?? ''))?.advice.run).toBe('goes on')
  expect((await checkpoints.load(ids.at(-1) ?? ''))?.advice.run).toBe(ids.at(-1))
  expect(await checkpoints.load(ids[1] ?? '')).toBeUndefined()
  const kept = await Promise.all(ids.map((id) => checkpoints.load(id)))
  expect(kept.filter((one) => one !== undefined)).toHaveLength(64)
})
