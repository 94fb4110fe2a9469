import fs, { mkdtempSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { Autodidact } from '../../autodidact.ts'

/** Lets a disk refuse to flush from now on, or do it again. What modules import from `node:fs` follows only when it is told to. */
const refuse = (refuses: boolean): void => {
  vi.restoreAllMocks()
  if (refuses) {
    vi.spyOn(fs, 'fsyncSync').mockImplementation(() => {
      throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' })
    })
  }
  syncBuiltinESMExports()
}

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
    refuse(true)
    await expect(autodidact.record({ run: 'refused', task: 'refused' })).rejects.toThrow()
    refuse(false)
    expect(await tasksOf(autodidact)).toEqual(before)
    await autodidact.record({ run: 'after', task: 'after' })
    await autodidact.close()
    const again = await open(path)
    expect(await tasksOf(again)).toEqual([...before, 'after'])
    await again.close()
  } finally {
    refuse(false)
    rmSync(folder, { recursive: true, force: true })
  }
})
