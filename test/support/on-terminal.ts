import { spawn, spawnSync } from 'node:child_process'

/** What is typed at a terminal, and when. */
export interface TypedStep {
  /** Typed when the screen shows this behind what the step before has waited for. */
  readonly at: string
  /** With its line end; '\u0003' is the interrupt key. A signal is sent to the program itself. */
  readonly type: string | { readonly signal: 'SIGINT' | 'SIGTERM' }
}

/** What came of it. */
export interface OnTerminal {
  /** Everything that was shown, colours and all, line ends as '\n'. */
  readonly screen: string
  readonly status: number
  /** The terminal shows what is typed, and gives it line by line: as it was found. */
  readonly restored: boolean
  /** Steps whose moment never came. */
  readonly untyped: number
}

/** Whether this machine can run a program on a pseudo-terminal. */
export const hasTerminals =
  spawnSync('python3', ['-c', 'import os, pty, termios; os.waitstatus_to_exitcode; pty.openpty()']).status === 0

/** Runs a program on a pseudo-terminal and types. */
export function onTerminal(
  argv: readonly string[],
  steps: readonly TypedStep[],
  {
    cwd,
    env,
    size = { columns: 80, rows: 24 },
  }: {
    readonly cwd: string
    readonly env: Readonly<Record<string, string | undefined>>
    readonly size?: { readonly columns: number; readonly rows: number }
  },
): Promise<OnTerminal> {
  const job = { argv, steps, size, seconds: 100 }
  const child = spawn('python3', ['-c', driver, JSON.stringify(job)], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code !== 0) reject(new Error(`the driver ended with ${code}`))
      else resolve(parse(text))
    })
  })
}

function parse(text: string): OnTerminal {
  const { screen, ...rest }: OnTerminal = JSON.parse(text)
  return { ...rest, screen: screen.replaceAll(/\r+\n/g, '\n') }
}

const driver = `
import fcntl, json, os, pty, select, signal, struct, sys, termios, time
job = json.loads(sys.argv[1])
master, slave = pty.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', job['size']['rows'], job['size']['columns'], 0, 0))
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2): os.dup2(slave, fd)
    os.close(master); os.close(slave)
    os.execvp(job['argv'][0], job['argv'])
shown, seen, steps = b'', 0, list(job['steps'])
ended, status = False, 0
deadline = time.time() + job['seconds']
def read():
    global shown
    while select.select([master], [], [], 0.02)[0]:
        shown += os.read(master, 65536)
while not ended and time.time() < deadline:
    read()
    if steps:
        at = shown.find(steps[0]['at'].encode(), seen)
        if at >= 0:
            seen = at + len(steps[0]['at'].encode())
            act = steps.pop(0)['type']
            if isinstance(act, dict):
                time.sleep(0.1)
                os.kill(pid, getattr(signal, act['signal']))
            else: os.write(master, act.encode())
    gone, status = os.waitpid(pid, os.WNOHANG)
    ended = gone == pid
if not ended:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    status = signal.SIGKILL
read()
flags = termios.tcgetattr(slave)[3]
print(json.dumps({
    'screen': shown.decode('utf-8', 'replace'),
    'status': os.waitstatus_to_exitcode(status),
    'restored': bool(flags & termios.ICANON and flags & termios.ECHO),
    'untyped': len(steps),
}))
`
