// npm run build: set-up without anything after it.
import { ensureBuilt, ensureInstalled } from './set-up.mjs'

ensureInstalled()
await ensureBuilt()
