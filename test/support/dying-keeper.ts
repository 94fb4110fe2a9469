import { Autodidact } from '../../src/index.ts'

/** A process that dies in the middle of keeping a state: `node dying-keeper.ts FILE NAME`. */
const [file = '', name = ''] = process.argv.slice(2)
const autodidact = await Autodidact.open(file)
await autodidact.keep(name, () => {
  process.kill(process.pid, 'SIGKILL')
  return { sequence: 0, epoch: 0, bytes: new Uint8Array() }
})
