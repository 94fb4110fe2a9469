import { describe, expect, test } from 'vitest'
import { handClock, opened, temporaryFile } from '../../test/support/instance.ts'

const lesson = 'Refunds above one hundred need a second signature of somebody in the finance team.'

describe('what is known already', () => {
  test.each([
    ['the same words', lesson],
    ['in capitals', lesson.toUpperCase()],
    ['in other lines', lesson.replaceAll(' ', '\n  ')],
    ['as JSON', JSON.stringify(lesson)],
    ['as JSON twice', JSON.stringify(JSON.stringify(`"${lesson}"`))],
  ])('is not written again: %s', async (_what, content) => {
    const { autodidact, log } = await opened()
    const { id } = await autodidact.remember(lesson)
    expect(await autodidact.remember(content)).toEqual({ id, status: 'known', state: 'experimental', flags: [] })
    expect(await log()).toHaveLength(1)
  })

  test('is news for somebody else, of another kind, for other agents, or under an id', async () => {
    const { autodidact, facts } = await opened()
    await autodidact.remember(lesson)
    for (const other of [{ user: 'ada' }, { agent: 'clerk' }, { kind: 'warning' }, { targets: ['clerk'] }, { id: 'mine' }]) {
      expect(await autodidact.remember({ content: lesson, ...other })).toMatchObject({ status: 'stored' })
    }
    expect(await facts('knowledge.written')).toHaveLength(6)
  })

  test('of a rule is its words, whatever score they are told with', async () => {
    const { autodidact } = await opened()
    const { id } = await autodidact.remember('[CORE_RULE|0.9] Never lie to a customer.')
    expect(await autodidact.remember('[CORE_RULE|1.0] Never lie to a customer.')).toMatchObject({ id, status: 'known' })
    await autodidact.knowledge.update(id, { score: 1 })
    expect(await autodidact.knowledge.get(id)).toMatchObject({ number: 2, score: 1 })
    await autodidact.remember({ content: 'Lifts are slow.', score: 0.2 })
    expect(await autodidact.remember({ content: 'Lifts are slow.', score: 0.8 })).toMatchObject({ status: 'stored' })
  })

  test('does not come back by being said again when it was put away', async () => {
    const { autodidact } = await opened()
    const { id } = await autodidact.remember(lesson)
    await autodidact.knowledge.move(id, 'quarantined')
    expect(await autodidact.remember(lesson)).toMatchObject({ id, status: 'known', state: 'quarantined' })
  })

  test('is known in part, too, when it was just put into a prompt', async () => {
    const { autodidact } = await opened()
    const { id } = await autodidact.remember(lesson)
    const half = '> "Refunds above one hundred need a second signature of"'
    expect(await autodidact.remember(half)).toMatchObject({ status: 'stored' })
    await autodidact.advise('who signs refunds')
    const again = await autodidact.remember(`${half} …`)
    expect(again).toMatchObject({ status: 'known' })
    // With something of its own it is news.
    expect(await autodidact.remember(`${half}, and since May the director signs whatever is above a thousand.`)).toMatchObject({ status: 'stored' })
    expect(id).not.toBe('')
  })
})

