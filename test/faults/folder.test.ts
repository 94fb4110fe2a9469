import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Autodidact } from '../../src/autodidact.ts'
import { seededRandom } from '../../src/decide/random.ts'
import { Peer } from './support/peer.ts'
import { codeOf, temporaryFolder } from './support/temporary.ts'
import { program } from '../support/programs.ts'

/** The store in a folder, when processes die, meet, and somebody else touches the files. */

const folder = temporaryFolder()
const log = (name: string): string => join(folder, name, 'data', 'default.jsonl')

const ids = async (autodidact: Autodidact): Promise<string[]> => {
  const found: string[] = []
  for await (const fact of autodidact.export()) found.push(fact.id)
  return found
}

const filled = async (name: string, runs = 3): Promise<string> => {
  const path = join(folder, `${name}/`)
  const autodidact = await Autodidact.open(path)
  for (let number = 0; number < runs; number += 1) await autodidact.record({ run: `r${number}`, task: `Count the orders of day ${number}`, success: true })
  await autodidact.close()
  return path
}

interface Kill {
  /** Of the first run. */
  readonly first: number
  readonly megabytes?: number
  readonly forgetting?: boolean
  /** Waits for the moment, once something was confirmed. */
  readonly moment: () => Promise<void>
}

/** A writer in another process that is killed; what it said before. */
const killedWriting = async (path: string, { first, megabytes = 1, forgetting = false, moment }: Kill): Promise<string[]> => {
  const child = spawn(process.execPath, [program('folder-writer'), path, String(first), String(megabytes)], { stdio: ['pipe', 'pipe', 'inherit'] })
  const said: string[] = []
  const lines = createInterface({ input: child.stdout })
  const closed = new Promise((resolve) => lines.once('close', resolve))
  const begun = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      said.push(line)
      if (line.startsWith('ack ')) resolve()
    })
  })
  await Promise.race([begun, closed])
  child.stdin.on('error', () => undefined)
  if (forgetting) child.stdin.write('forget\n')
  await moment()
  child.kill('SIGKILL')
  await closed
  return said
}

/** The moment at which a file begins to grow. */
const growing = (path: string) => async (): Promise<void> => {
  const { size } = statSync(path)
  for (const end = performance.now() + 20_000; statSync(path).size === size && performance.now() < end; ) continue
}

test('a writer is killed in the middle of large writes, again and again: nothing confirmed is lost, and the next one goes on', async () => {
  const path = join(folder, 'killed/')
  const random = seededRandom(3)
  const acknowledged = new Set<string>()
  let torn = 0
  let rounds = 0
  // Until one kill at least came at a bad moment: how many it takes depends on the machine.
  for (; rounds < 6 || (torn === 0 && rounds < 50); rounds += 1) {
    const kill = rounds % 2 === 0 ? { moment: () => sleep(random() * 30) } : { moment: growing(log('killed')), megabytes: 24 }
    for (const line of await killedWriting(path, { first: rounds * 1_000, ...kill })) if (line.startsWith('ack ')) acknowledged.add(line.slice(4))
    if (readFileSync(log('killed')).at(-1) !== 0x0a) torn += 1
  }
  const autodidact = await Autodidact.open(path)
  const found = await ids(autodidact)
  expect(acknowledged.size).toBeGreaterThanOrEqual(rounds)
  expect([...acknowledged].filter((id) => !found.includes(id))).toEqual([])
  expect(new Set(found).size).toBe(found.length)
  const whole = new Set(Array.from({ length: rounds * 1_000 }, (_, number) => `run-${number}`))
  expect(found.filter((id) => !whole.has(id))).toEqual([])
  await autodidact.close()
  // Otherwise this test has tested nothing.
  expect(torn).toBeGreaterThan(0)
})

