import { type Command, Option } from 'commander'
import type { Correction, DataAnswer } from '../../agents/data-assistant/assistant.ts'
import { readableQuery } from '../../agents/data-assistant/database/sql.ts'
import { addCommand, addExperience, type FileOptions } from '../command.ts'
import { learnedBeside } from '../learned-beside.ts'
import { defined } from '../option-values.ts'
import { print } from '../perform.ts'
import { answerLines, resultText } from '../demo/answer.ts'
import { encryptionIn } from '../secret.ts'
import { dim, printWarnings, wrapped } from '../text.ts'

interface Options extends Omit<FileOptions, 'file'> {
  readonly file?: string
  readonly db: string
  readonly correct?: string
  readonly user?: string
}

const learnedText = ({ result }: Correction): string => ['', '  Learned. It returns:', resultText(result)].join('\n')

const teachText = ({ run, guess }: DataAnswer): string =>
  dim(wrapped(`Teach it: the same command with --correct ${guess === undefined ? "'SELECT …'" : `"${readableQuery(guess)}"`}. Run ${run}`, 2))

export const addAsk = (program: Command): void => {
  const command = addCommand(program, {
    usage: 'ask <question>',
    summary: 'Ask the data assistant about a database',
    description: 'Answer a question about a SQLite database, which is only read. The assistant starts\nknowing nothing; --correct teaches it.',
    examples: [
      "autodidact ask 'How many people live in Bergen?' --db towns.sqlite",
      `autodidact ask 'How many people live in Bergen?' --db towns.sqlite \\\n--correct "SELECT people FROM city WHERE name = 'Bergen'"`,
    ],
  })
    .requiredOption('--db <file>', 'the database to ask about')
    .option('--correct <sql>', 'the right query for this question; it is tried, and learned')
    .option('--user <name>', 'who asks and corrects')
  addExperience(command, new Option('-f, --file <path>', 'where it learns (default: beside the database, in FILE.learned.db)'))
    .action(async (question: string, { db, file = learnedBeside(db), namespace, correct, user, keyFile, passphraseFile, ...options }: Options) => {
      const encryption = await encryptionIn(defined({ keyFile, passphraseFile }))
      const { withAssistant } = await import('../assistant.ts')
      const { answer, correction } = await withAssistant({ database: db, file, namespace, ...defined({ encryption, user }) }, async ({ assistant }) => {
        const given = await assistant.ask(question)
        return { answer: given, correction: correct === undefined ? undefined : await assistant.correct(given.run, correct) }
      })
      printWarnings(answer.warnings)
      print(options, { ...answer, ...defined({ correction }), file }, () => {
        return [...answerLines(answer), correction === undefined ? teachText(answer) : learnedText(correction)].join('\n')
      })
    })
}
