import { globSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseAst } from 'vitest/node'
import { root } from './entries.ts'

/** A parsed file: enough of its syntax tree to follow imports and exports. */
export interface Source {
  /** Relative to the root, with `/`. */
  readonly path: string
  readonly text: string
  readonly program: ReturnType<typeof parseAst>
}

/** A node of a syntax tree, as far as a generic walk can know it. */
interface Node {
  readonly type: string
  readonly [key: string]: unknown
}

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

const parsed = new Map<string, Source>()

/** Reads and parses one TypeScript file, given relative to the root. */
export const parse = (path: string): Source => {
  const known = parsed.get(path)
  if (known) return known
  const text = readFileSync(join(root, path), 'utf8')
  const source = { path, text, program: parseAst(text, { lang: 'ts' }, path) }
  parsed.set(path, source)
  return source
}

/** The files below the root that match, sorted, with `/`. */
export const files = (pattern: string): string[] =>
  globSync(pattern, { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()

/** The TypeScript files of a folder that are shipped: no tests. */
export const shippedFiles = (folder: string): string[] => files(`${folder}/**/*.ts`).filter((path) => !path.endsWith('.test.ts'))

/** Calls `on` for every node below `value`, itself included. */
const walk = (value: unknown, on: (node: Node) => void): void => {
  if (Array.isArray(value)) for (const item of value) walk(item, on)
  else if (isNode(value)) {
    on(value)
    for (const child of Object.values(value)) if (typeof child === 'object') walk(child, on)
  }
}

/** One module that a file names. */
export interface Import {
  readonly specifier: string
  /** True when nothing is loaded for it at run time. */
  readonly typeOnly: boolean
}

/** Every module a file names: imports, re-exports, `import()` and `import('…').Type`. */
export const importsOf = (source: Source): Import[] => {
  const found: Import[] = []
  walk(source.program, (node) => {
    const { source: module } = node
    if (!isNode(module) || module.type !== 'Literal' || typeof module.value !== 'string') return
    const typeOnly = node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType'
    found.push({ specifier: module.value, typeOnly })
  })
  return found
}

/** The file that a relative specifier names, relative to the root; undefined for packages and builtins. */
export const target = (from: string, specifier: string): string | undefined =>
  specifier.startsWith('.') ? posix.join(dirname(from), specifier) : undefined

/** The package or builtin that a bare specifier names: `node:fs`, `zod`, `@scope/name`. */
export const packageOf = (specifier: string): string => {
  if (specifier.startsWith('node:')) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Every text in a file's code: strings, templates and patterns, without what names a module. Comments are no code. */
export const literalsOf = (source: Source): string[] => {
  const modules = new Set(importsOf(source).map(({ specifier }) => specifier))
  const found: string[] = []
  walk(source.program, (node) => {
    const { value, regex } = node
    if (node.type === 'Literal' && typeof value === 'string' && !modules.has(value)) found.push(value)
    if (node.type === 'Literal' && typeof regex === 'object' && regex !== null && 'pattern' in regex) found.push(String(regex.pattern))
    if (node.type === 'TemplateElement' && typeof value === 'object' && value !== null && 'raw' in value) found.push(String(value.raw))
  })
  return found
}
