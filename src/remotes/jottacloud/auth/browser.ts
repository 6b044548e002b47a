import { spawn } from 'node:child_process'
import { platform } from 'node:os'

/**
 * Opens an address in the person's browser: the program of the variable BROWSER, or the system's.
 * @returns false where none could be started, or BROWSER is `none`
 */
export function openBrowser(url: string, environment: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  const [program = 'none', ...args] = browserCommand(environment)
  if (program === 'none') return Promise.resolve(false)
  return new Promise((resolve) => {
    const child = spawn(program, [...args, url], { detached: true, stdio: 'ignore' })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}

function browserCommand(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const wanted = environment['BROWSER']?.split(':')[0]?.trim()
  if (wanted) return wanted.replace('%s', '').trim().split(/\s+/)
  if (platform() === 'darwin') return ['open']
  if (platform() === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler']
  return ['xdg-open']
}
