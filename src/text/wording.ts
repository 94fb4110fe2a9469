import { prepare } from './words.ts'

/** Escapes of JSON text, once or twice escaped: they are no words. */
const escapes = /(?<!\\)\\+(?:[nrtbf"/]|u[0-9a-fA-F]{4})/g

/** Marks such as `<note>` and `</note>`, of which the name stays: the signs compare nothing. */
const mark = /(?:(?<![\p{L}\p{N}])<|<\/)(\p{L}[\p{L}\p{N}_-]{0,40})>/gu

/** What stands before a line and belongs to no sentence: signs of quotations and lists, numbers of lists. */
const beforeLine = /^(?:\s|[>•‣·]|\p{So}|\p{Emoji_Modifier}|\u200d|\ufe0f|[-+*#]{1,6}(?=\s)|\(?\d{1,3}[.)](?=\s))+/gmu

/** With its sign, its currency, what separates its digits, its unit and its percent: 1.5 is not 1,5, and 5 not -5. */
const number = String.raw`(?:(?<![\p{L}\p{N}])[-−~])?(?:\p{Sc}\s?)?\p{N}+(?:[.,:/-]\p{N}+)*[\p{L}\p{M}]*(?:\s?(?:[%‰]|\p{Sc}(?!\s?\p{N})))?`

/** With what programs take for a part of a name, as in "!ready", ".env", "a/b" and "C++". */
const word = String.raw`(?:(?<![\p{L}\p{N}.…!?])[!.](?=\p{L}))?[\p{L}\p{N}\p{M}]+(?:['’][\p{L}\p{M}]+)*(?:[./@_]+[\p{L}\p{N}\p{M}]+)*(?:\+\+|#(?![\p{L}\p{N}]))?`

/** Such as "==", "<", "&&" and "+"; a star, a dash or a slash only alone between blanks. Bounded, so that a row of signs is read once. */
const operator = String.raw`[=!<>]{0,2}=[=>]{0,2}|[<>]{1,3}|&{1,2}|\|\||\+{1,2}|(?<=\s)[*/^](?=\s)|[±×÷≈≠≤≥¬∧∨∈→←⇒]`

const token = new RegExp(`${number}|${word}|${operator}|\\p{So}`, 'gu')

/**
 * A text word by word, whatever its case, its line breaks, its quotation marks and what else only sets it off; with the signs that change what it says, so that "Use C++." is not "Use C.", nor "code != 5" the same as "code == 5".
 *
 * @returns in lower case, in order
 */
export const wording = (text: string): readonly string[] =>
  prepare(text.replaceAll(escapes, ' ')).toLowerCase().replaceAll(mark, ' $1 ').replaceAll(beforeLine, '').match(token) ?? []
