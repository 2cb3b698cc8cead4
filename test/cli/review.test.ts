/** `conform review` in a user's own repository: the reply, another version, the letter, and the server. */
import { existsSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { servePage } from '../../cli/serve/server.ts';
import { serveBook } from '../../cli/serve/serve.ts';
import { conformIn, type Printed } from '../support/conform.ts';
import { newRepository, type Repository } from '../support/repository.ts';

let repository: Repository;
let outer: string;
beforeEach(() => {
  repository = newRepository();
  outer = join(repository.folder, '..');
  writeFileSync(join(outer, 'probe.sh'), `printf 'result\\t\\t%s\\n' "$(cat value)"\n`);
  repository.commit('base', {
    value: 'one',
    'conform.config.yaml':
      'range: base..main\nprobe:\n  run: sh "$CONFORM_PROJECT/../probe.sh"\n  dimensions: { result: }\n',
  });
  repository.git('branch', 'base');
});
afterEach(() => repository.remove());

const conform = (...words: string[]): Promise<Printed> =>
  conformIn({ folder: repository.folder, cacheHome: join(outer, 'cache') }, words);

describe('the reply to a commit', () => {
  it('should name its author and date, quote it, and say what is wrong', async () => {
    repository.commit('Change the value', { value: 'two' });
    const { code, out } = await conform('review', '1', '--reply');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^Subject: Re: \[PATCH 1\/1\] Change the value\n\nOn .*, A Tester <tester@example.org> wrote:\n/,
    );
    expect(out).toContain('> -one\n> \\ No newline at end of file\n> +two\n');
    expect(out).toContain('wrong result');
    expect(out).toContain('NAK, until the above is answered.');
  });

  it('should be asked for of one step, and not as a page', async () => {
    repository.commit('One', { 'a.txt': 'a' });
    expect((await conform('review', '--reply')).err).toContain('--reply answers one step');
    expect((await conform('review', '1', '--reply', '--format', 'html')).err).toContain(
      'allowed: one of them',
    );
  });
});

describe('another version of a range', () => {
  it('should tell which commits changed in patch and evidence', async () => {
    repository.commit('One', { 'a.txt': 'a' });
    repository.commit('Two', { value: 'two' });
    repository.git('branch', 'v1');
    repository.git('reset', '--quiet', '--hard', 'HEAD~1');
    repository.commit('Two', { 'b.txt': 'b' });
    const { code, out } = await conform('review', '--against', 'base..v1');
    expect(code).toBe(0);
    expect(out).toContain('Against base..v1: 1 of 2 steps changed');
    expect(out).toMatch(/ 1 {2}same +One\n/);
    expect(out).toMatch(/ 2 {2}patch, evidence +Two\n/);
    expect(out).toContain('- failure: wrong result');
    const page = await conform('review', '--against', 'base..v1', '--format', 'html');
    expect(page.out).toContain('1 of 2 steps changed; marks of the others are kept');
    const data = JSON.parse((await conform('review', '--against', 'base..v1', '--format', 'json')).out);
    expect(data.versions.steps.map(({ patch }: { patch: string[] }) => patch.length > 0)).toEqual([
      false,
      true,
    ]);
    expect(data.matrix.rows).toHaveLength(2);
    const one = JSON.parse((await conform('review', '2', '--against', 'base..v1', '--format', 'json')).out);
    const [only] = one.versions.steps;
    expect([only.was, only.gone]).toEqual([2, expect.arrayContaining(['the step fails'])]);
    expect((await conform('review', '2', '--against', 'base..v1', '--reply')).err).toContain(
      'allowed: one of them',
    );
  });

  it('should be refused where there is none', async () => {
    repository.commit('One', { 'a.txt': 'a' });
    const { code, err } = await conform('review', '--against', 'base..nowhere');
    expect([code, err]).toEqual([2, expect.stringContaining("'nowhere' of base..nowhere is no commit")]);
  });
});

describe('the letter of a branch', () => {
  it('should be its description in git', async () => {
    repository.commit('One', { 'a.txt': 'a' });
    repository.git('config', 'branch.main.description', 'All values at once\n\nBecause one is not enough.');
    const { out } = await conform('review', '--format', 'html');
    expect(out).toContain('<h2 id="cover-title">All values at once</h2>');
    expect(out).toContain('Because one is not enough.');
  });
});

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

function ask(address: string, host?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    get(address, host === undefined ? {} : { headers: { host } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece: string) => (text += piece));
      response.on('end', () => resolve({ status: response.statusCode, text }));
    }).on('error', reject);
  });
}

describe('the server', () => {
  it('should give its page to this machine alone, and nothing else', async () => {
    const server = await servePage(0, () => 'the page');
    try {
      expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
      expect(await ask(server.address)).toEqual({ status: 200, text: 'the page' });
      expect((await ask(server.address, 'evil.example:80')).status).toBe(403);
      expect((await ask(`${server.address}etc/passwd`)).status).toBe(404);
      const port = Number(new URL(server.address).port);
      await expect(servePage(port, () => '')).rejects.toThrow(`cannot serve at port ${port}: EADDRINUSE`);
    } finally {
      await server.close();
    }
  });

  it('should make the book anew when a commit is made', async () => {
    repository.commit('One', { 'a.txt': 'a' });
    const ending = new AbortController();
    const said: string[] = [];
    let address = '';
    const made = new Promise<void>((resolve) => {
      void serveBook({
        port: 0,
        words: ['--cache-dir', join(outer, 'cache'), 'review', '--format', 'html', '--served'],
        folder: repository.folder,
        watched: [join(repository.folder, '.git', 'logs', 'HEAD')],
        say: (text) => {
          said.push(text);
          if (text.startsWith('made anew when')) repository.commit('Two', { value: 'two' });
          if (text === 'made anew') resolve();
        },
        signal: ending.signal,
        onReady: (where) => (address = where),
      });
    });
    await made;
    const { text } = await ask(address);
    ending.abort();
    expect(text).toContain('connect-src &#39;self&#39;');
    expect(text).toContain('id="step-2"');
    expect(said).toContain('something changed: judging it');
    expect(existsSync(repository.folder)).toBe(true);
  });
});
