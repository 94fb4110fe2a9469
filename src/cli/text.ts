import { styleText } from 'node:util'
import type { Advice } from '../advise/advise.ts'
import type { Item } from '../recall/item.ts'

/** Never wider than 80 columns, so that lines stay readable; a terminal that does not know its own width says 0. */
export const screenWidth = (): number => Math.min(80, process.stdout.columns || 80)

/** Colours only for a terminal that has them, and not where NO_COLOR is set: Node looks at both. */
const styled = (style: Parameters<typeof styleText>[0]) => (value: string): string => styleText(style, value, { stream: process.stdout, validateStream: true })

export const bold = styled('bold')
export const dim = styled('dim')
export const green = styled('green')

/** A text that came from elsewhere, without the control characters by which it could change the screen. */
export const printable = (value: string): string => value.replaceAll(/[\p{Cc}\p{Cf}]+/gu, ' ')

/** One line of at most `width` characters. */
export const shortened = (value: string, width: number): string => {
  const line = printable(value).replaceAll(/\s+/g, ' ').trim()
  if (line.length <= width) return line
  const characters = Array.from(new Intl.Segmenter().segment(line), ({ segment }) => segment)
  return characters.length <= width ? line : `${characters.slice(0, Math.max(1, width - 1)).join('')}…`
}

/** Longer ids are cut on a terminal; those that are made here never are. */
const longestId = 60

/** An id as it can be passed on: whole where a program may read it, and also on a terminal unless it is very long. */
export const shownId = (id: string): string => (process.stdout.isTTY ? shortened(id, longestId) : printable(id))

/** A number with what it counts. */
export const counted = (count: number, one: string, many = `${one}s`): string => `${count.toLocaleString('en')} ${count === 1 ? one : many}`

/** A space at which no line is broken. */
export const hardSpace = '\u00a0'

/** Lines of at most `width` characters, broken between words, each after `indent` spaces. */
export const wrapped = (value: string, indent = 0, width = screenWidth()): string => {
  const lines: string[] = []
  let line = ''
  for (const word of value.split(/[ \n\t]+/).filter((part) => part !== '')) {
    if (line !== '' && indent + line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line].map((each) => `${' '.repeat(indent)}${each}`).join('\n')
}

/** A JSON value as a person reads it: text as it is. */
export const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Recalled items, the best first, one below the other. */
export const itemsText = (items: readonly Item[]): string =>
  items
    .map((item, at) => {
      const rank = String(at + 1).padStart(2)
      const answer = item.content ?? (item.response === undefined ? item.takeaway : asText(item.response))
      return [
        `${rank}  ${bold(shortened(item.task === '' ? (item.content ?? '') : item.task, screenWidth() - 4))}`,
        ...(answer === undefined || item.task === '' ? [] : [wrapped(`→ ${shortened(answer, 400)}`, 4)]),
        ...(item.error === undefined ? [] : [wrapped(`✗ ${shortened(item.error, 400)}`, 4)]),
        dim(wrapped(`${item.kind}, score ${item.score.toFixed(2)}: ${item.reason}`, 4)),
        dim(`    ${item.id}`),
      ].join('\n')
    })
    .join('\n\n')

/** What did not work, on standard error: the result itself stays clean. */
export const printWarnings = (warnings: Advice['warnings']): void => {
  for (const { code, message } of warnings) process.stderr.write(`Warning ${code}: ${message}\n`)
}
