import type { Schema } from '../../agents/data-assistant/database/schema.ts'
import { bold, counted, dim, hardSpace, wrapped } from '../text.ts'
import { comparisonChart } from './chart.ts'
import type { StreamQuestion } from './stream.ts'
import type { Comparison, Summary } from './summary.ts'
import { tenthsTable } from './tables.ts'

export interface Page {
  readonly name: string
  readonly questions: readonly StreamQuestion[]
  readonly schema: Schema
  /** What is special about the stream, in a sentence. */
  readonly note?: string
  /** Where it learns. */
  readonly file: string
  /** Right answers it knows from earlier runs. */
  readonly known: number
  /** True when the file was made for this run. */
  readonly temporary: boolean
}

const percent = (share: number): string => `${Math.round(share * 100)}${hardSpace}%`

/** With fewer, a tenth has less than ten questions, and chance outweighs what was learned. */
const enoughQuestions = 100

/** What is about to happen. */
export const introductionText = ({ name, questions, schema, note, file, known }: Page): string => {
  const tables = new Set(schema.columns.map(({ table }) => table)).size
  const unanswerable = questions.filter(({ sql }) => sql === null).length
  const facts = [
    ['database', `${name}, ${counted(tables, 'table')}`],
    ['questions', `${counted(questions.length, 'question')}${unanswerable === 0 ? '' : `; to ${unanswerable} of them the data hold no answer`}`],
    ['learns in', file],
    ['knows', known === 0 ? 'nothing yet' : `${counted(known, 'answer')} from earlier runs, perhaps to these very questions`],
  ] as const
  return [
    bold('Autodidact: an agent that answers questions about a database, and learns'),
    '',
    ...facts.map(([label, value]) => `  ${dim(label.padEnd(10))} ${value}`),
    '',
    wrapped(
      'A simulated user asks one question after the other, compares the rows of each answer with the right ones, and gives the right query wherever the answer ' +
        'was wrong or missing. The same questions go to an assistant that never learns.' +
        (unanswerable === 0 ? '' : ' Where the data hold no answer, "I don\'t know" is right.') +
        (questions.length < enoughQuestions ? ` So few questions show little: a curve takes ${enoughQuestions} or more.` : '') +
        (note === undefined ? '' : ` ${note}`),
    ),
    '',
  ].join('\n')
}

const neverAnswered = (mean: number): string => `It never gave an answer${mean === 0 ? '' : ', which is right only where the data hold none'}.`

/** How one assistant did, in words. */
const inWords = ({ questions, mean, wrong, unknown, precision }: Summary): string => {
  const shares = `${percent(mean)} right, ${percent(wrong)} wrong, ${percent(unknown)} "I don't know" although there was an answer`
  return `Of ${counted(questions, 'question')}: ${shares}. ${precision === null ? neverAnswered(mean) : `When it gave an answer, it was right in ${percent(precision)}.`}`
}

const milliseconds = (value: number): string => (value < 10 ? value.toFixed(1) : String(Math.round(value)))

/** The tenths without those that have no question: a chart needs ten. */
const complete = (shares: readonly (number | null)[]): readonly number[] | undefined => {
  const present = shares.filter((share) => share !== null)
  return present.length === shares.length ? present : undefined
}

/** What happened: the numbers as a table, the course as a chart, and both in words. */
export const summaryText = ({ file, temporary, questions }: Page, comparison: Comparison): string => {
  const { learning, baseline, leftOut, interrupted } = comparison
  const asked = learning.questions + leftOut
  const course = complete(learning.tenths)
  const baselineCourse = complete(baseline.tenths)
  return [
    ...(interrupted ? [`Stopped after ${asked} of ${questions.length} questions. What it learned is saved.`, ''] : []),
    ...(learning.questions === 0 ? [] : [bold('What became of the questions, in percent'), '', tenthsTable(comparison), '']),
    ...(course === undefined || baselineCourse === undefined ? [] : [bold('Right answers in each tenth of the stream, in percent'), '', comparisonChart(course, baselineCourse), '']),
    ...(learning.questions === 0
      ? []
      : [
          wrapped(`With learning. ${inWords(learning)}`),
          '',
          wrapped(`Without. ${inWords(baseline)}`),
          '',
          wrapped(
            `Time for a question: ${milliseconds(learning.medianMs)} ms (median; one in twenty takes more than ${milliseconds(learning.p95Ms)} ms), ` +
              `without learning ${milliseconds(baseline.medianMs)} ms. Learning from the reaction to it: ${milliseconds(learning.learningMedianMs)} ms.`,
          ),
          '',
        ]),
    ...(leftOut === 0 ? [] : [wrapped(`${counted(leftOut, 'question')} left out: the query that should give the right answer fails.`), '']),
    `Learned in ${file}`,
    temporary ? `The next run continues there with --file ${file}` : 'The next run on this file starts from there.',
    '',
  ].join('\n')
}
