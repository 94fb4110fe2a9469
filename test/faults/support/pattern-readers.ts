import { analyzeDocument, analyzeQuery } from '../../../src/text/analyzer.ts'
import { foldedKey, ValueIndex } from '../../../src/agents/data-assistant/templates/values.ts'
import { Schema } from '../../../src/agents/data-assistant/database/schema.ts'
import { parseQuery, quoteValue, readableQuery, singleSelect, topLevelOrder } from '../../../src/agents/data-assistant/database/sql.ts'
import { questionKey } from '../../../src/agents/data-assistant/lessons.ts'
import { templateOf } from '../../../src/agents/data-assistant/templates/template.ts'
import { classifyError } from '../../../src/agents/execution/classify.ts'
import { nearestName } from '../../../src/text/nearest.ts'
import { printable, shortened, wrapped } from '../../../src/cli/text.ts'
import { shingleHashes, stripEchoes } from '../../../src/echo/echo.ts'
import { AutodidactError } from '../../../src/errors.ts'
import { described } from '../../../src/expect.ts'
import { flagsOf } from '../../../src/knowledge/flags.ts'
import { readableText } from '../../../src/knowledge/readable-text.ts'
import { parseRule } from '../../../src/knowledge/rule.ts'
import { episodeOf, Occurrences } from '../../../src/import/episode.ts'
import { similarities } from '../../../src/decide/similarity.ts'
import { featurize } from '../../../src/learn/features.ts'
import { errorTemplate, inputTerms, maskedText } from '../../../src/learn/structures/error-template.ts'
import { filledSteps, takenOver } from '../../../src/learn/structures/fix-slots.ts'
import { topicOf } from '../../../src/learn/structures/topic.ts'
import { context, name, task } from '../../../src/log/kinds/shared.ts'
import { createRedact, maskedPayload } from '../../../src/log/redact.ts'
import { clipToTokens, estimateTokens } from '../../../src/recall/budget.ts'
import { renderPrompt } from '../../../src/recall/prompt.ts'
import { runsOf, stems } from '../../../src/text/words.ts'
import { escaped } from '../../../src/report/html/markup.ts'
import { generalised } from '../../../src/workflows/slots.ts'

/**
 * Reads hostile texts with everything of `src` that looks for patterns in a text of somebody else's: `node pattern-readers.ts READER…` (default: all) writes one line
 * before each text that it reads, and ends. Whoever started it sees what it is at when no line comes any more.
 */

const schema = new Schema([{ name: 'city', columns: ['name', 'people'] }])
const values = await ValueIndex.read({ schema, query: async () => ({ columns: ['name'], rows: [['New York City'], ['a a'], ['1 111 111']], truncated: false }) })
const redact = createRedact({ email: true })

/** A literal of a query as long as the text, and the text as a question. */
const templated = (text: string): unknown => {
  const spans = values.parts(text.slice(0, 1_000)).flatMap((part) => ('span' in part ? [part.span] : []))
  return templateOf(parseQuery(`SELECT name FROM city WHERE name LIKE ${quoteValue(text)}`, schema), spans, schema, values)
}

/** By name; a refusal is an answer, too. */
export const readers: Readonly<Record<string, (text: string) => unknown>> = {
  'redact': (text) => redact(text, 'task'),
  'redact.payload': (text) => maskedPayload(redact, { [text.slice(0, 400)]: text, password: text }, 'response'),
  'names': (text) => [name.safeParse(text), task.safeParse(text), context.safeParse({ a: text })],
  'described': described,
  'words': (text) => [stems(text), runsOf(text)],
  'analyzer.document': analyzeDocument,
  'analyzer.query': analyzeQuery,
  'topic': topicOf,
  'features': (text) => featurize({ task: text, state: text.slice(0, 400) }),
  'similarities': (text) => similarities(text, [{ id: 'a', description: text }]),
  'tokens': (text) => [estimateTokens(text), clipToTokens(text, 100), clipToTokens(text, 1_000_000)],
  'prompt': (text) => renderPrompt([{ id: 'a', form: 'example', source: text, text, answer: text }], { tokens: 1_000_000 }),
  'echo': (text) => stripEchoes(text, () => true),
  'shingles': (text) => shingleHashes([text]),
  'error.template': (text) => errorTemplate(text, text),
  'error.masks': maskedText,
  'error.input': inputTerms,
  'error.slots': (text) => filledSteps(takenOver([{ action: 'a', input: `a ${text.slice(0, 2_000)}` }], { message: text, input: text }).slotted, { message: text, input: text }),
  'error.class': (text) => classifyError(new Error(text)),
  'knowledge.flags': (text) => [flagsOf(text), flagsOf(`ignore ${text}`), flagsOf(`you ${text}`)],
  'knowledge.rule': (text) => [parseRule(`[${text}`), parseRule(`[CORE_RULE|.5] ${text}`), readableText({ a: text })],
  'workflow.slots': (text) => generalised(['a'], [[{ action: 'a', input: text }], [{ action: 'a', input: `${text}b` }]]),
  'sql.statement': singleSelect,
  'sql.parse': (text) => parseQuery(`SELECT ${text}`, schema),
  'sql.readable': readableQuery,
  'sql.order': topLevelOrder,
  'question.key': questionKey,
  'question.values': (text) => values.parts(text),
  'question.inner': (text) => values.parts(`"${text}"`).map((part) => ('span' in part ? values.inner(part.span) : [])),
  'value.key': foldedKey,
  'query.template': templated,
  'episode': (text) => episodeOf(JSON.stringify({ task: text, steps: [{ action: text, error: text }] }), new Occurrences()),
  'page': escaped,
  'screen': (text) => [printable(text), shortened(text, 80), wrapped(text, 2, 80)],
  'nearest': (text) => nearestName(text, ['report', 'record']),
}

/** What is repeated, and what stands behind it so that a pattern that has come so far may fail. */
const repeated = [
  'a', 'A', '1', '_', '-', '.', '%', ' ', '\t', '\n', '\r', '\\', '"', "'", '`', '(', '[', '{', '<', '/', '@', ':', '=', '’', '\u0301', '\u200b', 'ก', '漢', '\u{1F9E0}',
  '1,', '1,111,', ',111', '1.', '1-', '1 ', '12-', 'a.', 'a@', 'a-', 'a_', 'aA', 'a1', "a'", 'a ', '" ', "''", '""', '\\"', '\\\\n', '\\u', '/*', '/* ', '--', '(SELECT ', '1 a ', '-- \n', '%a', '*/', '://', 'a:', 'a://', '\u001b[', '<a', '</', '<|',
  '-----BEGIN ', '-----BEGIN A', 'eyJ', 'eyJaaaaaaaa.', 'sk-', 'bearer ', 'password=', 'password: "', 'token\\"', '1234 ', '123-', 'at /a/b:1 ', '0x', 'SELECT ', '2020-01-01 ', 'a1.', 'é', 'or ',
]
const ends = ['', 'x', '!', '\n', '"', "'"]

const length = 80_000

if (import.meta.main) {
  const chosen = process.argv.slice(2)
  for (const [name, read] of Object.entries(readers)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue
    for (const piece of repeated) {
      // One end for each, in turn: all of them would take six times as long.
      const end = ends[repeated.indexOf(piece) % ends.length] ?? ''
      const text = piece.repeat(Math.ceil(length / piece.length)) + end
      process.stdout.write(`${JSON.stringify({ reader: name, piece, end })}\n`)
      try {
        read(text)
      } catch (error) {
        if (!AutodidactError.is(error)) throw error
      }
    }
  }
}
