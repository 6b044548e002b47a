// dist/: the SDK compiled by tsc with declarations, the command bundled by esbuild with a chunk for each command.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { root, runTool } from './tools.mjs'

export async function build() {
  runTool('typescript', ['-p', 'tsconfig.build.json'])
  await bundle()
}

/** What every start loads; bound to each lazy module, so that the shared code is one chunk and not twenty. */
const shared = ['src/cli/main.ts', 'src/remotes/index.ts'].map((file) => `import ${JSON.stringify(join(root, file))}\n`)

const oneSharedChunk = {
  name: 'one-shared-chunk',
  setup(build) {
    const lazy = new Set()
    build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind === 'dynamic-import') lazy.add(join(resolveDir, path))
      return undefined
    })
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) =>
      lazy.has(path) ? { contents: `${await readFile(path, 'utf8')}\n${shared.join('')}`, loader: 'ts' } : undefined,
    )
  },
}

async function bundle() {
  const esbuild = await import('esbuild')
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const { outputFiles, metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['src/bin.ts'],
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    logLevel: 'warning',
    plugins: [oneSharedChunk],
    define: { 'process.env.FJORD_VERSION': JSON.stringify(version) },
    metafile: true,
    write: false,
  })
  mkdirSync(join(root, 'dist/chunks'), { recursive: true })
  const helpers = helperImports(metafile)
  for (const { path, text } of outputFiles) {
    const needed = helpers.reduce((rest, bare) => rest.replaceAll(bare, ''), text)
    writeFileSync(path, withRequire(needed))
  }
  chmodSync(join(root, 'dist/bin.js'), 0o755)
}

/** Imports of the chunk with esbuild's own helpers that take nothing from it: it has no effects, and costs a millisecond. */
function helperImports({ outputs }) {
  const own = Object.keys(outputs).filter((file) => Object.keys(outputs[file].inputs).length === 0)
  return own.flatMap((file) => ['./chunks/', './'].map((folder) => `import"${folder}${basename(file)}";`))
}

/** CommonJS packages inside the bundle ask for `require`. */
function withRequire(text) {
  if (!/\brequire\b/.test(text)) return text
  const made = "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);"
  return text.replace(/^(?:#!.*\n)?/, (start) => `${start}${made}\n`)
}
