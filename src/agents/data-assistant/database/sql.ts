import { AutodidactError } from '../../../errors.ts'
import { described } from '../../../expect.ts'
import type { Schema } from './schema.ts'

/** One token of a query. `name` is an identifier, `literal` a string or a number; keywords and functions are upper-cased. */
export interface SqlToken {
  readonly kind: 'keyword' | 'function' | 'name' | 'literal' | 'symbol'
  /** Canonical text: what the token reads as in a query that is put together again. */
  readonly text: string
  /** The value of a literal, unquoted; numbers as written. */
  readonly value?: string
  /** Of a name: the table whose column or alias it is, as far as the query tells. Of a literal: the column it is compared with. */
  readonly table?: string
  readonly column?: string
}

const keywords: ReadonlySet<string> = new Set(
  (
    'ALL AND AS ASC BETWEEN BY CASE CAST COLLATE CROSS CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP DESC DISTINCT ELSE END ESCAPE EXCEPT EXCLUDE ' +
    'EXISTS FILTER FIRST FOLLOWING FROM FULL GLOB GROUP GROUPS HAVING IN INDEXED INNER INTERSECT IS ISNULL JOIN LAST LEFT LIKE LIMIT MATCH ' +
    'MATERIALIZED NATURAL NOT NOTNULL NULL NULLS OFFSET ON OR ORDER OTHERS OUTER OVER PARTITION PRECEDING RANGE RECURSIVE REGEXP RIGHT ROW ROWS ' +
    'SELECT THEN TIES UNBOUNDED UNION USING VALUES WHEN WHERE WINDOW WITH'
  ).split(' '),
)

/** A comment without its end goes on to the end of the text, as it does for SQLite. */
const pattern =
  /(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>'(?:[^']|'')*')|(?<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*(?:\]|$))|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<symbol><>|<=|>=|!=|==|\|\||<<|>>|->>|->|[^\s])/gu

const isKeyword = (token: RawToken | undefined): boolean => token?.kind === 'word' && keywords.has(token.text.toUpperCase())

interface RawToken {
  readonly kind: 'string' | 'quoted' | 'number' | 'word' | 'symbol'
  readonly text: string
  /** Without quotes. */
  readonly value: string
  /** True if a blank or a comment stands before it. */
  readonly apart: boolean
}

const unquote = (text: string): string => {
  const quote = text[0] ?? ''
  const inner = text.slice(1, -1)
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote)
}

const scan = (sql: string): RawToken[] => {
  const tokens: RawToken[] = []
  let apart = false
  for (const match of sql.matchAll(pattern)) {
    const groups = match.groups ?? {}
    const text = match[0]
    if (groups['blank'] !== undefined) {
      apart = true
      continue
    }
    if (groups['string'] !== undefined) tokens.push({ kind: 'string', text, value: unquote(text), apart })
    else if (groups['quoted'] !== undefined) tokens.push({ kind: 'quoted', text, value: unquote(text), apart })
    else if (groups['number'] !== undefined) tokens.push({ kind: 'number', text, value: text, apart })
    else if (groups['word'] !== undefined) tokens.push({ kind: 'word', text, value: text, apart })
    else tokens.push({ kind: 'symbol', text, value: text, apart })
    apart = false
  }
  while (tokens.at(-1)?.text === ';') tokens.pop()
  return tokens
}

/**
 * Checks that a text is one statement that starts with SELECT or WITH, and gives it back without the final semicolon.
 * What such a statement may touch is decided by the authorizer of {@link ReadOnlyDatabase}, not here.
 *
 * @throws AutodidactError `INVALID_INPUT` for an empty text, `NOT_ALLOWED` for anything else.
 */
export const singleSelect = (sql: string): string => {
  const tokens = scan(sql)
  const first = tokens[0]
  if (first === undefined) throw new AutodidactError('INVALID_INPUT', 'The query is empty. Pass one SELECT statement.')
  if (!['SELECT', 'WITH', 'VALUES'].includes(first.text.toUpperCase())) {
    throw new AutodidactError('NOT_ALLOWED', `A query may only read, and this one starts with ${described(first.text)}. Pass one SELECT or WITH statement.`)
  }
  if (tokens.some((token) => token.text === ';')) {
    throw new AutodidactError('NOT_ALLOWED', 'The text holds several statements. Pass them one at a time.')
  }
  // Only where the run begins: from each place of a long one inside, it would be read to its end again.
  return sql.replace(/(?<![\s;])[\s;]+$/u, '')
}

