/**
 * Makes the process outlive readers that have seen enough (`| head`): what is written after that goes nowhere, and the exit code still
 * says what was found. A report that cannot be written for another reason is one that nobody has: it could not run. Returns what makes
 * the exit code of the process from that of the work.
 *
 * @returns {(code: number) => number}
 */
export function outliveReaders() {
  let isLost = false;
  process.stderr.on('error', () => {});
  process.stdout.on('error', (error) => {
    if (error.code === 'EPIPE' || isLost) return;
    isLost = true;
    process.stderr.write(`standard output cannot be written: ${error.message}\n`);
    process.exitCode = 2;
  });
  return (code) => (isLost ? 2 : code);
}
