// What a user of the published package does in the first five minutes, with the installed tarball.
import assert from 'node:assert/strict'
import { Autodidact } from 'autodidact'

const task = 'Which customers ordered twice last month?'

const first = await Autodidact.open('agent.db')
const advice = await first.advise(task)
assert.equal(typeof advice.prompt, 'string')
const { run } = await first.record({ advice, response: 'Ada and Grace', success: true })
await first.feedback(run, 'up')
await first.close()

// A second process would find the same: what was learned is in the file.
const second = await Autodidact.open('agent.db')
const recalled = await second.recall('customers who ordered twice')
assert.notEqual(recalled.items.length, 0, 'a verified run is recalled after reopening')
await second.close()

console.log('opened, advised, recorded, rated, reopened, recalled')
