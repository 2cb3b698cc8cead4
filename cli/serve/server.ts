/** A server of one page for the browser of the same machine, which tells open pages when there is another. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError } from '#base/input-error.ts';

/** `working`: something changed and is being judged; `changed`: there is a new page; `problem`: there is none, and why. */
export type News = 'working' | 'changed' | 'problem';

export interface PageServer {
  /** Where the page is. */
  readonly address: string;
  readonly tell: (news: News, text?: string) => void;
  readonly close: () => Promise<void>;
}

/** Nobody else's machine, and no other site in the same browser, gets to see the page. */
const HOST = '127.0.0.1';

/** Serves what `page` gives at `port`; at any that is free for 0. Throws `InputError` for one that is in use. */
export async function servePage(port: number, page: () => string): Promise<PageServer> {
  const listeners = new Set<ServerResponse>();
  const server = createServer((request, response) => answer(request, response, page, listeners));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  }).catch((error: unknown) => {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new InputError(
      `cannot serve at port ${port}: ${code}\n  to use another: conform review --serve PORT`,
    );
  });
  return {
    address: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    tell: (news, text = '') => {
      for (const listener of listeners) listener.write(`event: ${news}\ndata: ${JSON.stringify(text)}\n\n`);
    },
    close: () =>
      new Promise((resolve) => {
        for (const listener of listeners) listener.end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  { method, url, headers: { host = '' } }: IncomingMessage,
  response: ServerResponse,
  page: () => string,
  listeners: Set<ServerResponse>,
): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cache-Control', 'no-store');
  response.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
  // A foreign name that leads here belongs to a foreign site.
  if (!/^(?:127\.0\.0\.1|localhost):\d+$/.test(host)) refuse(response, 403, 'only for this machine');
  else if (method !== 'GET' && method !== 'HEAD') refuse(response, 405, 'only to be read');
  else if (url === '/') {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end(method === 'HEAD' ? undefined : page());
  } else if (url === '/news') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(': listening\n\n');
    listeners.add(response);
    response.on('close', () => listeners.delete(response));
  } else refuse(response, 404, 'there is one page: /');
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${text}\n`);
}
