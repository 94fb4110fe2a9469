import { join } from 'node:path'
import { root } from './entries.ts'

/** Where the programs lie that tests start, made before the first test: put together as those of the package are, they start in a third of the time. */
export const programFolder = join(root, '.cache', 'programs')

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
export const program = (name: keyof typeof programs): string => join(programFolder, `${name}.js`)
