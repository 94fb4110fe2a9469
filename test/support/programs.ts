import { join } from 'node:path'

/** The setting that tells the processes of one run of the tests where its programs lie: two runs at once in one clone have programs of their own. */
export const programsSetting = 'AUTODIDACT_TEST_PROGRAMS'

/** Where the programs lie that tests start, made before the first test: put together as those of the package are, they start in a third of the time. */
const programFolder = (): string => {
  const folder = process.env[programsSetting]
  if (folder === undefined) throw new Error(`${programsSetting} is not set: the programs are put together by the global setup of vitest.config.ts.`)
  return folder
}

/** What tests start as a process of its own, by name; each relative to the root. */
export const programs = {
  'autodidact-command': 'src/cli/main.ts',
  'autodidact-library': 'src/autodidact.ts',
  'fill-disk': 'test/faults/support/fill-disk.ts',
  'fill-folder': 'test/faults/support/fill-folder.ts',
  'folder-writer': 'test/faults/support/folder-writer.ts',
  'pattern-readers': 'test/faults/support/pattern-readers.ts',
  'peer-process': 'test/faults/support/peer-process.ts',
  writer: 'test/faults/support/writer.ts',
} as const

/** The file of a program, to be started with Node. */
export const program = (name: keyof typeof programs): string => join(programFolder(), `${name}.js`)
