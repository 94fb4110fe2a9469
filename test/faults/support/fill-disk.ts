import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Autodidact } from '../../../src/autodidact.ts'
import { AutodidactError } from '../../../src/errors.ts'

/** Fills a small disk through the learning layer and says as one line of JSON what happened: `node fill-disk.ts FOLDER`. */

const folder = process.argv[2] ?? ''
const path = join(folder, 'agent.db')
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
const autodidact = await Autodidact.open(path)
const acknowledged: string[] = []
const recorded = async (number: number, size = 3_000): Promise<void> => {
  const { run } = await autodidact.record({ run: `run-${number}`, task: `Task ${number}`, response: 'x'.repeat(size), success: true })
  acknowledged.push(run)
}

let filledWith = 'none'
for (let number = 0; filledWith === 'none' && number < 10_000; number += 1) filledWith = await codeOf(recorded(number))
// Large writes first fail where small ones may still fit; these find the last free page.
let full = 'none'
for (let number = 10_000; full === 'none' && number < 20_000; number += 1) full = await codeOf(recorded(number, 10))
// And a remark is smaller than any record.
let remarks = 0
while (remarks < 10_000 && (await codeOf(autodidact.feedback('run-0', { comment: `Remark ${remarks}` }))) === 'none') remarks += 1
const whileFull = {
  feedback: await codeOf(autodidact.feedback('run-0', { comment: 'x'.repeat(9_000) })),
  advice: (await autodidact.advise('Task 1', { choices: { tool: ['a', 'b'] } })).warnings.map(({ code }) => code),
  recalled: (await autodidact.recall('Task 1')).items.length,
  opening: await codeOf(Autodidact.open(join(folder, 'another.db'))),
}
const factsWhenFull = countFacts()
rmSync(ballast)
const again = await codeOf(recorded(30_000))
const feedbackAgain = await codeOf(autodidact.feedback('run-0', 'down'))
const advisedAgain = (await autodidact.advise('Task 1', { choices: { tool: ['a', 'b'] } })).logged
await autodidact.close()

const database = new DatabaseSync(path)
const ids = new Set(database.prepare('SELECT id FROM facts').all().map(({ id }) => String(id)))
const integrity = database.prepare('PRAGMA integrity_check').get()?.['integrity_check']
const unindexed = database.prepare("SELECT count(*) AS runs FROM facts WHERE kind = 'run.recorded' AND id NOT IN (SELECT id FROM items)").get()?.['runs']
const lost = acknowledged.filter((id) => !ids.has(id))
process.stdout.write(
  JSON.stringify({ acknowledged: acknowledged.length, remarks, filledWith, full, whileFull, factsWhenFull, again, feedbackAgain, advisedAgain, lost, integrity, unindexed }),
)

function countFacts(): number {
  const reader = new DatabaseSync(path, { readOnly: true })
  const facts = Number(reader.prepare('SELECT count(*) AS facts FROM facts').get()?.['facts'])
  reader.close()
  return facts
}