test('a writer is killed while it erases: what it was told is gone is gone, from all files, and the rest is there', async () => {
  const path = join(folder, 'forgetting/')
  const random = seededRandom(4)
  for (let round = 0; round < 6; round += 1) {
    const said = await killedWriting(path, { first: round * 1_000, forgetting: true, moment: () => sleep(random() * 60) })
    const wordsOf = (word: string): string[] => said.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1))
    const [acknowledged, begun, forgot] = [wordsOf('ack'), wordsOf('forgetting'), wordsOf('forgot')]
    const autodidact = await Autodidact.open(path)
    const found = await ids(autodidact)
    expect(forgot.filter((id) => found.includes(id))).toEqual([])
    expect(acknowledged.filter((id) => !begun.includes(id) && !found.includes(id))).toEqual([])
    await autodidact.close()
    const left = readdirSync(join(path, 'data')).map((name) => readFileSync(join(path, 'data', name), 'latin1')).join('\n')
    expect(forgot.filter((id) => left.includes(`text of ${id},`))).toEqual([])
    expect(readdirSync(join(path, 'data')).filter((name) => name.endsWith('.next'))).toEqual([])
  }
})

test('a last line that ends at any byte is as if it had never been written', async () => {
  await filled('torn')
  const whole = readFileSync(log('torn'))
  const lastLine = whole.lastIndexOf('\n', whole.length - 2) + 1
  for (let length = lastLine; length < whole.length; length += 3) {
    writeFileSync(log('torn'), whole.subarray(0, length))
    const reader = await Autodidact.open(join(folder, 'torn'), { readOnly: true })
    expect(await ids(reader)).toEqual(['r0', 'r1'])
    await reader.close()
    if (length % 4 !== 0) continue
    const writer = await Autodidact.open(join(folder, 'torn'))
    await writer.record({ run: 'next', task: 'Count the orders of today', success: true })
    await writer.close()
    const again = await Autodidact.open(join(folder, 'torn'))
    expect(await ids(again)).toEqual(['r0', 'r1', 'next'])
    expect((await again.recall('orders of today')).items.map(({ id }) => id)).toContain('next')
    await again.close()
  }
})

test('a folder whose first line was never finished is an empty one', async () => {
  await filled('beginning', 1)
  const whole = readFileSync(log('beginning'))
  for (let length = 0; length <= whole.indexOf('\n'); length += 3) {
    writeFileSync(log('beginning'), whole.subarray(0, length))
    const autodidact = await Autodidact.open(join(folder, 'beginning'))
    expect(await ids(autodidact)).toEqual([])
    await autodidact.record({ run: 'first', task: 'Count', success: true })
    expect(await ids(autodidact)).toEqual(['first'])
    await autodidact.close()
  }
})

test('a line that was changed is told by its number, whichever byte it is, and nothing is written', async () => {
  await filled('changed')
  const whole = readFileSync(log('changed'))
  const end = whole.lastIndexOf('\n', whole.length - 2)
  for (let place = 0; place < end; place += 11) {
    const content = Buffer.from(whole.toString('latin1'), 'latin1')
    if (content[place] === 0x0a) continue
    content[place] = (content[place] ?? 0) ^ 1
    writeFileSync(log('changed'), content)
    const opened = await Autodidact.open(join(folder, 'changed'))
    const failed: unknown = await opened.record({ run: 'new', task: 'Count', success: true }).catch((error: unknown) => error)
    expect([place, failed]).toEqual([place, expect.objectContaining({ code: 'CORRUPT', message: expect.stringMatching(/line/) })])
    const advice = await opened.advise('Count', { choices: { tool: ['a', 'b'] } })
    expect(advice.logged).toBe(false)
    await opened.close()
    expect(readFileSync(log('changed')).equals(content)).toBe(true)
  }
})

const live = async (autodidact: Autodidact, first: number, runs: number, good: string): Promise<void> => {
  for (let number = first; number < first + runs; number += 1) {
    const { option } = await autodidact.decide('tool', ['sql', 'web'], { task: 'Count', state: 'asked', run: `r${number}` })
    await autodidact.record({ run: `r${number}`, task: 'Count', success: option === good })
  }
}

