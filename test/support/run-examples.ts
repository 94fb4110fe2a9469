// Child process of `runExamples`: imports the files named on its command line one by one and reports each to its parent.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import './package-names.ts'

// In an example an assertion is a promise to the reader; the console would only print that it is broken.
console.assert = (holds?: boolean, ...message: unknown[]) => {
  if (!holds) throw new Error(['console.assert failed', ...message.map((part) => inspect(part))].join(': '))
}

const home = process.cwd()
let current = ''

const report = (error?: unknown): void => void process.send?.({ file: current, ...(error === undefined ? {} : { error: inspect(error) }) })

// A promise that an example does not await fails here, while that example is the current one.
process.on('unhandledRejection', (error) => {
  throw error
})
let failure: unknown
process.on('uncaughtException', (error) => (failure ??= error))

for (const file of process.argv.slice(2)) {
  current = file
  failure = undefined
  const folder = mkdtempSync(join(tmpdir(), 'autodidact-example-'))
  process.chdir(folder)
  try {
    await import(pathToFileURL(file).href)
    await setImmediate()
  } catch (error) {
    failure ??= error
  }
  report(failure)
  process.chdir(home)
  rmSync(folder, { recursive: true, force: true })
}
process.disconnect()
