import { existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { generateShop } from '../examples/shop/generate.ts'
import { DataAssistant, ReadOnlyDatabase } from '../src/agents/index.ts'
import { simulate, type Turn } from '../src/cli/demo/simulation.ts'
import { readStream } from '../src/cli/demo/stream.ts'
import { Autodidact } from '../src/index.ts'
import { dataRoot } from './support/data.ts'
import { copyRenamed, namesIn } from './support/renamed.ts'
import { literalsOf, parse, shippedFiles } from './support/sources.ts'

/** The data assistant must not know any database beforehand: neither how its tables and columns are called, nor what is asked about it. */

const folder = mkdtempSync(join(tmpdir(), 'autodidact-names-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const shop = join(folder, 'shop')
generateShop(shop)
const shared = existsSync(join(dataRoot, 'questions')) ? globSync('questions/*/database.sqlite', { cwd: dataRoot }).map((path) => join(dataRoot, path, '..')) : []
const folders = [shop, ...shared].map((path): [string, string] => [path === shop ? 'shop' : (path.split('/').at(-1) ?? ''), path])

const verdicts = async (path: string): Promise<Turn['verdict'][]> => {
  const { database: file, questions } = readStream(path)
  const database = await ReadOnlyDatabase.open(file)
  const [autodidact, idle] = [await Autodidact.open(':memory:', { seed: 1 }), await Autodidact.open(':memory:', { learning: false })]
  try {
    const learning = await DataAssistant.open({ autodidact, database })
    const baseline = await DataAssistant.open({ autodidact: idle, database })
    const { signal } = new AbortController()
    return (await simulate({ questions: questions.slice(0, 150), database, learning, baseline, signal, onTurn: () => {} })).learning.map(({ verdict }) => verdict)
  } finally {
    await autodidact.close()
    await idle.close()
    await database.close()
  }
}

test.each(folders)('a copy of %s with other names of tables and columns is answered the same, question by question', async (name, path) => {
  const copy = join(folder, `renamed ${name}`)
  copyRenamed(path, copy)
  const [before, after] = [path, copy].map((place) => [...namesIn(join(place, 'database.sqlite'))].flat(2))
  expect(after?.filter((each) => before?.includes(each))).toEqual([])
  const original = await verdicts(path)
  expect(original.filter((verdict) => verdict === 'right').length).toBeGreaterThan(10)
  expect(await verdicts(copy)).toEqual(original)
})

describe('the source', () => {
  /** Names that a program has for things of its own. */
  const trade = new Set(['categories', 'length', 'name', 'rating', 'state', 'status'])

  // The shell shows the shop in its help, pages have the words of their style, and the contract suites are tests; none of them answers anything.
  const files = shippedFiles('src').filter((path) => !/^src\/(cli|report\/html|testing)\//.test(path))
  const words = files.flatMap((path) => literalsOf(parse(path)).flatMap((text) => (text.toLowerCase().match(/[a-z_]+/g) ?? []).map((word) => ({ path, word }))))

  test.each(folders)('holds no name of a table or column of %s in any text', (_, path) => {
    const names = new Set([...namesIn(join(path, 'database.sqlite'))].flat(2).filter((name) => !trade.has(name)))
    expect(words.filter(({ word }) => names.has(word))).toEqual([])
  })

  test('would be caught if it did', () => {
    expect(words.some(({ word }) => word === 'select')).toBe(true)
  })
})
