import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { bench } from './errors.bench.ts'
import { execute } from './harness/execute.ts'

const folder = mkdtempSync(join(tmpdir(), 'autodidact-errors-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fields = z.object({ accuracy: z.number(), unseen: z.number(), falseOffers: z.number(), accuracyOfAll: z.number(), errors: z.number(), answerable: z.number(), withoutText: z.number() })

const row = (rule: string, command: string, error: string, label = 'match'): string => JSON.stringify({ rule, command, error_output: error, fixes: label === 'match' ? [`fixed ${command}`] : null, label })

test('each error is asked for without having been learned; negatives and errors without a second of their kind count as they should', async () => {
  const rows = [
    ...['ada', 'eve', 'joe'].map((name) => row('upstream', 'git push', `fatal: the branch "${name}" has no upstream`)),
    ...['ada', 'eve'].map((name) => row('directory', `cat ${name}`, `cat: ${name}: is a directory`)),
    row('alone', 'make', 'nothing like it was ever seen'),
    row('silent', 'tar xf a.tar', ''),
    row('upstream', 'ls', 'wholly other words here', 'no_match'),
    row('silent', 'tar tf a.tar', '', 'no_match'),
  ]
  writeFileSync(join(folder, 'errors.jsonl'), rows.join('\n'))
  const { result, table } = await execute(bench, { data: folder })
  expect(fields.parse(result)).toEqual({ accuracy: 1, unseen: 1, falseOffers: 0, accuracyOfAll: 5 / 6, errors: 6, answerable: 5, withoutText: 1 })
  expect(table.rows.length).toBeGreaterThan(5)
})