describe('a log that lost its last lines', () => {
  const settings = { seed: 1, points: { tool: { policy: 'q-learning' } } } as const

  /** Saved at its end, and then without the second half of its lines. */
  const cut = async (name: string): Promise<string> => {
    const path = join(folder, `${name}/`)
    const autodidact = await Autodidact.open(path, settings)
    await live(autodidact, 0, 30, 'sql')
    await autodidact.persistence.getQTable('tool')
    await autodidact.keep('mine@1', async () => ({ ...(await autodidact.head()), bytes: Buffer.from('mine') }))
    await autodidact.close()
    const lines = readFileSync(log(name), 'utf8').split('\n')
    writeFileSync(log(name), [...lines.slice(0, lines.length / 2), ''].join('\n'))
    return path
  }

  const withoutSnapshots = async (path: string, autodidact: Autodidact) => {
    await autodidact.close()
    const data = join(path, 'data')
    for (const name of readdirSync(data)) if (name.endsWith('.snapshot')) rmSync(join(data, name))
    const folded = await Autodidact.open(path, settings)
    const table = await folded.persistence.getQTable('tool')
    await folded.close()
    return table
  }

  test('is learned as it is, whatever was saved of the lost ones, and goes on learning', async () => {
    const path = await cut('cut')
    const autodidact = await Autodidact.open(path, settings)
    expect(await autodidact.kept('mine@1')).toBeUndefined()
    const before = await autodidact.persistence.getQTable('tool')
    await live(autodidact, 100, 40, 'web')
    const after = await autodidact.persistence.getQTable('tool')
    expect(after).not.toEqual(before)
    expect(await withoutSnapshots(path, autodidact)).toEqual(after)
  })

  test('is not taken for the lost one when others have taken the places of the lost facts', async () => {
    const path = await cut('overtaken')
    // Written, and not learned from: nothing is saved.
    const writer = await Autodidact.open(path, { ...settings, learning: false })
    await live(writer, 100, 40, 'web')
    await writer.close()
    const autodidact = await Autodidact.open(path, settings)
    const table = await autodidact.persistence.getQTable('tool')
    expect(await withoutSnapshots(path, autodidact)).toEqual(table)
  })

  test('is read as it is by who may only read', async () => {
    const path = await cut('cut for readers')
    const reader = await Autodidact.open(path, { ...settings, readOnly: true })
    const table = await reader.persistence.getQTable('tool')
    expect(await reader.kept('mine@1')).toBeUndefined()
    expect(await withoutSnapshots(path, reader)).toEqual(table)
  })
})

