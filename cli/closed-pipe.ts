/**
 * Makes the process outlive readers that have seen enough (`| head`): what is written after that goes nowhere, and the
 * exit code still says what was found.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}
