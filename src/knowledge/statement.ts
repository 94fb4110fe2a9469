import { stem, stopWords, words } from '../text/words.ts'

/** What a text is about, and whether it is for or against it. */
export interface Statement {
  /** Stems of the words that carry a topic. */
  readonly terms: ReadonlySet<string>
  /** True where it says no an odd number of times. */
  readonly isNegative: boolean
}

const negations: ReadonlySet<string> = new Set([
  'not', 'no', 'never', 'none', 'nor', 'cannot', 'cant', 'dont', 'doesnt', 'wont', 'isnt', 'arent', 'mustnt', 'shouldnt', 'without', 'avoid', 'stop', 'off',
  'nicht', 'nie', 'niemals', 'kein', 'keine', 'keinen', 'keiner', 'ohne',
])

/** Words that turn a statement round, and the word that says the opposite. */
const opposites: ReadonlyMap<string, string> = new Map(
  [
    ['disable', 'enable'], ['disabled', 'enabled'], ['forbid', 'allow'], ['forbidden', 'allowed'], ['deny', 'allow'], ['denied', 'allowed'], ['prohibited', 'allowed'], ['reject', 'accept'], ['rejected', 'accepted'],
    ['decrease', 'increase'], ['lower', 'raise'], ['exclude', 'include'], ['hide', 'show'], ['false', 'true'], ['wrong', 'right'], ['incorrect', 'correct'], ['invalid', 'valid'], ['unsafe', 'safe'], ['bad', 'good'],
    ['worst', 'best'], ['slow', 'fast'], ['slower', 'faster'], ['optional', 'required'], ['hate', 'like'], ['hates', 'likes'], ['dislike', 'like'], ['dislikes', 'likes'],
  ].map(([word = '', opposite = '']) => [word, opposite]),
)

/** Words that say how much, and nothing of what. */
const emphasis: ReadonlySet<string> = new Set(['always', 'must', 'should', 'shall', 'use', 'using', 'please', 'ensure', 'sure', 'every', 'ever', 'immer', 'muss', 'soll'])

/** Only the beginning of a long text is looked at. */
const longest = 20_000

export const statementOf = (text: string): Statement => {
  const terms = new Set<string>()
  let turns = 0
  for (const word of words(text.slice(0, longest))) {
    const plain = word.replaceAll(/['’]/g, '')
    const opposite = opposites.get(plain)
    if (negations.has(plain) || opposite !== undefined || plain.endsWith('nt') && word !== plain) turns += 1
    if (negations.has(plain) || stopWords.has(word) || emphasis.has(plain) || (plain.endsWith('nt') && word !== plain)) continue
    terms.add(stem(opposite ?? plain))
  }
  return { terms, isNegative: turns % 2 === 1 }
}
