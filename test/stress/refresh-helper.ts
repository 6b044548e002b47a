import { refreshHelper } from '../../src/remotes/index.ts'

await refreshHelper.run(process.stdin, process.stdout)
