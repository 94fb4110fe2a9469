import { describe, expect, test } from 'vitest'
import { confined, layers, outside } from './support/layers.ts'
import type { Layer } from './support/layers.ts'
import { importsOf, packageOf, parse, shippedFiles, target } from './support/sources.ts'

/** One import between two files, or of a package, paths relative to `src/`. */
interface Arrow {
  readonly from: string
  readonly to: string
  readonly typeOnly: boolean
}

const inside = (path: string): string => path.replace(/^src\//, '')

const sources = shippedFiles('src').map(inside)
const arrows: Arrow[] = []
const packages: Arrow[] = []
for (const from of sources) {
  for (const { specifier, typeOnly } of importsOf(parse(`src/${from}`))) {
    const file = target(`src/${from}`, specifier)
    if (file === undefined) packages.push({ from, to: packageOf(specifier), typeOnly })
    else arrows.push({ from, to: inside(file), typeOnly })
  }
}

const layerOf = (file: string, table: readonly Layer[]): Layer | undefined =>
  table.filter(({ path }) => file.startsWith(path)).toSorted((left, right) => right.path.length - left.path.length)[0]

/** Why an import is forbidden; undefined when it is not. */
const objection = ({ from, to }: Arrow): string | undefined => {
  const layer = layerOf(from, layers)
  if (!layer) return `src/${from} belongs to no layer: add its folder to test/support/layers.ts`
  const allowed = [layer.path, ...layer.may, ...(layerOf(from, outside)?.may ?? [])]
  // A more special entry inside an own folder (learn/learners inside learn) is reached because the folder itself is allowed.
  if (allowed.some((path) => to.startsWith(path))) return undefined
  return `src/${from} imports ${to}, but ${layer.path} may import only ${layer.may.join(', ') || 'nothing'} (${layer.because})`
}

/** The first cycle that is reachable from a file, as a list of files. */
const cycleFrom = (start: string, graph: ReadonlyMap<string, readonly string[]>, done: Set<string>): string[] | undefined => {
  const path: string[] = []
  const visit = (file: string): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    path.push(file)
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next)
      if (cycle) return cycle
    }
    path.pop()
    done.add(file)
    return undefined
  }
  return visit(start)
}

/** Everything that is loaded at run time when a file is: files and packages. */
const loadedBy = (start: string): Set<string> => {
  const loaded = new Set([start])
  for (const file of loaded) {
    for (const { from, to, typeOnly } of [...arrows, ...packages]) if (from === file && !typeOnly) loaded.add(to)
  }
  return loaded
}

describe('the import graph of src', () => {
  test('follows the layers, arrows inward', () => {
    expect(arrows.map(objection).filter((message) => message !== undefined)).toEqual([])
  })

  test('names files that exist', () => {
    const known = new Set([...sources, ...shippedFiles('examples')])
    const missing = arrows.filter(({ to }) => to.endsWith('.ts') && !known.has(to))
    expect(missing.map(({ from, to }) => `src/${from} imports ${to}, which is not there`)).toEqual([])
  })

  test('has no cycle, not even of types', () => {
    const graph = new Map(sources.map((file) => [file, arrows.filter(({ from }) => from === file).map(({ to }) => to)]))
    const done = new Set<string>()
    const cycles = sources.map((file) => cycleFrom(file, graph, done)?.join(' → ')).filter((cycle) => cycle !== undefined)
    expect(cycles).toEqual([])
  })

  test('keeps packages in the folders that need them', () => {
    const strays = packages.flatMap(({ from, to }) =>
      confined
        .filter(({ module, to: folders }) => module === to && !folders.some((folder) => from.startsWith(folder)))
        .map(({ because }) => `src/${from} imports ${to} (${because})`),
    )
    expect(strays).toEqual([])
  })

  test('leaves learners pure: no builtin and no store is loaded with one', () => {
    const impure = sources
      .filter((file) => file.startsWith('learn/learners/'))
      .flatMap((file) => [...loadedBy(file)].filter((loaded) => /^(node:|storage\/|learn\/reactors\/|models\/)/.test(loaded)).map((loaded) => `src/${file} loads ${loaded}`))
    expect(impure).toEqual([])
  })

  test('spells builtins with node:', async () => {
    const { builtinModules } = await import('node:module')
    const bare = packages.filter(({ to }) => !to.startsWith('node:') && builtinModules.includes(to))
    expect(bare.map(({ from, to }) => `src/${from} imports ${to}`)).toEqual([])
  })
})

describe('the check itself', () => {
  test.each([
    ['log/append.ts', 'recall/recall.ts'],
    ['learn/learners/usefulness.ts', 'storage/storage.ts'],
    ['learn/learners/usefulness.ts', 'learn/runner.ts'],
    ['learn/runner.ts', 'decide/decide.ts'],
    ['record/record.ts', 'storage/sqlite/sqlite.ts'],
    ['recall/recall.ts', 'testing/storage.ts'],
    ['errors.ts', 'log/fact.ts'],
    ['autodidact.ts', 'cli/main.ts'],
    ['utils/misc.ts', 'errors.ts'],
  ])('refuses %s → %s', (from, to) => {
    expect(objection({ from, to, typeOnly: false })).toContain(`src/${from}`)
  })

  test('finds a cycle', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['b']],
    ])
    expect(cycleFrom('a', graph, new Set())).toEqual(['b', 'c', 'b'])
  })
})
