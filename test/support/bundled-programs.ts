import { rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { bundle } from '../../scripts/bundle.ts'
import { programFolder, programs } from './programs.ts'

const build = async (): Promise<void> => {
  rmSync(programFolder, { recursive: true, force: true })
  await bundle(programs, programFolder)
}

/** Puts the programs together that tests start, from the source as it is now. */
export const setup = async (project: TestProject): Promise<void> => {
  project.onTestsRerun(build)
  await build()
}