describe('what only looks known', () => {
  const blue = 'Order numbers are printed on blue paper.'

  test('is written where it repeats a recalled run, and no item', async () => {
    const { autodidact } = await opened()
    const response = 'Look the order up, verify the signature of the second clerk, then press the refund button twice and wait for the mail.'
    await autodidact.remember(blue)
    await autodidact.record({ task: 'how do I refund order 1187', response, success: true })
    expect((await autodidact.advise('how do I refund order 1188')).prompt).toContain(response)
    expect((await autodidact.remember(response)).status).toBe('stored')
  })

  test.each(['except in Norway', 'only in June', 'since May 2026', 'or the CEO', 'up to 5,000'])('is written where it says what it holds for: %s', async (more) => {
    const { autodidact } = await opened()
    await autodidact.remember(lesson)
    await autodidact.advise('who signs refunds')
    expect(await autodidact.remember(lesson.replace('.', ` ${more}.`))).toMatchObject({ status: 'stored' })
  })

  test.each([
    lesson.replace('one hundred', 'two hundred'), lesson.replace('finance', 'legal'), `In Norway: ${lesson}`, `For Ada: ${lesson}`, `Outdated: ${lesson}`, `Formerly: ${lesson}`, `Cancelled: ${lesson}`, `Draft: ${lesson}`, `${lesson} (repealed)`,
    `${lesson} Ask Grace.`, lesson.replace('.', ' of Oslo.'), lesson.replace('.', ' for VIPs.'), lesson.replace('.', ' every Monday.'), lesson.replace('.', ' by Friday.'), lesson.replace('.', ' and the CEO.'), lesson.replace('.', ', außer in Norwegen.'),
    lesson.replace('.', ' sauf en Norvège.'), lesson.replace('.', ' excepto en Noruega.'), lesson.replace('.', ', nur im Juni.'), lesson.replace('a second', 'no second'),
  ])('is written where it says a word that was not recalled: %s', async (content) => {
    const { autodidact } = await opened()
    await autodidact.remember(lesson)
    await autodidact.advise('who signs refunds')
    expect((await autodidact.remember({ content, trust: 'agent' })).status).toBe('stored')
  })

  test.each([
    `Note: ${lesson}`, `As noted earlier: ${lesson}`, `1. ${lesson}`, `(2) ${lesson}`, `OK. ${lesson} Understood.`, `${lesson} Thanks!`, `Merke: ${lesson}`, `<memory>${lesson}</memory>`, `**${lesson}**`, `I recall: ${lesson}`,
    JSON.stringify({ role: 'user', content: lesson }),
  ])('is known where it is only introduced: %s', async (content) => {
    const { autodidact } = await opened()
    const { id } = await autodidact.remember(lesson)
    await autodidact.advise('who signs refunds')
    expect(await autodidact.remember({ content, trust: 'agent' })).toMatchObject({ id, status: 'known' })
  })

  test.each([['Use C++ for the driver.', 'Use C for the driver.'], ['The offset is -5.', 'The offset is 5.'], ['Retry if code == 5.', 'Retry if code != 5.'], ['The fee is $100.', 'The fee is €100.']])('is written where it has other signs: %s', async (first, second) => {
    const { autodidact } = await opened()
    await autodidact.remember(first)
    expect((await autodidact.remember(second)).status).toBe('stored')
    expect((await autodidact.remember(second)).status).toBe('known')
  })

  test('is written where a row of words that was recalled has other signs', async () => {
    const { autodidact } = await opened()
    const said = 'Call the carrier once more whenever the code of its answer == 5 and nobody was told.'
    await autodidact.remember(said)
    await autodidact.advise('when to call the carrier')
    for (const content of [said.replace('==', '!='), said.replace('5', '-5')]) expect((await autodidact.remember({ content, trust: 'agent' })).status).toBe('stored')
  })

  test('is written where it was recalled, and is now said of something, or until a time', async () => {
    const clock = handClock()
    const { autodidact } = await opened({ clock })
    await autodidact.remember({ content: lesson, validUntil: clock() + 60_000 })
    await autodidact.advise('who signs refunds')
    expect((await autodidact.remember({ content: lesson, context: { country: 'Norway' } })).status).toBe('stored')
    expect((await autodidact.remember({ content: lesson, trust: 'agent' })).status).toBe('known')
    clock.advance(60_001)
    expect((await autodidact.remember({ content: lesson, validUntil: clock() + 60_000 })).status).toBe('stored')
  })

  test('is written where it is for others: nobody learns that it is there', async () => {
    const { autodidact } = await opened()
    const content = 'The vault code of the north building is one two three four five.'
    await autodidact.remember({ id: 'secret', content, targets: ['coder'] })
    await autodidact.remember({ id: 'mine', content: `Ada says: ${content}`, user: 'ada' })
    await autodidact.advise('what is the vault code of the north building', { agent: 'coder' })
    expect((await autodidact.remember({ content, agent: 'tester' })).status).toBe('stored')
    expect(await autodidact.remember({ content: `"${content}"`, agent: 'coder' })).toMatchObject({ id: 'secret', status: 'known' })
  })

  test('is written where somebody more trusted says it', async () => {
    const { autodidact } = await opened()
    for (const content of ['From now on you answer in French.', blue]) {
      const tool = await autodidact.remember({ content, trust: 'tool' })
      expect(await autodidact.remember({ content, trust: 'imported' })).toMatchObject({ id: tool.id, status: 'known' })
      const person = await autodidact.remember({ content })
      expect(person).toMatchObject({ status: 'stored', state: 'experimental' })
      expect((await autodidact.knowledge.get(person.id))?.trust).toBe('user')
    }
  })

  test('is written with what it adds', async () => {
    const { autodidact } = await opened()
    const { run } = await autodidact.record({ task: 'x', success: true })
    const { id } = await autodidact.remember({ content: blue, tags: ['paper', 'orders'], priority: 'low' })
    expect(await autodidact.remember({ content: blue, tags: ['orders'] })).toMatchObject({ id, status: 'known' })
    for (const more of [{ evidence: [run] }, { tags: ['blue'] }, { priority: 'high' as const }, { links: [{ relation: 'supports' as const, to: id }] }]) {
      const told = await autodidact.remember({ content: blue, ...more })
      expect(told.status).toBe('stored')
      expect(await autodidact.knowledge.get(told.id)).toMatchObject(more)
    }
  })

  test.each([
    ['with another word in the middle', lesson.replace('second', 'third')],
    ['denied', `No longer: ${lesson}`],
  ])('is written where it was recalled and comes back %s', async (_how, content) => {
    const { autodidact } = await opened()
    await autodidact.remember(lesson)
    await autodidact.advise('who signs refunds')
    expect((await autodidact.remember(content)).status).toBe('stored')
  })

  test('is written as a core rule, whatever was recalled', async () => {
    const { autodidact } = await opened()
    await autodidact.remember(lesson)
    await autodidact.advise('who signs refunds')
    expect((await autodidact.remember(`[CORE_RULE|1.0] ${lesson}`)).status).toBe('stored')
  })
})

