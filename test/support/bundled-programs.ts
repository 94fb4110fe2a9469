import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { bundle } from '../../scripts/bundle.ts'
import { root } from './entries.ts'
import { programs, programsSetting } from './programs.ts'

/** Puts the programs together that tests start, from the source as it is now, and takes them away at the end. */
export const setup = async (project: TestProject): Promise<() => void> => {
  const folder = join(root, '.cache', `programs-${process.pid}`)
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  const build = async (): Promise<void> => {
    remove()
    await bundle(programs, folder)
  }
  process.env[programsSetting] = folder
  project.onTestsRerun(build)
  await build()
  return remove
}
