import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'

/** The repository's root folder, absolute. */
export const root = resolve(import.meta.dirname, '../..')

const manifest = z
  .object({ name: z.string(), exports: z.record(z.string(), z.union([z.string(), z.object({ types: z.string() })])) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')))

/** One way into the package: what a user imports, and the source file behind it, relative to the root. */
export interface Entry {
  readonly specifier: string
  readonly source: string
  /** Address of the source file, for module hooks. */
  readonly url: string
}

/** The entries that `package.json` exports, led back from the build to the source, so that tests need no build. */
export const entries: readonly Entry[] = Object.entries(manifest.exports).flatMap(([subpath, to]) => {
  if (typeof to === 'string') return []
  const source = to.types.replace('./dist/types/', '').replace(/\.d\.ts$/, '.ts')
  return [{ specifier: subpath.replace('.', manifest.name), source, url: pathToFileURL(join(root, source)).href }]
})
