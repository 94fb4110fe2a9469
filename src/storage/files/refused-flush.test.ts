import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Autodidact } from '../../autodidact.ts'

const { disk } = vi.hoisted(() => ({ disk: { refuses: false } }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof import('node:fs')>()
  const fsyncSync = (descriptor: number): void => {
    if (disk.refuses) throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' })
    real.fsyncSync(descriptor)
  }
  return { ...real, default: { ...real, fsyncSync }, fsyncSync }
})

/** Tasks of all runs that a folder knows. */
const tasksOf = async (autodidact: Autodidact): Promise<readonly string[]> => {
  const tasks: string[] = []
  for await (const fact of autodidact.export({ kinds: ['run.recorded'] })) if (fact.kind === 'run.recorded') tasks.push(fact.data.task)
  return tasks
}

const open = (path: string): Promise<Autodidact> => Autodidact.open(path, { storage: 'files', durability: 'full' })

test.each([['the first', []], ['another', ['before']]])('%s write whose flush fails is refused, not there when the folder is opened again, and may be repeated', async (_, before) => {
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-flush-'))
  try {
    const path = join(folder, 'agent')
    const autodidact = await open(path)
    for (const task of before) await autodidact.record({ run: task, task })
    disk.refuses = true
    await expect(autodidact.record({ run: 'refused', task: 'refused' })).rejects.toThrow()
    disk.refuses = false
    expect(await tasksOf(autodidact)).toEqual(before)
    await autodidact.record({ run: 'after', task: 'after' })
    await autodidact.close()
    const again = await open(path)
    expect(await tasksOf(again)).toEqual([...before, 'after'])
    await again.close()
  } finally {
    disk.refuses = false
    rmSync(folder, { recursive: true, force: true })
  }
})
