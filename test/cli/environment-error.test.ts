import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { whatSystemDenies } from '../../cli/environment-error.ts';

function thrownBy(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('errors of the system', () => {
  it('should be about the machine where it gives no rights or has no room', () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      syscall: 'write',
    });
    expect(whatSystemDenies(full)).toBe(
      `${full.message}\n  to do: see to what is there, to rights and to room`,
    );
    const noPlace = thrownBy(() => mkdtempSync('/nowhere/at/all'));
    expect(whatSystemDenies(noPlace)).toContain('set TMPDIR');
  });

  it('should be about a name that leads nowhere', () => {
    expect(whatSystemDenies(thrownBy(() => readFileSync('/')))).toContain('EISDIR');
    expect(whatSystemDenies(thrownBy(() => readFileSync('/dev/null/below')))).toContain('ENOTDIR');
    expect(whatSystemDenies(thrownBy(() => readFileSync(`/${'a'.repeat(300)}`)))).toContain('ENAMETOOLONG');
  });

  it('should be about a null byte in a name of a file or in a word for another program', () => {
    for (const act of [() => readFileSync('a\0b'), () => spawnSync('git', ['a\0b'])])
      expect(whatSystemDenies(thrownBy(act))).toContain('take the null byte out');
  });

  it('should be our defects where we ask for what cannot be', () => {
    expect(whatSystemDenies(thrownBy(() => readFileSync('/nowhere/at/all')))).toBeUndefined();
    expect(whatSystemDenies(new Error('EACCES'))).toBeUndefined();
    expect(whatSystemDenies('EACCES')).toBeUndefined();
  });
});