describe('a log that was edited by hand is told as such, with the line', () => {
  const encryption = { key: '0f'.repeat(32) }

  const edits: Readonly<Record<string, (lines: string[]) => { readonly lines: readonly string[]; readonly wrong: number }>> = {
    'a line is gone': (lines) => ({ lines: lines.toSpliced(2, 1), wrong: 3 }),
    'two lines have changed places': (lines) => ({ lines: [...lines.slice(0, 2), ...lines.slice(2, 4).reverse(), ...lines.slice(4)], wrong: 3 }),
    'a line is there twice': (lines) => ({ lines: lines.toSpliced(3, 0, lines[2] ?? ''), wrong: 4 }),
    'the last line is there twice': (lines) => ({ lines: [...lines.slice(0, -1), lines.at(-2) ?? '', ''], wrong: lines.length }),
    'the second line is gone': (lines) => ({ lines: lines.toSpliced(1, 1), wrong: 2 }),
  }

  test.each(Object.entries(edits))('%s', async (name, edit) => {
    for (const settings of [{}, { encryption }]) {
      const path = join(folder, `${name} ${Object.keys(settings).join()}/`)
      const writer = await Autodidact.open(path, settings)
      for (let number = 0; number < 6; number += 1) await writer.record({ run: `r${number}`, task: `Count the orders of day ${number}`, success: true })
      await writer.forget({ run: 'r4' })
      await writer.close()
      const file = join(path, 'data', 'default.jsonl')
      const { lines, wrong } = edit(readFileSync(file, 'utf8').split('\n'))
      writeFileSync(file, lines.join('\n'))
      for (const readOnly of [true, false]) {
        const autodidact = await Autodidact.open(path, { ...settings, readOnly })
        const failed: unknown = await autodidact.recall('orders').catch((error: unknown) => error)
        expect(failed).toMatchObject({ code: 'CORRUPT', message: expect.stringContaining(`line ${wrong} `) as string })
        await autodidact.close()
      }
    }
  })

  test('also in a backup, and by the backup of it', async () => {
    const path = await filled('edited before', 5)
    const autodidact = await Autodidact.open(path)
    await autodidact.backup(join(folder, 'edited copy'))
    await autodidact.close()
    for (const file of [log('edited before'), log('edited copy')]) writeFileSync(file, readFileSync(file, 'utf8').split('\n').toSpliced(2, 1).join('\n'))
    const again = await Autodidact.open(path)
    expect(await codeOf(again.backup(join(folder, 'copy of the edited')))).toBe('CORRUPT')
    await again.close()
    expect(await codeOf(Autodidact.restore(join(folder, 'edited copy'), join(folder, 'never')))).toBe('CORRUPT')
  })

  test('a log that is gone: where something was learned from it, and where a later one is there', async () => {
    const path = await filled('gone')
    const autodidact = await Autodidact.open(path)
    await autodidact.recall('orders')
    await autodidact.in('acme').record({ run: 'a', task: 'Count', success: true })
    await autodidact.close()
    cpSync(path, join(folder, 'gone before'), { recursive: true })
    rmSync(log('gone'))
    for (const readOnly of [true, false]) {
      const opened = await Autodidact.open(path, { readOnly })
      expect(await codeOf(opened.record({ run: 'new', task: 'Count', success: true }))).toBe('CORRUPT')
      expect(await codeOf(opened.recall('orders'))).toBe('CORRUPT')
      await opened.close()
    }
    expect(existsSync(log('gone'))).toBe(false)
    const before = join(folder, 'gone before')
    for (const name of readdirSync(join(before, 'data'))) if (name.startsWith('default')) rmSync(join(before, 'data', name))
    const opened = await Autodidact.open(before)
    expect(await codeOf(opened.record({ run: 'new', task: 'Count', success: true }))).toBe('CORRUPT')
    expect(await codeOf(opened.backup(join(folder, 'copy without one')))).toBe('CORRUPT')
    expect((await opened.in('acme').recall('Count')).items).toHaveLength(1)
    await opened.close()
  })

  test('a log of version 1, whose lines know nothing of each other, is read and added to as it is, and chained once it is written anew', async () => {
    const path = await filled('unchained')
    const bodies = readFileSync(log('unchained'), 'utf8').trimEnd().split('\n').map((line) => `{${line.slice('{"crc":"01234567",'.length)}`)
    const old = bodies.map((body) => body.replace(/"version":\d+,"namespace"/, '"version":1,"namespace"'))
    writeFileSync(log('unchained'), old.map((body) => `{"crc":"${crc32(body).toString(16).padStart(8, '0')}",${body.slice(1)}\n`).join(''))
    const autodidact = await Autodidact.open(path)
    await autodidact.record({ run: 'new', task: 'Count the orders of today', success: true })
    await autodidact.close()
    const again = await Autodidact.open(path)
    expect(await ids(again)).toEqual(['r0', 'r1', 'r2', 'new'])
    expect(readFileSync(log('unchained'), 'utf8')).toContain('"version":1,"namespace"')
    await again.backup(join(folder, 'unchained copy'))
    await again.forget({ run: 'r1' })
    await again.close()
    const [heading, second, ...lines] = readFileSync(log('unchained'), 'utf8').split('\n')
    writeFileSync(log('unchained'), [heading, second, ...lines.slice(1)].join('\n'))
    expect(await codeOf(Autodidact.open(path).then((opened) => opened.recall('orders').finally(() => opened.close())))).toBe('CORRUPT')
    await Autodidact.restore(join(folder, 'unchained copy'), path, { overwrite: true })
    const restored = await Autodidact.open(path)
    expect(await ids(restored)).toEqual(['r0', 'r1', 'r2', 'new'])
    await restored.close()
  })
})

