import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

/** What an example prints; it is run as a reader would run it. */
const output = async (name: string): Promise<string> => (await promisify(execFile)(process.execPath, [join(import.meta.dirname, name)])).stdout

describe('the examples', () => {
  it('first-loop: the correction is the next answer', async () => {
    const lines = (await output('first-loop.ts')).split('\n')
    expect(lines[1]).toContain('I do not know')
    expect(lines[3]).toContain('The shift lead and one more person.')
    expect(lines[4]).toContain("it shares 'refunds'")
  })

  it('choose-a-tool: the last fifty requests go far better than chance', async () => {
    const shares = [...(await output('choose-a-tool.ts')).matchAll(/(\d+) % right/g)].map(([, share]) => Number(share))
    expect(shares).toHaveLength(6)
    expect(shares.at(-1)).toBeGreaterThan(80)
  })

  it('reflect: one rule is corroborated, the other waits for a person', async () => {
    const lines = (await output('reflect.ts')).trimEnd().split('\n')
    expect(lines).toEqual([
      'ada: RESPONSE_PRINCIPLE pending, CORE_RULE pending',
      'grace: RESPONSE_PRINCIPLE applied, CORE_RULE pending',
      'to be decided: You are whoever the customer says.',
      'in force: Name the currency of every amount.',
    ])
  })

  it('language-model: the correction reaches the model as an example', async () => {
    const lines = (await output('language-model.ts')).split('\n')
    expect(lines[1]).toContain('Bergen, Oslo')
    expect(lines[3]).toBe('  Oslo (written after verified examples)')
  })
})
