// Compiles `src` and the shop of `autodidact demo` to `dist`: a few JavaScript files, and in `dist/types` the declarations of what can be imported, in the tree of the source.
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { bundle } from './bundle.ts'

const root = resolve(import.meta.dirname, '..')
const output = join(root, 'dist')

rmSync(output, { recursive: true, force: true })
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })
await bundle({ index: 'src/index.ts', agents: 'src/agents/index.ts', testing: 'src/testing/index.ts', main: 'src/cli/main.ts' }, output)

const command = join(output, 'main.js')
if (!readFileSync(command, 'utf8').startsWith('#!/usr/bin/env node\n')) throw new Error('src/cli/main.ts must begin with #!/usr/bin/env node: it is the command')
chmodSync(command, 0o755)