const comparisons: ReadonlySet<string> = new Set(['=', '==', '<>', '!=', '<', '>', '<=', '>=', 'LIKE', 'GLOB', 'IS', 'NOT', 'IN', 'BETWEEN', 'AND', 'OR', '(', ',', '||'])

const plainName = /^[\p{L}_][\p{L}\p{N}_$]*$/u
const quoteName = (name: string): string => (plainName.test(name) && !keywords.has(name.toUpperCase()) ? name : `"${name.replaceAll('"', '""')}"`)

/** The text of a string literal. */
export const quoteValue = (value: string): string => `'${value.replaceAll("'", "''")}'`

/**
 * Reads a query into canonical tokens: aliases are renamed a0, a1, … in order of appearance, so that two queries which differ in the names of
 * aliases become equal; identifiers carry their table, and literals the column they are compared with. A double-quoted text that
 * names nothing in the schema is a string, as SQLite reads it.
 */
export const parseQuery = (sql: string, schema: Schema): SqlToken[] => {
  const raw = scan(sql)
  const aliases = new Map<string, string>()
  const tableOfAlias = new Map<string, string>()
  const aliasNames = new Set<string>()
  raw.forEach((token, at) => {
    const previous = raw[at - 1]
    if (token.kind === 'quoted' && previous?.kind === 'word' && previous.text.toUpperCase() === 'AS') aliasNames.add(token.value.toLowerCase())
  })
  const isName = (token: RawToken): boolean => {
    if (token.kind === 'word') return true
    if (token.kind !== 'quoted') return false
    return !token.text.startsWith('"') || schema.hasName(token.value) || aliasNames.has(token.value.toLowerCase())
  }
  const tables = tablePositions(raw, schema)
  // First pass: rename what is neither a keyword, a function nor a name of the schema, and learn which alias stands for which table.
  raw.forEach((token, at) => {
    if (!isName(token) || isKeyword(token)) return
    const folded = token.value.toLowerCase()
    const previous = raw[at - 1]
    const called = raw[at + 1]?.text === '(' && token.kind === 'word'
    if (!schema.hasName(folded) && !called && !aliases.has(folded)) aliases.set(folded, `a${aliases.size}`)
    const table = tables.get(previous?.kind === 'word' && previous.text.toUpperCase() === 'AS' ? at - 2 : at - 1)
    if (table !== undefined) tableOfAlias.set(folded, table)
  })
  const scopes = scopesOf(raw)
  const ownerOf = (name: string, at: number, qualifier: RawToken | undefined): string | undefined => {
    if (qualifier !== undefined) return tableOfAlias.get(qualifier.value.toLowerCase()) ?? schema.tableNamed(qualifier.value)
    const having = [...tables].filter(([, table]) => schema.columnNamed(table, name) !== undefined)
    // The nearest query around the name that reads such a table; else one inside it, whose columns it hands on.
    for (let scope = scopes[at]; scope !== undefined; scope = scope.outer) {
      const here = having.find(([place]) => scopes[place] === scope)
      if (here !== undefined) return here[1]
    }
    return having[0]?.[1]
  }
  // Second pass: canonical tokens.
  const tokens: SqlToken[] = []
  raw.forEach((token, at) => {
    const next = raw[at + 1]
    if (token.kind === 'symbol') {
      tokens.push({ kind: 'symbol', text: token.text === '==' ? '=' : token.text === '!=' ? '<>' : token.text })
    } else if (isKeyword(token)) {
      tokens.push({ kind: 'keyword', text: token.text.toUpperCase() })
    } else if (!isName(token)) {
      const compared = comparedColumn(tokens)
      const value = token.value
      tokens.push({
        kind: 'literal', value, text: token.kind === 'number' ? token.text : quoteValue(value),
        ...(compared?.table === undefined ? {} : { table: compared.table }), ...(compared?.column === undefined ? {} : { column: compared.column }),
      })
    } else if (token.kind === 'word' && next?.text === '(' && !schema.hasName(token.value) && !aliases.has(token.value.toLowerCase())) {
      tokens.push({ kind: 'function', text: token.text.toUpperCase() })
    } else {
      const alias = aliases.get(token.value.toLowerCase())
      const qualifier = raw[at - 1]?.text === '.' ? raw[at - 2] : undefined
      const owner = ownerOf(token.value, at, qualifier)
      const column = owner === undefined ? undefined : schema.columnNamed(owner, token.value)
      const table = schema.tableNamed(token.value)
      if (alias !== undefined) tokens.push({ kind: 'name', text: alias })
      else if (column !== undefined && owner !== undefined && !tables.has(at) && next?.text !== '.') {
        tokens.push({ kind: 'name', text: quoteName(column), table: owner, column })
      } else if (table !== undefined) tokens.push({ kind: 'name', text: quoteName(table), table })
      else tokens.push({ kind: 'name', text: quoteName(schema.spelling(token.value)) })
    }
  })
  return tokens
}

