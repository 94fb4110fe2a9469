// What a user of the published package does in the first five minutes, with the installed tarball.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { DatabaseSync } from 'node:sqlite'
import { Autodidact, AutodidactError } from 'autodidact'
import { DataAssistant, ReadOnlyDatabase } from 'autodidact/agents'
import { policyLaws } from 'autodidact/testing'

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

// The ready-made agents, of which one starts a process that lies beside them.
const towns = new DatabaseSync('towns.db')
towns.exec("CREATE TABLE town (name TEXT, people INTEGER); INSERT INTO town VALUES ('Bergen', 291000)")
towns.close()
const autodidact = await Autodidact.open(':memory:')
const database = await ReadOnlyDatabase.open('towns.db')
const assistant = await DataAssistant.open({ autodidact, database })
const { run: asked } = await assistant.ask('How many people live in Bergen?')
await assistant.correct(asked, "SELECT people FROM town WHERE name = 'Bergen'")
assert.deepEqual((await assistant.ask('How many people live in Bergen?')).rows, [[291000]])
// What two entries share is there once: an error of one is known to the other.
await assert.rejects(assistant.ask(''), AutodidactError)
await database.close()
await autodidact.close()

// The contract suites, and all of it from a program that is no ES module.
assert.notEqual(policyLaws.length, 0)
const required: unknown = createRequire(import.meta.url)('autodidact')
assert.ok(typeof required === 'object' && required !== null && 'Autodidact' in required && required.Autodidact === Autodidact)

console.log('opened, advised, recorded, rated, reopened, recalled')
