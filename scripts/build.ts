// Compiles `src` and the shop of `autodidact demo` to `dist`: the same tree, so that relative paths hold in both.
import { execFileSync } from 'node:child_process'
import { chmodSync, cpSync, globSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const output = join(root, 'dist')

rmSync(output, { recursive: true, force: true })
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.build.json')], { stdio: 'inherit' })

// What the compiler does not carry over: anything that is read at run time.
for (const file of globSync('{src,examples/shop}/**/*.*', { cwd: root })) {
  if (!file.endsWith('.ts')) cpSync(join(root, file), join(output, file))
}

const command = join(output, 'src/cli/main.js')
if (!readFileSync(command, 'utf8').startsWith('#!/usr/bin/env node\n')) throw new Error('src/cli/main.ts must begin with #!/usr/bin/env node: it is the command')
chmodSync(command, 0o755)
