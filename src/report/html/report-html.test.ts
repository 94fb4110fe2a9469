import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { opened } from '../../../test/support/instance.ts'
import { barChart, intervalChart, lineChart, spreadChart } from './charts.ts'
import { escaped, html } from './markup.ts'
import { reportHtml } from './report-html.ts'

const allowed = new Set(
  'html head meta title style body h1 h2 h3 p b br div span code section ol li table thead tbody tr th td svg line circle polygon polyline rect text'.split(' '),
)
const empty = new Set(['meta', 'br'])

/** A tag with nothing but plain attributes. */
const tags = /<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][\w-]*="[^"<>]*")*)\s*(\/?)>/g

/** Every tag of a page, checked to be one of ours and to be closed in its order. A page with anything else in it is not taken apart. */
const checkTags = (page: string): void => {
  const open: string[] = []
  const withoutStyle = page.replace(/<style>[^<]*<\/style>/, '').replace('<!doctype html>', '')
  for (const [tag, end, name = '', attributes = '', closed] of withoutStyle.matchAll(tags)) {
    expect(allowed, tag).toContain(name)
    expect(attributes, tag).not.toMatch(/\s(on\w+|href|src|style)=/i)
    if (end === '/') expect(open.pop(), tag).toBe(name)
    else if (closed === '' && !empty.has(name)) open.push(name)
  }
  expect(open).toEqual([])
  // What is no tag of the form above holds no bracket at all.
  expect(withoutStyle.replaceAll(tags, '')).not.toMatch(/[<>]/)
}

const hostile = [
  '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "' onload='alert(1)", '</style><script>', '</title>', '<!--', ']]>', '&lt;b&gt;', '\u0000\u0008\u001b[31m', '\u202Egnol',
  '\uD800', 'javascript:alert(1)', '${process.exit()}', '{{constructor}}', '__proto__', '🧠語'.repeat(50),
]

describe('a page', () => {
  test('of an empty namespace is whole', async () => {
    const { autodidact } = await opened()
    const page = reportHtml(await autodidact.report())
    checkTags(page)
    expect(page).toContain('Nothing has been recorded yet.')
  })

  test('needs nothing else, and runs nothing', async () => {
    const { autodidact } = await opened()
    for (let place = 0; place < 30; place += 1) await autodidact.record({ task: 'x', agent: 'a', category: 'c', success: place % 3 > 0, durationMs: 40_000 + place })
    const page = reportHtml(await autodidact.report())
    checkTags(page)
    expect(page).not.toMatch(/https?:|url\(|@import|<script|<link|<img|<iframe|<object|<use/i)
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`)
    expect(page).toContain('prefers-color-scheme: dark')
    expect(page).toContain('@media print')
    expect(page).toContain('Make it faster')
    expect(page.match(/<svg/g)?.length).toBeGreaterThan(4)
  })

  test('tells of agents and kinds of task how long they take and whether they get better; of kinds only where several agents share them', async () => {
    const { autodidact } = await opened()
    const record = async (agent: string): Promise<void> => {
      for (let place = 0; place < 20; place += 1) await autodidact.record({ task: 'x', agent, category: 'refund', success: place > 9, durationMs: 700 })
    }
    await record('a')
    const alone = reportHtml(await autodidact.report())
    expect(alone).toMatch(/<h2>By agent<\/h2>[^]*<td>a<\/td>[^]*700 ms \/ 700 ms[^]*rising: τ = \+/)
    expect(alone).not.toContain('<h2>By kind of task</h2>')
    await record('b')
    const page = reportHtml(await autodidact.report())
    checkTags(page)
    expect(page).toMatch(/<h2>By kind of task<\/h2>[^]*<td>refund<\/td>[^]*<td class="number">40<\/td>[^]*700 ms \/ 700 ms/)
  })

  test('escapes all that was recorded, wherever it stands', async () => {
    for (const word of hostile) {
      const name = word.toWellFormed().replaceAll(/[\p{Cc}]/gu, '').slice(0, 500) || 'x'
      const { autodidact } = await opened({ namespace: name })
      for (let place = 0; place < 12; place += 1) {
        for (const agent of [name, 'other']) {
          const { option, run } = await autodidact.decide(name, [name, 'b'], { task: word })
          await autodidact.record({
            run, task: word, category: name, agent, approach: name, success: agent === 'other', durationMs: 50_000,
            steps: [{ action: name, input: word, output: word, ok: place % 2 === 0, durationMs: 9_000 }], taken: name === '__proto__' ? {} : { [name]: option },
          })
        }
      }
      await autodidact.remember({ id: 'k', title: word, content: word })
      for (let place = 0; place < 5; place += 1) await autodidact.record({ task: word, used: ['k'], success: place > 0 })
      await autodidact.experiments.start({ point: name === '__proto__' ? 'p' : name, arms: { a: 'greedy', b: 'off' } })
      const page = reportHtml(await autodidact.report(), await autodidact.compare(name, 'other'))
      checkTags(page)
      expect(page).toBe(page.toWellFormed())
      // eslint-disable-next-line no-control-regex
      expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/)
    }
  })
})

describe('markup', () => {
  test('escapes whatever is put in, and nothing twice', () => {
    expect(html`<b title="${'"'}">${['<', html`<i>${'&'}</i>`, 7, undefined]}</b>`.html).toBe('<b title="&quot;">&lt;<i>&amp;</i>7</b>')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escaped(text)).not.toMatch(/[<>"']/)
        expect(escaped(text).replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&')
      }),
    )
  })
})

test('one of something is told in the singular', async () => {
  const { autodidact } = await opened()
  for (let number = 0; number < 4; number += 1) await autodidact.record({ run: `r${number}`, task: 'x', category: 'refund', approach: 'by hand', success: true })
  await autodidact.decide('tool', ['a', 'b'])
  await autodidact.feedback('r0', { score: 1, correction: 'y' })
  const page = reportHtml(await autodidact.report())
  for (const one of ['1 run rated', '1 pattern<', '1 correction<', '1 decision']) expect(page).toContain(one)
  expect(page).not.toMatch(/\b1 (?:runs|patterns|corrections|decisions|facts)\b/)
})

describe('charts', () => {
  const share = { count: 1, of: 2, rate: 0.5, low: 0.1, high: 0.9 }

  test('stay in their frame, whatever they are given', () => {
    const number = fc.oneof(fc.double(), fc.constantFrom(0, -1, 1e300, Number.NaN, Infinity))
    fc.assert(
      fc.property(number, number, number, (value, low, high) => {
        for (const chart of [intervalChart({ value, low, high }, -1, 1, 0), barChart(value), spreadChart({ median: low, p95: high }, value)]) {
          for (const [, number = ''] of chart.html.matchAll(/ (?:x1|x2|cx|width)="([^"]*)"/g)) {
            expect(Number(number)).toBeGreaterThanOrEqual(0)
            expect(Number(number)).toBeLessThanOrEqual(140)
          }
        }
      }),
    )
  })

  test('show a line at its height, and leave out what counted nothing', () => {
    const chart = lineChart('title', [{ label: '1', share }, { label: '2', share: { count: 0, of: 0, low: 0, high: 1 } }, { label: '3', share: { ...share, rate: 1 } }]).html
    expect(chart.match(/<circle/g)).toHaveLength(2)
    // The frame goes from 12, for 100 %, to 172, for 0.
    expect(chart).toContain('cy="92"')
    expect(chart).toContain('cy="12"')
  })
})
