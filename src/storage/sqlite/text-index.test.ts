import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { documentTerms } from '../../text/analyzer.ts'
import { type TextEntry, TextIndex } from './text-index.ts'
import { markKnowledge, textIndexMigration } from './text-tables.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

const open = (path = ':memory:'): { database: DatabaseSync; index: TextIndex } => {
  const database = new DatabaseSync(path)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  for (const statement of textIndexMigration) database.exec(statement)
  return { database, index: new TextIndex(database) }
}

const file = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'text-index-'))
  folders.push(folder)
  return join(folder, 'index.db')
}

const entry = (id: string, text: string, more: Partial<TextEntry> = {}): TextEntry => ({
  id, text, kind: 'episode', standing: 'success', sequence: 1, occurredAt: 1, ...more,
})

const found = (index: TextIndex, text: string, more = {}): string[] => index.search(1, { text, limit: 100, ...more }).map(({ id }) => id)

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.lorem({ maxCount: 12 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom('the', 'to', 'not', '東京都', 'ภาษาไทย', '...', '?', '\ud800', '\0', '_', '"', "'", '*', 'NEAR', 'AND', 'fooBar', '한국어', '😀', 'body:'), {
    maxLength: 6,
  }).map((parts) => parts.join(' ')),
)

describe('TextIndex', () => {
  it('finds knowledge, and the latest that has all words, among thousands of texts that have some of them', () => {
    const { index } = open()
    const runs = Array.from({ length: 2_500 }, (_, place) => entry(`run-${place}`, `refund order ${place}`, { sequence: place + 2 }))
    index.put(1, [entry('rule', 'refund an order with two signatures', { kind: 'knowledge', standing: 'knowledge' }), ...runs])
    index.put(1, Array.from({ length: 200 }, (_, place) => entry(`late-${place}`, `refund ticket ${place}`, { sequence: 3_000 + place })))
    expect(found(index, 'refund order 91311', { kinds: ['knowledge'] })).toEqual(['rule'])
    index.put(1, Array.from({ length: 1_200 }, (_, place) => entry(`who-${place}`, 'who signs the card')))
    expect(found(index, 'who signs the card of a refund', { kinds: ['knowledge'] })).toEqual(['rule'])
    expect(found(index, 'refund order 91311', { limit: 3 })).toEqual(['run-2499', 'run-2498', 'run-2497'])
    expect(found(index, 'refund order 17', { limit: 1 })).toEqual(['run-17'])
    expect(index.search(1, { text: 'knowledge', limit: 5 })).toEqual([])
  })

  it('finds knowledge that was indexed before knowledge was marked', () => {
    const { database, index } = open()
    index.put(1, [entry('rule', 'refund an order', { kind: 'knowledge', standing: 'knowledge' }), entry('run', 'refund an order now')])
    database.exec("UPDATE text_1 SET body = replace(body, ' _knowledge', '')")
    expect(found(index, 'refund', { kinds: ['knowledge'] })).toEqual([])
    markKnowledge(database)
    expect(found(index, 'refund', { kinds: ['knowledge'] })).toEqual(['rule'])
    expect(index.search(1, { text: 'refund an order', limit: 5 }).map(({ id, terms }) => [id, [...terms]])).toEqual([['rule', ['refund', 'an', 'order']], ['run', ['refund', 'an', 'order', 'now']]])
  })

  it('finds everything stored by itself, in step with the store, whatever is added and removed', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ put: fc.uniqueArray(fc.record({ id, text: anyText }), { selector: (put) => put.id, maxLength: 4 }) }) },
      { weight: 1, arbitrary: fc.record({ remove: fc.array(id, { maxLength: 3 }) }) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const { database, index } = open()
        const stored = new Map<string, string>()
        for (const step of steps) {
          if ('put' in step) {
            index.put(1, step.put.map(({ id, text }) => entry(id, text)))
            for (const { id, text } of step.put) stored.set(id, text)
          } else {
            const known = new Set(step.remove.filter((id) => stored.has(id)))
            expect(index.remove(1, step.remove)).toBe(known.size)
            for (const id of known) stored.delete(id)
          }
        }
        for (const [id, text] of stored) expect(found(index, text)).toContain(id)
        for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
          if (!stored.has(id)) for (const text of stored.values()) expect(found(index, text)).not.toContain(id)
        }
        const terms = [...stored.values()].map((text) => documentTerms(text).length)
        const { documents, terms: length } = index.termStatistics(1, 'x')
        expect([documents, length]).toEqual([stored.size, terms.reduce((sum, count) => sum + count, 0)])
        database.close()
      }),
      { numRuns: 150 },
    )
  })

  it('finds each of a thousand texts by itself, first', () => {
    const { index } = open()
    const texts = Array.from({ length: 1000 }, (_, n) => `order ${n % 7} of customer ${n % 31} about item${n} in the shop on day ${n % 365}`)
    index.put(1, texts.map((text, n) => entry(String(n), text)))
    for (const [n, text] of texts.entries()) expect(found(index, text, { limit: 1 })).toEqual([String(n)])
  })

  it('matches words of other forms, parts of identifiers and pieces of Japanese', () => {
    const { index } = open()
    index.put(1, [
      entry('refund', 'Refunding customers after a delay'),
      entry('tool', 'call open_bank_account_4821 first'),
      entry('tokyo', '私は東京タワーに行きました'),
      entry('cafe', 'Le café est fermé'),
    ])
    expect(found(index, 'refunds for a customer')).toEqual(['refund'])
    expect(found(index, 'bank account')).toEqual(['tool'])
    expect(found(index, 'openBankAccount')).toEqual(['tool'])
    expect(found(index, '東京タワー')).toEqual(['tokyo'])
    expect(found(index, '私')).toEqual(['tokyo'])
    expect(found(index, 'CAFE')).toEqual(['cafe'])
    expect(found(index, 'weather')).toEqual([])
    expect(index.search(2, { text: 'refund' })).toEqual([])
  })

  it('takes queries for text, never for syntax', () => {
    const { index } = open()
    index.put(1, [entry('a', 'near and or not "quoted" body: * ^')])
    for (const text of ['"', '" OR "', 'body:near', 'NEAR(near quoted)', '*', 'near*', '^near', '(', "'; DROP TABLE items; --", '\0']) expect(() => found(index, text)).not.toThrow()
    expect(found(index, 'NOT quoted')).toEqual(['a'])
  })

  it('stays quick and right for a query of fifty thousand words', () => {
    const { index } = open()
    index.put(1, [entry('a', 'word7 word9'), entry('b', 'other')])
    expect(found(index, Array.from({ length: 50_000 }, (_, n) => `word${n}`).join(' '))).toEqual(['a'])
  })

  it('filters by standing, kind, agent and user, and follows a changed standing', () => {
    const { index } = open()
    index.put(1, [
      entry('won', 'refund card', { user: 'ada' }),
      entry('lost', 'refund card', { standing: 'failure', agent: 'x' }),
      entry('rule', 'refund card', { kind: 'knowledge', standing: 'knowledge' }),
    ])
    const refund = (more: object): string[] => found(index, 'refund', more).sort()
    expect(refund({})).toEqual(['lost', 'rule', 'won'])
    expect(refund({ standings: ['success'] })).toEqual(['won'])
    expect(refund({ kinds: ['knowledge'] })).toEqual(['rule'])
    expect(refund({ user: 'bob' })).toEqual(['lost', 'rule'])
    expect(refund({ agent: 'y', user: 'ada' })).toEqual(['rule', 'won'])
    expect(refund({ standings: [] })).toEqual([])
    expect(index.setStanding(1, 'won', 'failure')).toBe(true)
    expect(index.setStanding(1, 'nobody', 'failure')).toBe(false)
    expect(refund({ standings: ['failure'] })).toEqual(['lost', 'won'])
  })

  it('replaces a text of the same id, and keeps one hit for it', () => {
    const { index } = open()
    index.put(1, [entry('a', 'refund card'), entry('a', 'weather report')])
    expect(found(index, 'refund')).toEqual([])
    index.put(1, [entry('a', 'Weather, report!', { sequence: 9, standing: 'failure' })])
    expect(index.search(1, { text: 'weather' })).toMatchObject([{ id: 'a', sequence: 9, standing: 'failure', occurredAt: 1 }])
    expect(index.termStatistics(1, 'weather').containing.get('weather')).toBe(1)
  })

  it('gives every hit what rank needs, equal ones newest first', () => {
    const { index } = open()
    index.put(1, [entry('old', 'Refund the card'), entry('new', 'refund THE card', { sequence: 2 }), entry('other', 'card of the refund', { sequence: 3 })])
    const hits = index.search(1, { text: 'refunds' })
    expect(hits.map(({ id }) => id)).toEqual(['new', 'old', 'other'])
    expect(hits[0]).toMatchObject({ kind: 'episode', matched: ['refunds'], digest: hits[1]?.digest, terms: new Set(['refund', 'the', 'card']) })
    expect(hits[2]?.digest).not.toBe(hits[0]?.digest)
    expect(Object.keys(hits[0] ?? {})).not.toContain('user')
  })

  it('answers the same after merging, and after opening the file again', () => {
    const path = file()
    const { database, index } = open(path)
    for (let n = 0; n < 200; n += 1) index.put(1, [entry(String(n), `refund ${n % 3 === 0 ? 'card' : 'order'} number ${n % 17}`, { sequence: n % 5 })])
    const before = index.search(1, { text: 'refund of card number 5', limit: 50 })
    index.optimize(1)
    expect(index.search(1, { text: 'refund of card number 5', limit: 50 })).toEqual(before)
    database.close()
    const again = new DatabaseSync(path)
    expect(new TextIndex(again).search(1, { text: 'refund of card number 5', limit: 50 })).toEqual(before)
    again.close()
  })

  it('keeps namespaces apart: neither texts nor statistics cross', () => {
    const { index } = open()
    index.put(1, [entry('a', 'refund card'), entry('b', 'order train')])
    const before = index.search(1, { text: 'refund train' })
    const statistics = index.termStatistics(1, 'refund train')
    index.put(2, Array.from({ length: 300 }, (_, n) => entry(String(n), `refund ${n}`)))
    expect(index.search(1, { text: 'refund train' })).toEqual(before)
    expect(index.termStatistics(1, 'refund train')).toEqual(statistics)
    index.drop(2)
    expect(index.search(2, { text: 'refund' })).toEqual([])
    expect(index.search(1, { text: 'refund train' })).toEqual(before)
    index.put(2, [entry('0', 'refund again')])
    expect(index.search(2, { text: 'again' })).toHaveLength(1)
  })

  it('is part of the transaction it is used in', () => {
    const { database, index } = open()
    database.exec('BEGIN IMMEDIATE')
    index.put(1, [entry('a', 'refund')])
    expect(found(index, 'refund')).toEqual(['a'])
    database.exec('ROLLBACK')
    expect(found(index, 'refund')).toEqual([])
    expect(index.remove(1, ['a'])).toBe(0)
    index.put(1, [entry('b', 'refund')])
    expect(found(index, 'refund')).toEqual(['b'])
  })

  it.each(['remove', 'remove one by one', 'drop', 'replace'] as const)('leaves nothing of erased texts in the file after %s', (how) => {
    const path = file()
    const { database, index } = open(path)
    const secrets = Array.from({ length: 400 }, (_, n) => `zq${(n * 7919 + 104_729).toString(36)}secret${n}zq`)
    for (const [n, secret] of secrets.entries()) {
      index.put(1, [entry(`person${secret}`, `Refund for ${secret}`), entry(`kept${n}`, `Keep the order of day ${n}`)])
    }
    const left = (): string[] => {
      database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
      const bytes = readFileSync(path)
      expect(readFileSync(`${path}-wal`)).toHaveLength(0)
      return secrets.filter((secret) => bytes.includes(secret.slice(0, -2)))
    }
    expect(left()).toHaveLength(secrets.length)
    if (how === 'drop') index.drop(1)
    else for (const ids of how === 'remove one by one' ? secrets.map((secret) => [`person${secret}`]) : [secrets.map((secret) => `person${secret}`)]) index.remove(1, ids)
    if (how === 'replace') index.put(1, secrets.map((_, n) => entry(`kept${n}`, `Kept: the order of day ${n}`)))
    expect(left()).toEqual([])
    expect(index.search(1, { text: 'kept order', limit: 5 })).toHaveLength(how === 'drop' ? 0 : 5)
    database.close()
  })

  it.each([['ada', 50], ['été', 50], ['ada', 600]])('leaves no piece of an erased word like %j where FTS5 finds its pages by, erased by %i', (beginning, atOnce) => {
    const { database, index } = open()
    // Pairs that differ only at the end: a page that begins with the second is found by all of what they share, and more.
    const shared = Array.from({ length: 600 }, (_, n) => `${beginning}${((n + 1) * 7_919_104_729).toString(36)}q`)
    for (const [n, word] of shared.entries()) index.put(1, [entry(`kept${n}`, `${word}kept`), entry(`erased${n}`, `${word}secret`)])
    const pieces = (): string[] => database.prepare('SELECT CAST(term AS TEXT) AS term FROM text_1_idx').all().map(({ term }) => String(term))
    expect(pieces().filter((piece) => piece.endsWith('qs'))).not.toEqual([])
    database.exec('BEGIN IMMEDIATE')
    const erased = shared.map((_, n) => `erased${n}`)
    for (let start = 0; start < erased.length; start += atOnce) index.remove(1, erased.slice(start, start + atOnce))
    expect(pieces().filter((piece) => piece.includes('qs'))).toEqual([])
    database.exec('COMMIT')
    expect(shared.filter((word) => index.search(1, { text: `${word}kept` }).length !== 1)).toEqual([])
  })

  it.each([10, 300])('is after the erasure of %i texts at once as if it had never had them, on every connection', (erased) => {
    const texts = Array.from({ length: 400 }, (_, n) => entry(`text${n}`, `Refund order ${n % 17} of day ${n % 5} and ${n}`, { sequence: n + 1 }))
    const path = file()
    const { database, index } = open(path)
    const other = new TextIndex(new DatabaseSync(path, { timeout: 5_000 }))
    const never = open().index
    index.put(1, texts)
    never.put(1, texts.slice(erased))
    const queries = ['refund', 'order 7', 'day 3', '399', '5']
    const seen = (of: TextIndex): unknown => [of.termStatistics(1, queries.join(' ')), queries.map((text) => of.search(1, { text, limit: 100 }))]
    const before = seen(other)
    const ids = texts.slice(0, erased).map(({ id }) => id)
    database.exec('BEGIN IMMEDIATE')
    expect(index.remove(1, ids)).toBe(erased)
    database.exec('ROLLBACK')
    expect([seen(index), seen(other)]).toEqual([before, before])
    expect(index.remove(1, ids)).toBe(erased)
    expect([seen(index), seen(other)]).toEqual([seen(never), seen(never)])
    for (const one of [other, never]) one.put(1, [entry('late', 'Refund order 7 late', { sequence: 1_000 })])
    expect(seen(index)).toEqual(seen(never))
    database.close()
  })
})
