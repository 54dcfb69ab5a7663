// Starts a bundled program with its compiled code beside it: most of the start of a process is reading a megabyte of
// source, and 200 of them are started. The first one leaves the code there when it ends.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { Script } from 'node:vm';

const program = process.argv[2];
const compiled = `${program}.code`;
const cachedData = existsSync(compiled) ? readFileSync(compiled) : undefined;
const script = new Script(Module.wrap(readFileSync(program, 'utf8')), { filename: program, cachedData });
if (cachedData === undefined) process.once('exit', () => writeFileSync(compiled, script.createCachedData()));
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(program), module, program);
