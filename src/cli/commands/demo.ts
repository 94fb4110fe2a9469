import type { Command } from 'commander'
import { AutodidactError } from '../../errors.ts'
import { addCommand } from '../command.ts'
import { parseCount, parsePositive } from '../option-values.ts'
import type { DemoOptions } from '../demo/run.ts'

export const addDemo = (program: Command): void => {
  addCommand(program, {
    usage: 'demo',
    summary: 'Watch an agent learn',
    description: 'Watch an agent learn: questions about a database, with a user who corrects it.',
    examples: ['autodidact demo', 'autodidact demo --data my-folder --file learned.db', 'autodidact demo --db my-own.sqlite'],
  })
    .option('--data <folder>', 'a folder with database.sqlite and questions.jsonl (question, sql; null where the data hold no answer)')
    .option('--db <file>', 'a database of your own, to talk about; without a terminal it reads lines from standard input')
    .option('--limit <n>', 'only the first questions', parsePositive)
    .option('--seed <n>', 'another shop; with --data another order of the questions', parseCount)
    .option('-f, --file <path>', 'where it learns; the same file again continues (default: with --db FILE in FILE.learned.db beside it, otherwise a new one)')
    .option('-n, --namespace <name>', 'the tenant or project to learn in', 'default')
    .addHelpText('after', '\nWithout --data and --db it generates a shop. In a terminal you can talk with\nthe assistant afterwards.\n')
    .action(async (options: DemoOptions) => {
      for (const other of ['data', 'limit', 'seed', 'json'] as const) {
        if (options.db !== undefined && options[other] !== undefined) throw new AutodidactError('INVALID_INPUT', `--db is a talk, without a stream of questions. Leave out --${other}.`)
      }
      const { runDemo } = await import('../demo/run.ts')
      return runDemo(options)
    })
}