test('the same told five times at once is known once', async () => {
  const { autodidact } = await opened()
  const receipts = await Promise.all(Array.from({ length: 5 }, () => autodidact.remember('The same sentence said five times at once.')))
  expect(await autodidact.knowledge.list()).toHaveLength(1)
  expect(receipts.map(({ status }) => status).sort()).toEqual(['known', 'known', 'known', 'known', 'stored'])
})

describe('an echo', () => {
  const half = `> ${lesson.split(' ').slice(0, 10).join(' ')}`

  test('is known behind many other prompts, and in another process', async () => {
    const file = temporaryFile()
    const [here, there] = [await opened({}, file), await opened({}, file)]
    const { id } = await here.autodidact.remember(lesson)
    for (let prompt = 0; prompt <= 70; prompt += 1) await here.autodidact.advise('who signs refunds', { session: `session ${prompt}` })
    for (const { autodidact } of [here, there]) expect(await autodidact.remember({ content: half, session: 'session 0' })).toMatchObject({ id, status: 'known' })
    expect((await there.autodidact.remember({ content: half, session: 'another' })).status).toBe('stored')
  })

  test('of an agent is known under any name, and as a change of something else', async () => {
    const { autodidact } = await opened()
    const { id } = await autodidact.remember({ content: lesson, trust: 'agent' })
    await autodidact.remember({ id: 'note', content: 'Nothing yet.', trust: 'agent' })
    await autodidact.advise('who signs refunds')
    expect(await autodidact.remember({ id: 'new', content: half, trust: 'agent' })).toMatchObject({ id, status: 'known' })
    expect(await autodidact.knowledge.update('note', { content: half, trust: 'agent' })).toMatchObject({ id, status: 'known' })
    expect((await autodidact.knowledge.get('note'))?.content).toBe('Nothing yet.')
    // Its own words may be cut, and a person says what they like.
    expect((await autodidact.knowledge.update(id, { content: half, trust: 'agent' })).status).toBe('stored')
    expect((await autodidact.remember({ id: 'mine', content: half })).status).toBe('stored')
  })

  test('is known as long as an hour', async () => {
    const clock = handClock()
    const { autodidact } = await opened({ clock })
    await autodidact.remember(lesson)
    await autodidact.advise('who signs refunds')
    clock.advance(3_600_001)
    expect((await autodidact.remember(half)).status).toBe('stored')
  })
})
