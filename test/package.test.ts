import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, normalize, resolve } from 'node:path'
import { expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '..')

/** Paths of the files that the package brings. Without scripts: what is built beforehand is not asked about here. */
const packed = (): ReadonlySet<string> => {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const [{ files }] = JSON.parse(output) as [{ files: readonly { path: string }[] }] // Documented by npm.
  return new Set(files.map(({ path }) => path))
}

test('every link of a page in the package leads to something in the package', () => {
  const files = packed()
  const pages = [...files].filter((path) => path.endsWith('.md'))
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/README.md', 'docs/command-line.md']))
  const dead = pages.flatMap((page) => {
    const links = [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?<link>[^)#\s]+)/g)].map(({ groups }) => groups?.['link'] ?? '')
    const local = links.filter((link) => !/^[a-z]+:/.test(link)).map((link) => normalize(join(page, '..', link)).replace(/\/$/, ''))
    return local.filter((target) => !files.has(target) && ![...files].some((path) => path.startsWith(`${target}/`))).map((target) => `${page} -> ${target}`)
  })
  expect(dead).toEqual([])
})
