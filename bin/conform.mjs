#!/usr/bin/env node
// Starts the command line tool straight from its TypeScript sources.
import module from 'node:module';
import { installWhenNeeded } from '../scripts/with-dependencies.mjs';

installWhenNeeded();
// From Node 22 on, code that was compiled once is kept.
module.enableCompileCache?.();
const { register } = await import('tsx/esm/api');
register();
const { outliveReaders } = await import('../cli/closed-pipe.ts');
outliveReaders();
const { main } = await import('../cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
