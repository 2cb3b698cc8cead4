/**
 * Runs a command within limits of time and output. It gets a process group of its own, which is ended with it: nothing that it leaves
 * behind goes on running or keeps anybody waiting.
 */
import { spawn } from 'node:child_process';

export interface CommandRequest {
  /** For the shell. */
  readonly command: string;
  readonly folder: string;
  readonly input: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly outputBytesMax: number;
}

/** How a command ended: by itself, or because it broke a limit. */
export type Ending =
  | { readonly kind: 'exit'; readonly code: number }
  | { readonly kind: 'signal'; readonly signal: string }
  | { readonly kind: 'stopped'; readonly why: string };

export interface CommandOutcome {
  readonly ending: Ending;
  readonly output: string;
  /** The end of what it said on standard error. */
  readonly said: string;
}

/** Milliseconds for output still on its way once the command itself has ended. */
const DRAIN_MS = 200;

/** Bytes of standard error that are kept. */
const SAID_MAX = 4096;

/** Runs a command to its end. Rejects when the shell cannot be started. */
export function runCommand(request: CommandRequest): Promise<CommandOutcome> {
  const { command, folder, input, environment, timeoutSeconds, outputBytesMax } = request;
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', command], {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let said = '';
    let ending: Ending | undefined;
    const stop = (why: string): void => {
      ending ??= { kind: 'stopped', why };
      endGroup(child.pid);
    };
    const timer = setTimeout(() => stop(`took longer than ${timeoutSeconds} s`), timeoutSeconds * 1000);
    let drain: NodeJS.Timeout | undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > outputBytesMax) stop(`printed more than ${outputBytesMax} bytes`);
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString('utf8')}`.slice(-SAID_MAX);
    });
    // A command need not read its workload.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      ending ??= signal === null ? { kind: 'exit', code: code ?? 0 } : { kind: 'signal', signal };
      drain = setTimeout(() => {
        if (ending?.kind === 'exit')
          ending = { kind: 'stopped', why: 'ended, but left processes behind that hold its output open' };
        endGroup(child.pid);
        child.stdout.destroy();
        child.stderr.destroy();
      }, DRAIN_MS);
    });
    child.on('close', () => {
      clearTimeout(timer);
      clearTimeout(drain);
      endGroup(child.pid);
      const output = Buffer.concat(chunks).toString('utf8');
      resolve({ ending: ending ?? { kind: 'exit', code: 0 }, output, said });
    });
  });
}

/** Ends every process of a group that is still there. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // There is none left.
  }
}
