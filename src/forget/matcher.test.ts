import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Matcher } from './matcher.ts'

const inChunks = (matcher: Matcher, bytes: Buffer, size: number): ReadonlySet<number> => {
  for (let start = 0; start < bytes.length; start += size) matcher.search(bytes.subarray(start, start + size))
  return matcher.found
}

const asciiLower = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

describe('the matcher', () => {
  test('finds what a search for each piece alone finds, however the bytes are cut', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'ä', ' ', '"'), minLength: 1, maxLength: 4 })
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'B', 'ä', 'Ä', ' ', '"', 'z'), maxLength: 60 })
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 8 }), text, fc.integer({ min: 1, max: 9 }), (pieces, bytes, size) => {
        const found = inChunks(new Matcher(pieces.map((piece) => [piece])), Buffer.from(bytes), size)
        expect(found).toEqual(new Set(pieces.flatMap((piece, place) => (asciiLower(bytes).includes(asciiLower(piece)) ? [place] : []))))
      }),
      { numRuns: 500 },
    )
  })

  test('a piece has several forms, and an end is not a beginning', () => {
    const matcher = new Matcher([['say "no"', 'say \\"no\\"'], ['across']])
    matcher.searchText('acr')
    matcher.searchText('oss, Say \\"No\\"')
    expect([...matcher.found]).toEqual([0])
  })

  test('without pieces nothing is found', () => {
    expect(inChunks(new Matcher([]), Buffer.from('anything'), 3).size).toBe(0)
  })
})
