import { parse, target } from './sources.ts'
import type { Source } from './sources.ts'

type Statement = Source['program']['body'][number]

/** A function, class or method that users can call, or a constant they can read, with the doc comment before it. */
export interface Documented {
  /** `Class.method` for methods. */
  readonly name: string
  readonly kind: 'function' | 'class' | 'method' | 'value'
  readonly path: string
  readonly line: number
  /** Text of the doc comment, of the class as well for a method; empty without one. */
  readonly doc: string
  readonly classDoc?: string
}

const docComment = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*$/

const docBefore = (source: Source, offset: number): string => docComment.exec(source.text.slice(0, offset))?.[1] ?? ''

const lineOf = (source: Source, offset: number): number => source.text.slice(0, offset).split('\n').length

const isFunction = (type: string | undefined): boolean => type === 'ArrowFunctionExpression' || type === 'FunctionExpression'

type Class = Extract<Statement, { type: 'ClassDeclaration' | 'ClassExpression' }>

const methodsOf = (source: Source, name: string, node: Class, classDoc: string): Documented[] => {
  const methods: Documented[] = []
  for (const member of node.body.body) {
    if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') continue
    if (member.accessibility === 'private' || member.accessibility === 'protected' || member.key.type !== 'Identifier' || member.computed) continue
    // What implements an interface is documented there, once for all who implement it.
    if ((node.implements ?? []).length > 0 && !member.static) continue
    const callable = member.type === 'MethodDefinition' ? member.kind === 'method' : isFunction(member.value?.type)
    if (!callable) continue
    const doc = docBefore(source, member.start)
    methods.push({ name: `${name}.${member.key.name}`, kind: 'method', path: source.path, line: lineOf(source, member.start), doc, classDoc })
  }
  return methods
}

/** What one statement declares; types are left out. `start` is where its doc comment ends: before `export`, if that is there. */
const declaredBy = (source: Source, node: Statement, start: number): Documented[] => {
  const place = { path: source.path, line: lineOf(source, start), doc: docBefore(source, start) }
  if ((node.type === 'FunctionDeclaration' || node.type === 'TSDeclareFunction') && node.id) return [{ name: node.id.name, kind: 'function', ...place }]
  if (node.type === 'ClassDeclaration' && node.id) return [{ name: node.id.name, kind: 'class', ...place }, ...methodsOf(source, node.id.name, node, place.doc)]
  if (node.type !== 'VariableDeclaration') return []
  return node.declarations.flatMap(({ id, init }) =>
    id.type === 'Identifier' ? [{ name: id.name, kind: isFunction(init?.type) ? 'function' : 'value', ...place } as const] : [],
  )
}

const nameOf = (node: { type: string; name?: string; value?: string }): string => node.name ?? node.value ?? ''

/** Everything callable or readable behind one exported name, or behind all of a file's exports. */
const exported = (path: string, wanted?: string): Documented[] => {
  const source = parse(path)
  const found: Documented[] = []
  const local = new Map<string, () => Documented[]>()
  const keep = (declared: readonly Documented[]): void => {
    // Overloads declare one name several times; the first carries the comment.
    for (const item of declared) if (!found.some(({ name }) => name === item.name)) found.push(item)
  }
  const behind = (module: string, name?: string): Documented[] => {
    const file = target(path, module)
    return file === undefined ? [] : exported(file, name)
  }

  for (const node of source.program.body) {
    if (node.type === 'ImportDeclaration') {
      for (const specifier of node.specifiers) {
        if (specifier.type === 'ImportSpecifier') local.set(specifier.local.name, () => behind(node.source.value, nameOf(specifier.imported)))
      }
    } else for (const item of declaredBy(source, node, node.start)) if (item.kind !== 'method') local.set(item.name, () => declaredBy(source, node, node.start))
  }

  for (const node of source.program.body) {
    if (node.type === 'ExportAllDeclaration' && node.exportKind !== 'type' && !node.exported) keep(behind(node.source.value, wanted))
    if (node.type !== 'ExportNamedDeclaration' || node.exportKind === 'type') continue
    if (node.declaration) {
      const declared = declaredBy(source, node.declaration, node.start)
      keep(wanted === undefined ? declared : declared.filter(({ name }) => name === wanted || name.startsWith(`${wanted}.`)))
    }
    for (const specifier of node.specifiers) {
      if (specifier.exportKind === 'type' || (wanted !== undefined && nameOf(specifier.exported) !== wanted)) continue
      const name = nameOf(specifier.local)
      keep(node.source ? behind(node.source.value, name) : (local.get(name)?.() ?? []))
    }
  }
  return found
}

/** Every function, class, public method and constant that an entry file exports, through all its re-exports. */
export const documentedBy = (entry: string): Documented[] => exported(entry)

const hasExample = (doc: string): boolean => /@example[\s\S]*```ts\b/.test(doc)

/** What a declaration's documentation lacks; undefined when it is complete. */
export const lacks = ({ name, kind, path, line, doc, classDoc }: Documented): string | undefined => {
  const where = `${path}:${line} ${name}`
  if (doc.trim() === '') return `${where} has no doc comment`
  if (kind === 'value' || hasExample(doc)) return undefined
  // A method may be shown by its class's example instead of one of its own.
  const method = name.split('.').at(-1) ?? name
  if (classDoc !== undefined && hasExample(classDoc) && new RegExp(`\\.${method}\\(`).test(classDoc)) return undefined
  return `${where} has no @example with a \`\`\`ts block${kind === 'method' ? ', and the example of its class does not call it' : ''}`
}
