// The data assistant with a language model in place of case reasoning. The model is scripted, so that this runs without a key.
import { mkdtempSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataAssistant, type QueryRunner, ReadOnlyDatabase, type Reasoner } from '../src/agents/index.ts' // in your project: from 'autodidact/agents'
import { Autodidact } from '../src/index.ts' // in your project: from 'autodidact'

/** Call your model here. This one knows SQL, but not what "big" means in this company, unless an example in the prompt tells. */
const askModel = async (prompt: string): Promise<string> =>
  prompt.includes('people > 500000') ? 'SELECT name FROM city WHERE people > 500000' : 'SELECT name FROM city WHERE people > 100000'

const createReasoner = async ({ schema }: QueryRunner): Promise<Reasoner> => ({
  answer: async (question, { prompt, items }) => ({
    query: await askModel(
      [
        'Write one SQLite query. Columns:',
        ...schema.columns.map(({ table, name }) => `${table}.${name}`),
        prompt, //                                  what was recalled: verified questions with their queries
        `Question: ${question}`,
      ].join('\n'),
    ),
    confidence: items.length > 0 ? 0.9 : 0.5, //    your own measure; below what you trust, say answered: false
    answered: true,
    cases: items.map(({ id }) => id), //            so that these examples get the credit, or the blame
    reason: items.length > 0 ? 'written after verified examples' : 'written without an example',
  }),
})

const folder = mkdtempSync(join(tmpdir(), 'autodidact-example-'))
const path = join(folder, 'towns.db')
const writer = new DatabaseSync(path)
writer.exec("CREATE TABLE city (name TEXT, people INTEGER); INSERT INTO city VALUES ('Bergen', 290000), ('Oslo', 710000)")
writer.close()

const autodidact = await Autodidact.open(':memory:')
const database = await ReadOnlyDatabase.open(path)
const assistant = await DataAssistant.open({ autodidact, database, createReasoner })

const ask = async (question: string): Promise<string> => {
  const { run, rows, reason } = await assistant.ask(question)
  console.log(`> ${question}\n  ${rows.flat().join(', ')} (${reason})`)
  return run
}

const run = await ask('Which cities are big?')
await assistant.correct(run, 'SELECT name FROM city WHERE people > 500000')
await ask('big cities, please')

await database.close()
await autodidact.close()
rmSync(folder, { recursive: true })
