import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { Autodidact } from '../../src/index.ts'

/**
 * Another process at the file: `node forget-reader.ts FILE QUERY`. Holds on to the state of the file as it was when it came, as a long report does, until it is sent a first message; reads on and
 * on with the library until it is sent a second one.
 */
const [path = '', query = ''] = process.argv.slice(2)
const held = new DatabaseSync(path, { readOnly: true, timeout: 5_000 })
held.exec('BEGIN')
held.prepare('SELECT count(*) FROM facts').get()

const autodidact = await Autodidact.open(path)
await autodidact.recall(query)
process.send?.('reading')
await once(process, 'message')
held.exec('COMMIT')
held.close()

const over = new AbortController()
process.once('message', () => over.abort())
let reads = 0
while (!over.signal.aborted) {
  await autodidact.recall(query)
  reads += 1
  await new Promise((resolve) => setTimeout(resolve, 5))
}
await autodidact.close()
process.send?.(`read ${reads} times`)
process.disconnect?.()
