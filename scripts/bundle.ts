import { cpSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { rolldown } from 'rolldown'

const root = resolve(import.meta.dirname, '..')

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly dependencies: object; readonly devDependencies: object }

/** Packages that every program loads, one with a hundred modules: they are put in, with their licences. Their versions are fixed in `package.json`, so nobody would share them. */
const inlined = { zod: 'LICENSE', uuid: 'LICENSE.md', stemmer: 'license' } as const

const packages = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter((name) => !(name in inlined))

/** Programs that a file starts as a process or a thread, and looks for beside itself. */
const besides = {
  'database-process': 'src/agents/data-assistant/database/database-process.ts',
  'memory-watch': 'src/agents/data-assistant/database/memory-watch.ts',
} as const

/**
 * Puts programs together with what they import, in a few files: loading a module takes Node half a millisecond, and there are hundreds. What two programs share is there once,
 * so that it has one state; what is imported with `import()` is in files of its own, which are loaded then. See docs/decisions/0078-the-package-is-bundled.md.
 *
 * @param programs the source of each by its name in the folder, relative to the root; all files come to lie in the folder itself, so that one finds another beside it
 */
export const bundle = async (programs: Readonly<Record<string, string>>, folder: string): Promise<void> => {
  const build = await rolldown({
    cwd: root,
    input: { ...programs, ...besides },
    platform: 'node',
    external: (specifier) => specifier.startsWith('node:') || packages.some((name) => specifier === name || specifier.startsWith(`${name}/`)),
  })
  await build.write({ dir: folder, format: 'esm', chunkFileNames: 'part-[name]-[hash].js', comments: { legal: true, annotation: true, jsdoc: false } })
  await build.close()
  for (const [name, licence] of Object.entries(inlined)) cpSync(join(root, 'node_modules', name, licence), join(folder, 'licences', `${name}.txt`))
}
