import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Autodidact } from '../../../src/autodidact.ts'
import { AutodidactError } from '../../../src/errors.ts'

/** Fills a small disk with a store in a folder, and says as one line of JSON what happened: `node fill-folder.ts FOLDER`. */

const folder = process.argv[2] ?? ''
const ballast = join(folder, 'ballast')

const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'none'
  } catch (error) {
    return AutodidactError.is(error) ? error.code : `RAW ${String(error)}`
  }
}

writeFileSync(ballast, Buffer.alloc(1 << 19))
let autodidact = await Autodidact.open(join(folder, 'agent/'))
const acknowledged: string[] = []
const recorded = async (number: number, size: number): Promise<void> => {
  acknowledged.push((await autodidact.record({ run: `run-${number}`, task: `Task ${number}`, response: 'x'.repeat(size), success: true })).run)
}

let full = 'none'
for (let number = 0; full === 'none' && number < 10_000; number += 1) full = await codeOf(recorded(number, 3_000))
for (let number = 10_000; full !== 'none' && number < 10_010; number += 1) full = await codeOf(recorded(number, 9_000))
const forgetting = await codeOf(autodidact.forget({ run: 'run-0' }))
const recalled = (await autodidact.recall('Task 1')).items.length
const backup = await codeOf(autodidact.backup(join(folder, 'copy')))
rmSync(ballast)
const again = await codeOf(recorded(30_000, 3_000))
await autodidact.close()
autodidact = await Autodidact.open(join(folder, 'agent/'))
const ids = new Set<string>()
for await (const { id } of autodidact.export()) ids.add(id)
await autodidact.close()
const lost = acknowledged.filter((id) => !ids.has(id))
process.stdout.write(JSON.stringify({ acknowledged: acknowledged.length, full, forgetting, recalled, backup, again, lost, facts: ids.size }))
