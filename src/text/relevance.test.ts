import { describe, expect, it } from 'vitest'
import { analyzeDocument, analyzeQuery } from './analyzer.ts'
import { inverseDocumentFrequency, saturation, scoreText, weighQuery } from './relevance.ts'

const statistics = { documents: 1000, terms: 10_000 }

const score = (query: string, text: string, containing: Record<string, number> = {}): number => {
  const analyzed = analyzeQuery(query)
  const counts = new Map(analyzed.terms.map(({ term }) => [term, containing[term] ?? 10]))
  const { terms, title } = analyzeDocument(text)
  return scoreText(weighQuery(analyzed, statistics, counts), terms, title).relevance
}

const weighedIn = (documents: number, containing: Readonly<Record<string, number>>, query: string) =>
  weighQuery(analyzeQuery(query), { documents, terms: 10 * documents }, new Map(Object.entries(containing)))

/** What a query asks for beside "refund", which one of the texts has. */
const askedBesideRefund = (documents: number, query: string): number => weighedIn(documents, { refund: 1 }, query).full - weighedIn(documents, { refund: 1 }, 'refund').full

describe('BM25', () => {
  it('has the published numbers', () => {
    // Robertson and Zaragoza 2009, equation 3.15 with k1 1.2, b .75: (2.2 · 3) / (3 + 1.2 · (.25 + .75 · 2)) = 6.6 / 5.1
    expect(saturation(3, 20, 10)).toBeCloseTo(6.6 / 5.1, 12)
    expect(saturation(1, 10, 10)).toBe(1)
    expect(saturation(0, 10, 10)).toBe(0)
    expect(inverseDocumentFrequency(1000, 10)).toBeCloseTo(Math.log(1 + 990.5 / 10.5), 12)
    expect(inverseDocumentFrequency(1000, 1000)).toBeGreaterThan(0)
  })

  it('counts rarity as if there were at least a hundred texts', () => {
    expect(inverseDocumentFrequency(1, 1)).toBe(inverseDocumentFrequency(100, 1))
  })

  it('scores one word by hand', () => {
    // One term, twice, in ten words of ten on average: 2 · 2.2 / 3.2 = 1.375 of a full match.
    expect(score('refund', 'refund b c d refund f g h i j')).toBeCloseTo(1 - Math.exp(-1.375), 12)
  })
})

