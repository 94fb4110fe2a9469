import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyzeDocument, analyzeQuery, documentTerms, maximumTerms } from './analyzer.ts'
import { stem, stems, stopWords, words } from './words.ts'

/** Any UTF-16 there is: all planes, lone surrogates, NUL and control characters. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc.array(fc.constantFrom('the', 'a', 'café', '東京', 'ไทย', '.', '\ud800', '\0', '_', 'fooBar', 'I’m', '👩‍👩‍👧', '́'), { maxLength: 8 }).map((parts) => parts.join(' ')),
)

describe('words and stems', () => {
  it('reads compatibility forms, possessives and diacritics', () => {
    expect(words('Ｒefund, the ﬁne café!')).toEqual(['refund', 'the', 'fine', 'café'])
    expect(stems("The state's largest cities, refunding naïve customers")).toEqual(['the', 'state', 'largest', 'citi', 'refund', 'naiv', 'custom'])
    expect(stem('don’t')).toBe(stem('dont'))
  })

  it('keeps the vowel signs of other scripts', () => {
    expect(words('हिन्दी में')).toEqual(['हिन्दी', 'में'])
    expect(stem('हिन्दी')).toBe('हिन्दी')
  })
})

describe('documentTerms', () => {
  it.each([
    ['open_bank_account_4821', ['open_bank_account_4821', 'open', 'bank', 'account', '4821']],
    ['getUserID', ['getuserid', 'get', 'user', 'id']],
    ['HTMLParser', ['htmlparser', 'html', 'parser']],
    ['__init__', ['init']],
    ['東京タワー', ['東', '東京', '京', '京タ', 'タ', 'タワ', 'ワ', 'ワー', 'ー']],
    ['안녕', ['안', '안녕', '녕']],
    ['Z\u0301ażółć', ['zazołc']],
  ])('reads %s', (text, expected) => {
    expect(documentTerms(text)).toEqual(expected)
  })

  it('gives texts without a word a term of their own', () => {
    const texts = ['', ' ', '...', '\ud800', '\ud801', '\0', '—', '👍', '___']
    const terms = texts.map(documentTerms)
    expect(terms.every(({ length }) => length === 1)).toBe(true)
    expect(new Set(terms.flat()).size).toBe(texts.length)
  })

  it('hashes words that are too long to be typed, and tells them apart', () => {
    const [first] = documentTerms('x'.repeat(1000))
    const [second] = documentTerms('x'.repeat(1001))
    expect(first).toHaveLength(33)
    expect(first).not.toBe(second)
  })

  it.each([['word '], ['.'], ['x'], ['_a'], ['aB'], ["a'"], ['東'], ['́'], ['\ud800'], ['\n']])('survives ten megabytes of %j', (piece) => {
    const terms = documentTerms(piece.repeat(10_000_000 / piece.length))
    expect(terms.length).toBeGreaterThan(0)
    expect(terms.length).toBeLessThanOrEqual(maximumTerms)
  })

  // Took minutes where the end of the identifier was looked for from each of them.
  it('survives a megabyte of underscores inside an identifier', () => {
    expect(documentTerms(`a${'_'.repeat(1_000_000 - 2)}b`)).toEqual([expect.stringMatching(/^_/), 'a', 'b'])
  })

  it('never gives an empty term, nor one that an index would split', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const terms = documentTerms(text)
        expect(terms.length).toBeGreaterThan(0)
        for (const term of terms) expect(term).toMatch(/^[^\s"'\p{Cc}\p{Cs}]+$/u)
      }),
    )
  })
})

describe('analyzeQuery', () => {
  it('leaves stop words out, unless there is nothing else', () => {
    expect(analyzeQuery('what is the refund of my card').terms.map(({ term }) => term)).toEqual(['refund', 'card'])
    expect(analyzeQuery('to be or not to be').terms.map(({ term, count }) => `${term}${count}`)).toEqual(['to2', 'be2', 'or1', 'not1'])
    expect([...stopWords].every((word) => words(word).length === 1)).toBe(true)
  })

  it('keeps the order of the words', () => {
    const { terms, sequence } = analyzeQuery('card refund card')
    expect(sequence.map((place) => terms[place]?.word)).toEqual(['card', 'refund', 'card'])
  })

  it('asks only for terms that the same text is indexed under', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const indexed = new Set(documentTerms(text))
        const { terms, sequence } = analyzeQuery(text)
        expect(terms.length).toBeGreaterThan(0)
        expect(sequence.length).toBe(terms.reduce((sum, { count }) => sum + count, 0))
        for (const { term } of terms) expect(indexed.has(term)).toBe(true)
      }),
    )
  })

  it('looks at no more than 512 distinct terms', () => {
    const { terms } = analyzeQuery(Array.from({ length: 50_000 }, (_, place) => `word${place}`).join(' '))
    expect(terms).toHaveLength(512)
  })
})

describe('analyzeDocument', () => {
  it.each([
    ['one line only', 0],
    ['Opening an account\nFirst verify the customer.', 3],
    ['\n  Opening an account\r\n\r\nFirst verify.', 3],
    [`${'long '.repeat(30)}\nbody`, 0],
    ['Heading\n...', 0],
    ['...\nbody', 0],
  ])('finds the title of %j', (text, title) => {
    expect(analyzeDocument(text).title).toBe(title)
  })
})
