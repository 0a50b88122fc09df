import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseScriptHeader } from '../../../../electron/platform/linux/files.ts';

/** As the kernel hands it over: 256 bytes, zeros behind the end of the file. */
function header(content: string | Buffer): Buffer {
  const bytes = Buffer.alloc(256);
  Buffer.from(content as string, 'latin1').copy(bytes);
  return bytes;
}

describe('parseScriptHeader', () => {
  it.each([
    ['#!/bin/sh\n', '/bin/sh', null],
    ['#!/bin/sh', '/bin/sh', null],
    ['#! /bin/sh -e  \n', '/bin/sh', '-e'],
    ['#!\t/usr/bin/env\tperl -w x\t\n', '/usr/bin/env', 'perl -w x'],
    ['#!/bin/sh\r\n', '/bin/sh\r', null],
    ['#!/bin/sh \0hidden\n', '/bin/sh', ''],
    ['#!/bin/sh ', '/bin/sh', ''],
    ['#!/bin/sh  \n', '/bin/sh', null],
    ['#!/bin/sh -x\0y\n', '/bin/sh', '-x'],
    [`#!${'/bin/sh'.padStart(253, '/')}\n`, '/bin/sh'.padStart(253, '/'), null],
    ['#!/bin/sh\0hidden arg\n', '/bin/sh', null],
    ['#!sh\n', 'sh', null],
  ])('reads %j', (content, interpreter, argument) => {
    expect(parseScriptHeader(header(content))).toEqual({ interpreter, argument });
  });

  it.each(['', '#', '#!\n', '#!   \t\n', 'x#!/bin/sh\n', '\x7fELF', '#!\0/bin/sh\n'])('takes %j for no script', (content) => {
    expect(parseScriptHeader(header(content))).toBeNull();
  });

  it('refuses a name that the 256 bytes may have cut short, and takes a cut argument as the kernel does', () => {
    expect(parseScriptHeader(header(`#!/${'a'.repeat(300)}`))).toBeNull();
    const cut = parseScriptHeader(header(`#!/bin/sh ${'a'.repeat(300)}`));
    expect(cut).toEqual({ interpreter: '/bin/sh', argument: 'a'.repeat(245) });
  });

  it('keeps bytes that are not UTF-8', () => {
    expect(parseScriptHeader(header('#!/bin/\xff \xfe\n'))).toEqual({ interpreter: '/bin/\udcff', argument: '\udcfe' });
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 256 }), (bytes) => {
      parseScriptHeader(header(Buffer.concat([Buffer.from('#!'), bytes])));
    }));
  });
});
