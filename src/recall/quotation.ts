import { clipToTokens } from './budget.ts'

/** How text of others stands in a prompt: as data that no line of can be taken for one of ours. */

/** Control, zero-width, direction, variation and tag characters: the usual way to hide text from a reader. Line breaks and tabs stay. */
const invisible = /[[\p{Cc}\p{Cf}\p{Variation_Selector}]--[\t\n\v\f\r\u0085]]/gv

const lineBreaks = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/u

/** Our own markers, in any spelling a lenient reader might take for them. */
const marker = /[<＜‹﹤](?=[\s/／]*(?:recalled|quoted-))/giu

/** The markers by which chat templates separate roles, such as `<|im_end|>`. */
const templateMarker = /<(?=\|)|\|(?=>)/gu

/** A text without characters that nobody sees. */
export const visible = (text: string): string => text.toWellFormed().replace(invisible, '')

const neutral = (text: string): string => visible(text).replace(marker, '(').replace(templateMarker, (found) => `${found} `)

/** Every line is quoted, so that no line of a text can pass for one of ours; what is longer than so many tokens is cut. */
export const quote = (label: string, text: string, tokens: number): string[] =>
  clipToTokens(neutral(text), tokens).split(lineBreaks).map((line, place) => `| ${place === 0 && label !== '' ? `${label}: ` : ''}${line}`)

/** Ids and sources stand in a line of ours: one line, no quotes, not longer than a name. */
export const quotedName = (text: string): string => `"${neutral(text.replaceAll(/[\s\u0085"\\]+/gu, ' ')).trim().slice(0, 80).toWellFormed()}"`
