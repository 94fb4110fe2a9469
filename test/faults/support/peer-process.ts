import { createInterface } from 'node:readline'
import { Autodidact, type AutodidactSettings } from '../../../src/autodidact.ts'
import { AutodidactError } from '../../../src/errors.ts'

/**
 * Another process at the same file: `node peer-process.ts FILE SETTINGS`. Answers each line of JSON on its standard input, a verb and its arguments, with a line of
 * JSON: the result, or the code and message of the error. The first answer is that of opening the file.
 */

const answer = async (work: () => Promise<unknown>): Promise<void> => {
  let line: object
  try {
    line = { result: (await work()) ?? null }
  } catch (error) {
    line = AutodidactError.is(error) ? { code: error.code, message: error.message } : { code: 'RAW', message: String(error) }
  }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

let autodidact: Autodidact | undefined
await answer(async () => {
  autodidact = await Autodidact.open(process.argv[2] ?? '', { seed: 1, ...(JSON.parse(process.argv[3] ?? '{}') as AutodidactSettings) })
})

const verbs: Readonly<Record<string, (opened: Autodidact, args: readonly never[]) => Promise<unknown>>> = {
  advise: (opened, [task = '' as never, settings]) => opened.advise(task, settings),
  decide: (opened, [point = '' as never, options = [] as never]) => opened.decide(point, options),
  recall: (opened, [text = '' as never]) => opened.recall(text),
  record: (opened, [input = {} as never]) => opened.record(input),
  feedback: (opened, [run = '' as never, input = 'up' as never, settings]) => opened.feedback(run, input, settings),
  remember: (opened, [content = '' as never]) => opened.remember(content),
  explain: (opened, [id = '' as never]) => opened.explain(id),
  report: (opened) => opened.report(),
  export: async (opened) => {
    const kinds: string[] = []
    for await (const { kind } of opened.export()) kinds.push(kind)
    return kinds
  },
  forget: (opened, [selector = {} as never]) => opened.forget(selector),
  close: (opened) => opened.close(),
}

if (autodidact !== undefined) {
  for await (const line of createInterface({ input: process.stdin })) {
    const [verb, ...args] = JSON.parse(line) as [string, ...never[]]
    const opened = autodidact
    await answer(async () => verbs[verb]?.(opened, args))
  }
}
