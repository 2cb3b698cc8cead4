import { describe, expect, it } from 'vitest';
import { mutationsOf } from '#pmem/mutants/operators.ts';

/** The code with each mistake in it, by operator. */
function mutants(code: string): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { operator, start, end, replacement } of mutationsOf(code)) {
    const text = (code.slice(0, start) + replacement + code.slice(end)).replaceAll(/\s+/g, ' ').trim();
    found[operator] = [...(found[operator] ?? []), text];
  }
  return found;
}

describe('mistakes', () => {
  it('should drop, double and move what makes something durable', () => {
    const code = 'function f() { memcpy(kernel, to, from); cleanCacheRange(kernel, to, 8); wmb(kernel); }';
    const found = mutants(code);
    expect(found['drop']).toEqual([
      'function f() { ; cleanCacheRange(kernel, to, 8); wmb(kernel); }',
      'function f() { memcpy(kernel, to, from); ; wmb(kernel); }',
      'function f() { memcpy(kernel, to, from); cleanCacheRange(kernel, to, 8); ; }',
    ]);
    expect(found['twice']).toHaveLength(2);
    expect(found['early']).toEqual([
      'function f() { cleanCacheRange(kernel, to, 8); memcpy(kernel, to, from); wmb(kernel); }',
      'function f() { memcpy(kernel, to, from); wmb(kernel); cleanCacheRange(kernel, to, 8); }',
    ]);
  });

  it('should make a length shorter and an address a line further', () => {
    const found = mutants('archWbCachePmem(kernel, address, sizeBytes);');
    expect(found['shorter']).toEqual(['archWbCachePmem(kernel, address, Math.max(0, (sizeBytes) - 1));']);
    expect(found['line']).toEqual(['archWbCachePmem(kernel, (address) + 64, sizeBytes);']);
  });

  it('should forget an offset, a check, an error, a tag, and round the other way', () => {
    const found = mutants(`function f() {
      if (bad) return -EIO;
      entry.dirty = false;
      return start + Math.floor(offset / 512);
    }`);
    expect(found['unchecked']?.[0]).toContain('{ ; entry.dirty');
    expect(found['error']?.[0]).toContain('return 0;');
    expect(found['drop']?.[0]).not.toContain('entry.dirty');
    expect(found['flag']?.[0]).toContain('entry.dirty = true');
    expect(found['term']?.[0]).toContain('return start;');
    expect(found['round']?.[0]).toContain('Math.ceil(offset');
  });

  it('should store through the cache in place of past it', () => {
    expect(mutants('cpu.storeNonTemporalRange(to, data, 8);')['cached']).toEqual([
      'cpu.storeRange(to, data, 8);',
    ]);
  });

  it('should leave alone what says nothing of memory', () => {
    expect(mutationsOf("import { a } from 'b';\nconst x = names.map(String);\nprint(x);")).toEqual([]);
  });

  it('should say where and in which function', () => {
    const [first] = mutationsOf('function flushAll() {\n  wmb(kernel);\n}');
    expect(first).toMatchObject({
      operator: 'drop',
      inFunction: 'flushAll',
      line: 2,
      does: "drops 'wmb(kernel);'",
    });
  });
});
