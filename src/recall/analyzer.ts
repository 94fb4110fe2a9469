import { stemmer } from 'stemmer'

const word = /[\p{L}\p{N}]+(?:['’][\p{L}]+)*/gu

/** The words of a text, lower-cased, in order. */
export const words = (text: string): string[] => text.normalize('NFKC').toLowerCase().match(word) ?? []

/** The stem of one lower-cased word (Porter's algorithm for English; other words come back nearly as they are). */
export const stem = (value: string): string => stemmer(value)

/** The stems of a text, in order, stop words included. */
export const stems = (text: string): string[] => words(text).map(stem)

/** English words that carry no topic. Applied to queries only, never to what is stored. */
export const stopWords: ReadonlySet<string> = new Set(
  (
    'a about above after again against all am an and any are as at be because been before being below between both but by can could did do does ' +
    'doing down during each few for from further had has have having he her here hers herself him himself his how i if in into is it its itself ' +
    'just me more most my myself no nor not now of off on once only or other our ours ourselves out over own please same she should so some such than ' +
    'that the their theirs them themselves then there these they this those through to too under until up very was we were what when where which ' +
    'while who whom why will with would you your yours yourself yourselves'
  ).split(' '),
)
