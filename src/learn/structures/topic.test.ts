import { expect, test } from 'vitest'
import { topicOf } from './topic.ts'

const wordsOf = (text: string): string[] => topicOf(text).map(({ word }) => word)

test('is the words that carry a topic, each once, as they were written', () => {
  expect(wordsOf('Please cancel my orders and refund the order; I’m WAITING!')).toEqual(['cancel', 'orders', 'refund', 'waiting'])
  expect(topicOf('refunds').map(({ hash }) => hash)).toEqual(topicOf('Refund').map(({ hash }) => hash))
})

test('is pairs of characters in scripts without spaces', () => {
  const [left, right] = [wordsOf('取消我的订单'), wordsOf('请取消订单')]
  expect(left.filter((word) => right.includes(word))).toEqual(['取消', '订单'])
})

test('is nothing where there is no word', () => {
  for (const text of ['', '?!', ' \n', '\ud800', 'what is it', "I'm what's"]) expect(wordsOf(text)).toEqual([])
})

test('is bounded', () => {
  expect(topicOf(Array.from({ length: 5_000 }, (_, place) => `word${place}`).join(' '))).toHaveLength(32)
  expect(topicOf('取消我的订单'.repeat(500) + Array.from({ length: 100 }, (_, place) => String.fromCodePoint(0x4e00 + place)).join('')).length).toBeLessThanOrEqual(32)
})
