import { stem } from '../text/words.ts'

// The only list of opposites that there is: what may be merged, and what contradicts, are told by the same words.

/**
 * What opposites are to each other. `turning`: the second says no to what the first says, and whoever says it says no, also where nobody says the first. `contrary`: of one thing only one holds; whoever says neither takes no
 * side. `other`: one is not the other, and both may hold.
 */
type Opposition = 'turning' | 'contrary' | 'other'

/** On which side of which opposition a word stands. */
export interface Side {
  readonly kind: Opposition
  /** Names the opposition. */
  readonly between: string
  /** `+` for the first side, `-` for the second. */
  readonly side: '+' | '-'
  /** The stem by which both sides are about the same; undefined where they are not. */
  readonly topic: string | undefined
}

/** Both sides of each, with other words for the same. */
const opposites: Readonly<Record<Opposition, readonly (readonly [one: string, other: string])[]>> = {
  turning: [
    ['enable', 'disable deactivate'], ['allow', 'forbid forbidden deny prohibit ban disallow'], ['accept', 'reject refuse decline'], ['include', 'exclude'], ['show shown', 'hide hidden'],
    ['increase', 'decrease reduce'], ['raise', 'lower'], ['true', 'false'], ['right', 'wrong'], ['correct', 'incorrect'], ['valid', 'invalid'], ['safe', 'unsafe'], ['secure', 'insecure'],
    ['possible', 'impossible'], ['supported', 'unsupported'], ['good', 'bad'], ['best', 'worst'], ['better', 'worse'], ['fast', 'slow'], ['faster', 'slower'], ['required', 'optional'], ['like', 'hate dislike'],
  ],
  contrary: [
    ['before', 'after'], ['above over', 'below under'], ['more', 'less fewer'], ['most', 'least fewest'], ['maximum', 'minimum'], ['up', 'down'], ['all every', 'some'], ['everybody everyone', 'nobody'], ['manually', 'automatically'],
    ['vor', 'nach'], ['über', 'unter'], ['mehr', 'weniger'],
  ],
  other: [
    ['first', 'last'], ['start begin', 'end finish'], ['new', 'old'], ['newest latest', 'oldest'], ['early', 'late'], ['earlier', 'later'], ['high', 'low'], ['higher', 'lower'], ['many', 'few'], ['inside within', 'outside'],
    ['left', 'right'], ['plus', 'minus'], ['positive', 'negative'], ['odd', 'even'], ['public', 'private'], ['internal', 'external'], ['synchronous', 'asynchronous'], ['ascending', 'descending'], ['success', 'failure'], ['pass', 'fail'],
    ['push', 'pull'], ['open', 'close'], ['add', 'remove'], ['create', 'delete'], ['read', 'write'], ['import', 'export'], ['upload', 'download'], ['encrypt', 'decrypt'], ['lock', 'unlock'], ['mount', 'unmount'],
    ['install', 'uninstall'], ['upgrade', 'downgrade'], ['buy', 'sell'], ['send', 'receive'],
  ],
}

const sidesOf = (kind: Opposition): (readonly [word: string, Side])[] =>
  opposites[kind].flatMap((pair) => {
    const between = pair.join(' / ')
    const topic = kind === 'other' ? undefined : stem(pair[0].split(' ')[0] ?? '')
    return pair.flatMap((words, place) => words.split(' ').map((word) => [stem(word), { kind, between, topic, side: place === 0 ? '+' : '-' }] as const))
  })

const sides: ReadonlyMap<string, readonly Side[]> = new Map(
  [...Map.groupBy((['turning', 'contrary', 'other'] as const).flatMap(sidesOf), ([word]) => word)].map(([word, found]) => [word, found.map(([, side]) => side)]),
)

/**
 * Where a word stands.
 *
 * @param word in lower case; its forms are known by their stem
 */
export const sidesIn = (word: string): readonly Side[] => sides.get(stem(word)) ?? []

/** Words that say no. */
export const negations: ReadonlySet<string> = new Set([
  'not', 'no', 'never', 'none', 'nor', 'cannot', 'cant', 'dont', 'doesnt', 'wont', 'isnt', 'arent', 'mustnt', 'shouldnt', 'without', 'avoid', 'stop', 'off',
  'nicht', 'nie', 'niemals', 'kein', 'keine', 'keinen', 'keiner', 'ohne',
])

const units: ReadonlyMap<string, string> = new Map(
  [
    'ms millisecond milliseconds', 's sec secs second seconds', 'min mins minute minutes', 'h hour hours', 'day days', 'week weeks', 'month months', 'year years', '% percent', '€ eur euro euros', '$ usd dollar dollars', '£ gbp pound pounds',
    'byte bytes', 'bit bits', 'kb kib', 'mb mib', 'gb gib', 'tb tib', 'mm', 'cm', 'm meter meters metre metres', 'km', 'mile miles', 'mg', 'g', 'kg', '°c', '°f', 'degree degrees', 'x times time',
    'sekunde sekunden', 'minute minuten', 'stunde stunden', 'tag tage', 'woche wochen', 'monat monate', 'jahr jahre', 'prozent',
  ].flatMap((names) => names.split(' ').map((name): [string, string] => [name, names.split(' ')[0] ?? name])),
)

const numerals = 'zero one two three four five six seven eight nine ten eleven twelve twenty thirty fifty hundred thousand million once twice thrice half double'.split(' ')

const anyOf = (names: readonly string[]): string => names.toSorted((left, right) => right.length - left.length).map((name) => name.replaceAll('$', '\\$')).join('|')

const quantity = new RegExp(
  `(?:([€$£])\\s?)?((?<![\\p{L}\\p{N}])[-−])?(\\d+(?:[.,:]\\d+)*|(?<![\\p{L}\\p{N}])(?:${anyOf(numerals)})(?![\\p{L}\\p{N}]))(?:\\s{0,2}(${anyOf([...units.keys()])})(?![\\p{L}\\p{N}]))?`,
  'gu',
)

/**
 * How much a text speaks of, one number behind another with its unit: what has other numbers, or other units, says something else.
 *
 * @param text in lower case
 */
export const quantitiesIn = (text: string): string =>
  Array.from(text.matchAll(quantity), ([, before = '', sign = '', number = '', behind = '']) => `${sign === '' ? '' : '-'}${number.replaceAll(',', '.')}${units.get(before) ?? units.get(behind) ?? ''}`).join(' ')