describe('scoreText', () => {
  it('is 0 for nothing, below 1 for everything, more for more', () => {
    expect(score('refund card', 'the weather in spring')).toBe(0)
    expect(score('refund card', 'refund card '.repeat(500))).toBeLessThan(1)
    expect(score('refund card', 'refund of a card now')).toBeGreaterThan(score('refund card', 'refund of a ticket now'))
  })

  it('counts what the query says twice, the title, and words that stand together', () => {
    expect(score('refund refund card', 'refund it')).toBeGreaterThan(score('refund card card', 'refund it'))
    expect(score('refund card', 'Refund card\nplease read all of this')).toBeGreaterThan(score('refund card', 'please read\nrefund card all of this'))
    expect(score('refund card', 'the refund card is x')).toBeGreaterThan(score('refund card', 'the card x is refund'))
  })

  it('holds a single word of several to be half a match', () => {
    const two = score('refund card', 'refund')
    const three = score('refund card visa', 'refund')
    expect(Math.log1p(-three) / Math.log1p(-two)).toBeCloseTo((2 / 3) * 0.5, 12)
  })

  it('counts no word but a stop word as more frequent than a tenth of the texts', () => {
    const [tenth] = weighedIn(1000, { refund: 100 }, 'refund').terms
    const [all] = weighedIn(1000, { refund: 1000 }, 'refund').terms
    const [stopWord] = weighedIn(1000, { the: 1000 }, 'the').terms
    expect(all?.idf).toBe(tenth?.idf)
    expect(stopWord?.idf).toBeCloseTo(inverseDocumentFrequency(1000, 1000), 12)
  })

  it('holds a single word that every tenth text has to be a quarter of a match, also of a query of two', () => {
    const relevance = (containing: number): number =>
      scoreText(weighedIn(1000, { handl: containing, refund: 50 }, 'handle refund'), ['handl', 'the', 'invoic'], 0).relevance
    // Words in a tenth of the texts and in more have the same rarity.
    expect(Math.log1p(-relevance(101)) / Math.log1p(-relevance(100))).toBeCloseTo(0.25, 12)
    expect(relevance(1000)).toBe(relevance(101))
    // A number is no word: "task 1" is about tasks.
    const numbered = weighedIn(1000, { task: 900, 1: 1 }, 'task 1')
    expect(scoreText(numbered, ['task', '2'], 0).relevance).toBeGreaterThan(0.2)
  })

  it('asks for a word that nobody wrote no more the more texts there are, and for a number that nobody wrote not at all', () => {
    expect(askedBesideRefund(100, 'refund Smith')).toBeCloseTo(inverseDocumentFrequency(100, 0), 12)
    expect(askedBesideRefund(1_000_000, 'refund Smith')).toBeCloseTo(inverseDocumentFrequency(500, 0), 12)
    expect(askedBesideRefund(1000, 'refund 91311 ab12')).toBe(0)
  })

  describe('a text that has two words of the query standing together', () => {
    const ordinary = { refund: 900, order: 900 }
    const relevance = (query: string, text: string, containing: Readonly<Record<string, number>> = ordinary): number =>
      scoreText(weighedIn(1000, containing, query), analyzeDocument(text).terms, 0).relevance

    /** How much of the query a text has, not as a share of what is asked for. */
    const had = (query: string): number => -Math.log1p(-relevance(query, 'refund order')) * weighedIn(1000, ordinary, query).full

    it('is about a part of the query, however much the query tells beside in words that nobody wrote', () => {
      const few = 'grandma Leeds phoned yesterday evening, refund order'
      const many = `${few} lamp crack middle wallpaper piano ceiling carpet sofa doorbell`
      expect(relevance(many, 'refund order')).toBeGreaterThan(0.2)
      expect(relevance(few, 'refund order')).toBeGreaterThanOrEqual(relevance(many, 'refund order'))
      // The same words apart, in another order, or one of them only.
      expect(relevance(few, 'order a new one of these and then ask for the refund')).toBeLessThan(0.2)
      expect(relevance(few, 'refund')).toBeLessThan(0.1)
    })

    it('is no more about a part by far rarer words that others have', () => {
      const rare = { ...ordinary, grandma: 1, leed: 1, phone: 1, yesterdai: 1, even: 1 }
      expect(relevance('grandma Leeds phoned yesterday evening, refund order', 'refund order', rare)).toBeGreaterThan(0.2)
    })

    it('is judged by the whole of a query of fewer than seven words, numbers not counted', () => {
      const five = 'grandma Leeds phoned refund order'
      expect(had(`${five} yesterday 91311 7`)).toBeCloseTo(had(five), 12)
      expect(had(`${five} yesterday evening`)).toBeGreaterThan(1.1 * had(five))
    })

    it('stands behind what is about the whole, and is as relevant as ever where that is more', () => {
      const query = 'grandma Leeds phoned yesterday evening, refund order'
      const known = { ...ordinary, grandma: 5, leed: 5, phone: 5, yesterdai: 5, even: 5 }
      expect(relevance(query, 'refund order', known)).toBeLessThan(relevance(query, 'grandma phoned from Leeds', known))
      expect(relevance('refund order', 'refund order')).toBeCloseTo(1 - Math.exp(-2.5 * saturation(1, 2, 10) / 2), 12)
    })
  })

  it('does not ask a text to match a whole page', () => {
    const page = Array.from({ length: 60 }, (_, place) => `word${place}`)
    expect(score(page.join(' '), page.slice(0, 16).join(' x '))).toBeGreaterThan(0.5)
  })

  it('names what matched, weightiest first', () => {
    const query = analyzeQuery('refunding the common Cards')
    const weighed = weighQuery(query, statistics, new Map([['refund', 5], ['common', 900], ['card', 2]]))
    expect(scoreText(weighed, ['common', 'refund', 'card'], 0).matched).toEqual(['cards', 'refunding', 'common'])
  })

  it('scores at most 64 terms', () => {
    const query = analyzeQuery(Array.from({ length: 200 }, (_, place) => `word${place}`).join(' '))
    expect(weighQuery(query, statistics, new Map(query.terms.map(({ term }) => [term, 3]))).terms).toHaveLength(64)
  })
})