describe('one writer', () => {
  test('at a time: another one is told so, readers are not held up, and the end of the first lets the next one in', async () => {
    const path = await filled('locked')
    const first = await Autodidact.open(path)
    const { peer, opened } = await Peer.open(path)
    await peer.end()
    expect(opened).toMatchObject({ code: 'BUSY', message: expect.stringContaining('readOnly: true') })
    await expect(Autodidact.open(path)).rejects.toMatchObject({ code: 'BUSY', message: expect.stringContaining('in another process or in this one') })
    const { peer: reader, opened: reading } = await Peer.open(path, undefined, { readOnly: true })
    expect(reading).toEqual({ result: null })
    expect((await reader.call('report')).result?.runs).toBe(3)
    await first.record({ run: 'new', task: 'Count the orders of today', success: true })
    expect((await reader.call('recall', 'orders of today')).result?.items.map(({ id }) => id)).toContain('new')
    await first.forget({ run: 'new' })
    expect((await reader.call('recall', 'orders of today')).result?.items.map(({ id }) => id)).not.toContain('new')
    expect(await reader.call('record', { task: 'x' })).toMatchObject({ code: 'READ_ONLY' })
    await reader.end()
    await first.close()
    await (await Autodidact.open(path)).close()
  })

  test('that was killed holds nothing: of many that come at once, exactly one gets in', async () => {
    const path = await filled('taken over')
    for (let round = 0; round < 2; round += 1) {
      expect((await killedWriting(path, { first: round * 1_000, moment: () => sleep(30) })).length).toBeGreaterThan(0)
      const peers = await Promise.all(Array.from({ length: 4 }, () => Peer.open(path)))
      expect(peers.map(({ opened }) => opened.code ?? 'opened').toSorted()).toEqual(['BUSY', 'BUSY', 'BUSY', 'opened'])
      await Promise.all(peers.map(({ peer }) => peer.end()))
    }
  })

  test('that stands still is still the writer', async () => {
    const path = await filled('still')
    const child = spawn(process.execPath, [program('folder-writer'), path, '0'], { stdio: ['pipe', 'pipe', 'inherit'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    child.stdout.resume()
    child.kill('SIGSTOP')
    expect(await codeOf(Autodidact.open(path))).toBe('BUSY')
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    await (await Autodidact.open(path)).close()
  })

  test('notices that another program wrote to its log, and adds nothing to that', async () => {
    const path = await filled('edited')
    const autodidact = await Autodidact.open(path)
    await autodidact.recall('orders')
    appendFileSync(log('edited'), 'edited by hand\n')
    expect(await codeOf(autodidact.record({ run: 'new', task: 'Count', success: true }))).toBe('BUSY')
    await autodidact.close()
    expect(await codeOf(Autodidact.open(path).then((again) => again.recall('orders').finally(() => again.close())))).toBe('CORRUPT')
  })
})

describe('a folder that is not ours is refused and not touched', () => {
  test('one with other files, one of another program, one of a later version', async () => {
    const project = join(folder, 'project')
    mkdirSync(join(project, 'data'), { recursive: true })
    writeFileSync(join(project, 'data', 'default.jsonl'), '{"mine": true}\n')
    expect(await codeOf(Autodidact.open(`${project}/`))).toBe('NOT_A_DATABASE')
    expect(await codeOf(Autodidact.open(project, { storage: 'files' }))).toBe('NOT_A_DATABASE')
    writeFileSync(join(project, 'store.json'), '{"name": "a shop"}')
    expect(await codeOf(Autodidact.open(project))).toBe('CORRUPT')
    writeFileSync(join(project, 'store.json'), '{"format": "a shop"}')
    expect(await codeOf(Autodidact.open(project))).toBe('NOT_A_DATABASE')
    expect(readFileSync(join(project, 'data', 'default.jsonl'), 'utf8')).toBe('{"mine": true}\n')
    const path = await filled('future')
    const description = readFileSync(join(path, 'store.json'), 'utf8')
    writeFileSync(join(path, 'store.json'), description.replace(/"version": \d+/, '"version": 99'))
    expect(await codeOf(Autodidact.open(path))).toBe('NEWER_VERSION')
  })

  test('a path that is no folder', async () => {
    writeFileSync(join(folder, 'a file'), 'Dear diary')
    expect(await codeOf(Autodidact.open(join(folder, 'a file'), { storage: 'files' }))).toBe('CANNOT_OPEN')
    expect(await codeOf(Autodidact.open(join(folder, 'missing', 'agent/')))).toBe('CANNOT_OPEN')
    expect(await codeOf(Autodidact.open('', { storage: 'files' }))).toBe('CANNOT_OPEN')
    expect(await codeOf(Autodidact.open('a\0b/'))).toBe('CANNOT_OPEN')
    expect(await codeOf(Autodidact.open(join(folder, 'nothing/'), { readOnly: true }))).toBe('CANNOT_OPEN')
    expect(existsSync(join(folder, 'nothing'))).toBe(false)
  })
})

test('the kind of store follows from the path, and from what lies there', async () => {
  const path = await filled('kind')
  const again = await Autodidact.open(path.slice(0, -1))
  expect((await again.report()).runs).toBe(3)
  await again.close()
  const file = await Autodidact.open(join(folder, 'kind.db'))
  await file.close()
  expect(readFileSync(join(folder, 'kind.db')).subarray(0, 6).toString()).toBe('SQLite')
  const named = await Autodidact.open(join(folder, 'named'), { storage: 'files' })
  await named.close()
  expect(existsSync(join(folder, 'named', 'store.json'))).toBe(true)
  expect(await codeOf(Autodidact.open(join(folder, 'kind'), { storage: 'sqlite' }))).toBe('CANNOT_OPEN')
})

test('a log can be read by a person, and holds names of any kind', async () => {
  const path = join(folder, 'readable/')
  const autodidact = await Autodidact.open(path)
  await autodidact.record({ run: 'r1', task: 'Count the orders', response: 'There are 12', success: true })
  for (const name of ['Acme', 'acme', 'ACME', 'ä/../..', '..', 'CON', '🧠']) await autodidact.in(name).remember({ id: 'k', content: `of ${name}` })
  await autodidact.close()
  expect(readFileSync(log('readable'), 'utf8')).toContain('"task":"Count the orders"')
  const again = await Autodidact.open(path)
  for (const name of ['Acme', 'acme', 'ACME', 'ä/../..', '..', 'CON', '🧠']) {
    const facts = again.in(name).export()
    expect([name, (await facts.next()).value]).toEqual([name, expect.objectContaining({ data: expect.objectContaining({ content: `of ${name}` }) })])
  }
  await again.close()
  const names = readdirSync(join(path, 'data')).map((name) => name.toLowerCase())
  expect(new Set(names).size).toBe(names.length)
})

test('what was written beside its place by a process that died is taken away', async () => {
  const path = await filled('unfinished')
  cpSync(log('unfinished'), `${log('unfinished')}.next`)
  mkdirSync(join(path, 'data-0badcafe'))
  writeFileSync(join(path, 'data-0badcafe', 'default.jsonl'), 'half a restored log')
  await (await Autodidact.open(path)).close()
  expect(readdirSync(path).toSorted()).toEqual(['data', 'lock', 'store.json'])
  expect(readdirSync(join(path, 'data')).filter((name) => name.endsWith('.next'))).toEqual([])
  rmSync(path, { recursive: true })
})

/** As in the test of a full disk for the SQLite store. */
const onSmallDisk = (...command: readonly string[]) =>
  spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-c', `mount -t tmpfs -o size=2m tmpfs "${folder}" && exec "$@"`, 'sh', ...command], { encoding: 'utf8' })

test.skipIf(onSmallDisk('true').status !== 0)('a full disk: told as such, nothing half written, and everything goes on when there is space again', () => {
  const { stdout, stderr, status } = onSmallDisk(process.execPath, program('fill-folder'), folder)
  expect(status, stderr).toBe(0)
  const { acknowledged, facts, recalled, ...rest } = JSON.parse(stdout) as { acknowledged: number; facts: number; recalled: number } & Record<string, unknown>
  expect(acknowledged).toBeGreaterThan(10)
  expect(recalled).toBeGreaterThan(0)
  expect(facts).toBe(acknowledged)
  expect(rest).toEqual({ full: 'DISK_FULL', forgetting: 'DISK_FULL', backup: 'DISK_FULL', again: 'none', lost: [] })
})
