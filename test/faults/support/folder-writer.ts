import { createInterface } from 'node:readline'
import { FilesStorage } from '../../../src/storage/files/files-storage.ts'
import { responseIn, runFact } from '../../../src/testing/storage/workbench.ts'

/**
 * A process that writes to a folder until it is killed: `node folder-writer.ts FOLDER FIRST MEGABYTES`. It says `ready`, and `ack ID` for each run that was confirmed. The
 * system takes writes of some megabytes in pieces, and a kill comes between two of them. A line on its standard input makes it erase one run after the other
 * as well.
 */

const [path = '', first = '0', megabytes = '1'] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const storage = await FilesStorage.open(path)
let forgetting = false
createInterface({ input: process.stdin }).on('line', () => (forgetting = true))
const namespace = 'default'
say('ready')
for (let number = Number(first); ; number += 1) {
  const id = `run-${number}`
  const blobs = [{ hash: id, text: `text of ${id}, `.repeat(Number(megabytes) * 60_000) }]
  await storage.commit({ namespace, facts: [runFact(id, { blobs: [responseIn(id)] })], blobs })
  say(`ack ${id}`)
  // A pipe is written synchronously, but what comes in is heard only between two turns.
  await new Promise((resolve) => setTimeout(resolve, 1))
  if (!forgetting) continue
  say(`forgetting ${id}`)
  await storage.erase({ namespace, facts: [id], standings: [], expect: [], by: 'facts' })
  say(`forgot ${id}`)
}
