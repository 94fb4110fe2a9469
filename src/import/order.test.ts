import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Dated, inOrder } from './order.ts'

interface Item extends Dated {
  readonly place: number
}

const items = fc.array(fc.record({ at: fc.option(fc.nat(50), { nil: undefined }), size: fc.integer({ min: 1, max: 5 }) }), { maxLength: 40 }).map((list) => list.map((one, place): Item => ({ ...one, place })))

async function* read(list: readonly Item[], failsWith?: Error): AsyncGenerator<Item> {
  for (const item of list) yield await Promise.resolve(item)
  if (failsWith !== undefined) throw failsWith
}

const collect = async (list: readonly Item[], most?: number): Promise<Item[]> => {
  const collected: Item[] = []
  for await (const item of inOrder(read(list), most)) collected.push(item)
  return collected
}

test('what fits is sorted; what has no date stays behind the one before it', async () => {
  await fc.assert(
    fc.asyncProperty(items, async (list) => {
      let latest = -Infinity
      const expected = list.map((item) => ({ item, at: (latest = item.at ?? latest) })).toSorted((left, right) => left.at - right.at)
      expect(await collect(list)).toEqual(expected.map(({ item }) => item))
    }),
  )
})

test('in any bounds nothing is lost or doubled', async () => {
  await fc.assert(
    fc.asyncProperty(items, fc.integer({ min: 0, max: 40 }), async (list, most) => {
      const places = (await collect(list, most)).map(({ place }) => place)
      expect(places.toSorted((left, right) => left - right)).toEqual(list.map(({ place }) => place))
    }),
  )
})

test('no more is held back than the bounds allow', async () => {
  let [read, written] = [0, 0]
  const counted = async function* (): AsyncGenerator<Item> {
    for (; read < 500; read += 1) {
      // Half goes out at a time, and one more is read before.
      expect(read - written).toBeLessThanOrEqual(101)
      yield await Promise.resolve({ place: read, at: -read, size: 1 })
    }
  }
  for await (const item of inOrder(counted(), 100)) written += item.size
  expect(written).toBe(500)
})

test('a disorder smaller than the bounds is put right in a list larger than they are', async () => {
  const list = Array.from({ length: 1000 }, (_, place): Item => ({ place, at: place - (place % 7) * 3, size: 1 }))
  const times = (await collect(list, 100)).map(({ at }) => at ?? Number.NaN)
  expect(times).toEqual(times.toSorted((left, right) => left - right))
})

test('what came before the source failed still comes, in order', async () => {
  const got: number[] = []
  const failure = new Error('the network is gone')
  const list = [3, 1, 2].map((at, place) => ({ at, place, size: 1 }))
  await expect((async () => { for await (const { at } of inOrder(read(list, failure))) got.push(at ?? 0) })()).rejects.toBe(failure)
  expect(got).toEqual([1, 2, 3])
})