/** A query, and the one around it. */
interface Scope {
  readonly outer: Scope | undefined
}

/** For each token the query that it stands in. */
const scopesOf = (raw: readonly RawToken[]): Scope[] => {
  let scope: Scope = { outer: undefined }
  /** For each open parenthesis the query around it. */
  const around: Scope[] = []
  return raw.map(({ text }, at) => {
    if (text === ')') scope = around.pop() ?? scope
    if (text === '(') {
      around.push(scope)
      if (['SELECT', 'WITH', 'VALUES'].includes(raw[at + 1]?.text.toUpperCase() ?? '')) scope = { outer: scope }
    }
    return scope
  })
}

/** Where tables are named as sources, after FROM, JOIN or a comma between them: a column may be called like a table. */
const tablePositions = (raw: readonly RawToken[], schema: Schema): Map<number, string> => {
  const positions = new Map<number, string>()
  /** For each open parenthesis whether a FROM clause is being read. */
  const inSources = [false]
  raw.forEach((token, at) => {
    const text = token.text.toUpperCase()
    if (text === '(') inSources.push(inSources.at(-1) === true)
    else if (text === ')') inSources.pop()
    else if (text === 'FROM') inSources[inSources.length - 1] = true
    else if (['SELECT', 'WHERE', 'GROUP', 'ORDER', 'HAVING', 'LIMIT', 'UNION', 'EXCEPT', 'INTERSECT'].includes(text)) inSources[inSources.length - 1] = false
    else if (inSources.at(-1) === true && ['FROM', 'JOIN', ',', '('].includes(raw[at - 1]?.text.toUpperCase() ?? '')) {
      const table = schema.tableNamed(token.value)
      if (table !== undefined && (token.kind === 'word' || token.kind === 'quoted')) positions.set(at, table)
    }
  })
  return positions
}

/** The column a literal that comes next would be compared with: the nearest column before it, with only comparison tokens and literals between. */
const comparedColumn = (tokens: readonly SqlToken[]): SqlToken | undefined => {
  for (let at = tokens.length - 1; at >= 0 && at > tokens.length - 24; at -= 1) {
    const token = tokens[at]
    if (token === undefined) return undefined
    if (token.kind === 'name') return token.column === undefined ? undefined : token
    if (token.kind === 'literal') continue
    if (token.text === ')' && tokens[at - 1]?.kind === 'name') continue // LOWER ( column )
    if (!comparisons.has(token.text)) return undefined
  }
  return undefined
}

/** The text of a query from its canonical tokens. */
export const queryText = (tokens: readonly { readonly text: string }[]): string => tokens.map((token) => token.text).join(' ')

/** True if nothing stands between two tokens where a person writes them. */
const isTight = (before: RawToken, token: RawToken): boolean =>
  [',', ')', '.'].includes(token.text) || ['(', '.'].includes(before.text) || (token.text === '(' && before.kind === 'word' && !isKeyword(before))

/**
 * A query as a person writes it, in one line: `COUNT(*)` and `tree.name` instead of `COUNT ( * )` and `tree . name`. It means the same: blanks are only taken out,
 * since what looks like two tokens may be one, such as `x'00'`.
 */
export const readableQuery = (sql: string): string => {
  const tokens = scan(sql)
  return tokens
    .map((token, at) => {
      const before = tokens[at - 1]
      return before === undefined || !token.apart || isTight(before, token) ? token.text : ` ${token.text}`
    })
    .join('')
}

/** True if a query orders its own rows: an ORDER BY outside of any parentheses. */
export const topLevelOrder = (sql: string): boolean => {
  let depth = 0
  for (const token of scan(sql)) {
    if (token.text === '(') depth += 1
    else if (token.text === ')') depth -= 1
    else if (depth === 0 && token.kind === 'word' && token.text.toUpperCase() === 'ORDER') return true
  }
  return false
}
