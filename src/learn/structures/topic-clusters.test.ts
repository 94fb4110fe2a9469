import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { topicHashes } from './topic.ts'
import { TopicClusters, type TopicClusterSettings } from './topic-clusters.ts'

const settings: TopicClusterSettings = { most: 8, nearness: 0.3, settledAfter: 3, reserved: ['other'] }

const join = (clusters: TopicClusters, text: string): ReturnType<TopicClusters['join']> => clusters.join(topicHashes(text), text)

const nameOf = (clusters: TopicClusters, cluster: number): string | undefined => {
  const place = clusters.placeOf(cluster)
  return place === undefined ? undefined : clusters.nameAt(place)
}

const clustersOf = (texts: readonly string[], changed: Partial<TopicClusterSettings> = {}): { clusters: TopicClusters; ids: (number | undefined)[] } => {
  const clusters = new TopicClusters({ ...settings, ...changed })
  return { clusters, ids: texts.map((text) => join(clusters, text)?.cluster) }
}

const namesOf = ({ clusters, ids }: ReturnType<typeof clustersOf>): (string | undefined)[] =>
  [...new Set(ids)].map((id) => (id === undefined ? undefined : nameOf(clusters, id)))

/** Texts of few words, so that many are alike. */
const texts = fc.array(
  fc.array(fc.constantFrom('cancel', 'order', 'refund', 'rain', 'Oslo', 'song', 'play', 'the', 'my', '7', '订单', 'card'), { maxLength: 5 }).map((words) => words.join(' ')),
  { maxLength: 80 },
)

describe('a cluster', () => {
  test('holds texts with most of their words in common', () => {
    expect(clustersOf(['cancel my order', 'play a song', 'order cancelled', 'please play some songs', 'weather']).ids).toEqual([0, 1, 0, 1, 2])
  })

  test('takes what is nearest, not what came first', () => {
    expect(clustersOf(['red apple pie', 'green apple tart', 'green apple tart pie']).ids).toEqual([0, 1, 1])
    expect(clustersOf(['red apple pie', 'green apple tart', 'green apple pie']).ids).toEqual([0, 1, 0])
  })

  test('takes more than one word in common where there are several', () => {
    expect(clustersOf(['cancel my order', 'cancel my flight', 'order']).ids).toEqual([0, 1, 0])
  })

  test('has a centre made of its first texts only', () => {
    const later = Array.from({ length: 50 }, () => 'cancel order subscription newsletter')
    const { clusters, ids } = clustersOf(['cancel order', 'cancel order', 'cancel order', ...later])
    expect(new Set(ids)).toEqual(new Set([0]))
    expect(clusters.find(topicHashes('subscription newsletter'))).toBeUndefined()
  })

  test('of texts without words is none', () => {
    expect(clustersOf(['', '?!', 'the of and']).ids).toEqual([undefined, undefined, undefined])
  })
})

describe('the name', () => {
  test('is what the texts share, as they were written, in their order', () => {
    expect(namesOf(clustersOf(['Please cancel order 7 and refund it', 'Cancel my orders, refund me', 'cancel and refund order 9']))).toEqual(['cancel order refund'])
  })

  test('is made of the words that other clusters do not have', () => {
    const common = ['want book flight', 'want book flight', 'want play song', 'want play song', 'want cancel order refund', 'want cancel order refund']
    expect(namesOf(clustersOf(common, { nearness: 0.6 }))).toEqual(['book flight', 'play song', 'cancel order refund'].map((name) => expect.stringContaining(name)))
    expect(namesOf(clustersOf(common, { nearness: 0.6 })).at(-1)).toBe('cancel order refund')
  })

  test('has no numbers, unless there is nothing else', () => {
    expect(namesOf(clustersOf(['refund 1187', 'refund 1187']))).toEqual(['refund'])
    expect(namesOf(clustersOf(['1187', '1187']))).toEqual(['1187'])
  })

  test('is settled with the third text here, and stays', () => {
    const clusters = new TopicClusters(settings)
    for (const text of ['cancel order Vienna', 'cancel order Paris', 'cancel order Rome']) join(clusters, text)
    expect(nameOf(clusters, 0)).toBe('cancel order')
    for (let more = 0; more < 20; more += 1) {
      join(clusters, 'cancel order by telephone')
      join(clusters, `thing${more} cancel`)
      expect(nameOf(clusters, 0)).toBe('cancel order')
    }
  })

  test('is told apart by a further word, and if there is none by a number', () => {
    const alike = ['north red apple', 'north red apple', 'north red apple', 'north red apple pie baking', 'north red apple pie baking', 'north red apple pie baking']
    const names = namesOf(clustersOf(alike, { nearness: 0.9 }))
    expect(new Set(names).size).toBe(2)
    // Every text founds a cluster of its own: a cosine above 1 is never reached.
    expect(namesOf(clustersOf(['red apple', 'red apple', 'red apple'], { nearness: 1.1 }))).toEqual(['red apple', 'red apple 2', 'red apple 3'])
    expect(namesOf(clustersOf(['another', 'others'], { reserved: ['another'] }))).toEqual(['another 2', 'others'])
  })

  test('is short, whatever the words', () => {
    const [name = ''] = namesOf(clustersOf([Array.from({ length: 9 }, (_, place) => 'x𝒳'.repeat(100 + place)).join(' ')]))
    expect(Array.from(name).length).toBeLessThanOrEqual(3 * 24 + 2)
    expect(name.isWellFormed()).toBe(true)
  })
})

