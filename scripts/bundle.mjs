// dist/: the SDK compiled by tsc with declarations, the command bundled by esbuild with a chunk for each command.
import { chmodSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root, runTool } from './tools.mjs'

export async function build() {
  runTool('typescript', ['-p', 'tsconfig.build.json'])
  await bundle()
}

/** What every start loads; bound to each lazy module, so that the shared code is one chunk and not twenty. */
const shared = join(root, 'src/cli/main.ts')

const oneSharedChunk = {
  name: 'one-shared-chunk',
  setup(build) {
    const lazy = new Set()
    build.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ kind, path, resolveDir }) => {
      if (kind === 'dynamic-import') lazy.add(join(resolveDir, path))
      return undefined
    })
    build.onLoad({ filter: /\.ts$/ }, async ({ path }) =>
      lazy.has(path)
        ? { contents: `${await readFile(path, 'utf8')}\nimport ${JSON.stringify(shared)}\n`, loader: 'ts' }
        : undefined,
    )
  },
}

async function bundle() {
  const esbuild = await import('esbuild')
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  await esbuild.build({
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
    // CommonJS packages inside the bundle ask for `require`.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  })
  chmodSync(join(root, 'dist/bin.js'), 0o755)
}
