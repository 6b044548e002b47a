// dist/: the SDK compiled by tsc with declarations, the command bundled by esbuild with a chunk for each command.
import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, runTool } from './set-up.mjs'

export async function build() {
  runTool('typescript', ['-p', 'tsconfig.build.json'])
  await bundle()
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
    define: { 'process.env.FJORD_VERSION': JSON.stringify(version) },
    // CommonJS packages inside the bundle ask for `require`.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  })
  chmodSync(join(root, 'dist/bin.js'), 0o755)
}