describe('room', () => {
  test('is made by the cluster that has waited longest and is not settled', () => {
    const clusters = new TopicClusters({ ...settings, most: 3 })
    for (const text of ['cancel order', 'cancel order', 'cancel order', 'play song', 'rain oslo', 'play song']) join(clusters, text)
    expect(join(clusters, 'red apple')).toEqual({ cluster: 3, place: 2, dissolved: true })
    expect(nameOf(clusters, 2)).toBeUndefined()
    expect(clusters.find(topicHashes('rain oslo'))).toBeUndefined()
    expect(clusters.find(topicHashes('red apple'))).toBe(2)
    expect(nameOf(clusters, 3)).toBe('red apple')
    expect([0, 1].map((id) => nameOf(clusters, id))).toEqual(['cancel order', 'play song'])
  })

  test('is not made by what is settled', () => {
    const { clusters } = clustersOf(['cancel order', 'play song'], { most: 2, settledAfter: 1 })
    expect(join(clusters, 'red apple')).toBeUndefined()
    expect(join(clusters, 'play another song')).toEqual({ cluster: 1, place: 1, dissolved: false })
  })
})

test('saved anywhere and loaded, everything goes on as if nothing had been', () => {
  fc.assert(
    fc.property(texts, fc.nat(80), fc.integer({ min: 1, max: 4 }), (all, cut, most) => {
      const small = { ...settings, most }
      const [whole, before] = [new TopicClusters(small), new TopicClusters(small)]
      for (const text of all) join(whole, text)
      for (const text of all.slice(0, cut)) join(before, text)
      const after = new TopicClusters(small, JSON.parse(JSON.stringify(before.save())) as ReturnType<TopicClusters['save']>)
      for (const text of all.slice(cut)) join(after, text)
      expect(after.save()).toEqual(whole.save())
      for (const text of all) expect(after.find(topicHashes(text))).toBe(whole.find(topicHashes(text)))
    }),
  )
})

test('names are different, few, and those of settled clusters never change', () => {
  fc.assert(
    fc.property(texts, (all) => {
      const clusters = new TopicClusters(settings)
      const settled = new Map<number, string | undefined>()
      const counts = new Map<number, number>()
      for (const text of all) {
        const joined = join(clusters, text)
        for (const id of counts.keys()) if (clusters.placeOf(id) === undefined) counts.delete(id)
        if (joined !== undefined) counts.set(joined.cluster, (counts.get(joined.cluster) ?? 0) + 1)
        const names = [...counts.keys()].map((id) => nameOf(clusters, id))
        expect(names.every((name) => name !== undefined && name !== '' && name !== 'other')).toBe(true)
        expect(new Set(names).size).toBe(names.length)
        expect(names.length).toBeLessThanOrEqual(settings.most)
        for (const [id, name] of settled) expect(nameOf(clusters, id)).toBe(name)
        for (const [id, count] of counts) if (count >= settings.settledAfter) settled.set(id, nameOf(clusters, id))
      }
    }),
  )
})
