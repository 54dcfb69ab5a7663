// Log lines: one a call, parseable, bound context, no secrets, nothing lost.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLogger, createRedactor, type Logger, type LoggerOptions } from '../../src/telemetry/index.ts';

function logTo(options: Partial<LoggerOptions> = {}): { log: Logger; lines: string[]; text: () => string } {
  const lines: string[] = [];
  const destination = { write: (line: string) => lines.push(line) };
  return {
    log: createLogger({ level: 'debug', format: 'text', destination, ...options }),
    lines,
    text: () => lines.join(''),
  };
}

/** A reader of logfmt, written from its description and not from the writer. */
function parseLogfmt(line: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  let rest = line.trimEnd();
  while (rest !== '') {
    const match = /^([A-Za-z0-9_.-]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?: |$)/.exec(rest);
    if (match?.[1] === undefined || match[2] === undefined) throw new Error(`not logfmt: ${rest}`);
    pairs[match[1]] = match[2].startsWith('"') ? (JSON.parse(match[2]) as string) : match[2];
    rest = rest.slice(match[0].length);
  }
  return pairs;
}

const context = {
  issue_id: '10042',
  issue_identifier: 'SHOP-42',
  run_id: 'r1',
  session_id: 's1',
  attempt: 0,
};

describe('a text log', () => {
  it('is logfmt: time, level, message, then context and facts', () => {
    const { log, text } = logTo();
    log.child(context).info('run finished', { status: 'succeeded', seconds: 1.5, error: '' });
    expect(text()).toMatch(
      /^time=\d{4}-\d\d-\d\dT[\d:.]+Z level=INFO msg="run finished" issue_id=10042 issue_identifier=SHOP-42 run_id=r1 session_id=s1 attempt=0 status=succeeded seconds=1\.5 error=""\n$/,
    );
  });

  it.each([
    ['a second line', 'x\nlevel=ERROR msg="forged"'],
    ['a closing quote', 'x" level=ERROR msg="forged'],
    ['a backslash', 'x\\" y'],
    ['ANSI', '\u001b[2J\u001b[31mred'],
    ['a C1 control', '\u009b31m'],
    ['a carriage return', 'x\rtime=0'],
    ['a Unicode line end', 'x\u2028y\u2029z\u0085'],
    ['a direction override', '\u202etxt.exe'],
    ['an equals sign', 'a=b'],
    ['nothing', ''],
    ['NUL', 'a\u0000b'],
  ])('keeps %s inside of its value', (_what, value) => {
    const { log, lines } = logTo();
    log.info('agent said', { message: value });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^[^\n]*\n$/);
    // eslint-disable-next-line no-control-regex -- the point of the test
    expect(lines[0]?.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202e]/);
    const parsed = parseLogfmt(lines[0] ?? '');
    expect([parsed['level'], parsed['msg'], parsed['message']]).toEqual(['INFO', 'agent said', value]);
  });

  it('is one parseable line for any text in any field', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (key, value) => {
        const { log, text } = logTo();
        log.warn('any', { [key]: value, told: value });
        expect(text().indexOf('\n')).toBe(text().length - 1);
        expect(parseLogfmt(text())['told']).toBe(value);
      }),
    );
  });
});

describe('a JSON log', () => {
  it('is one object a line with ISO time, a word for the level, and the same fields', () => {
    const { log, lines } = logTo({ format: 'json' });
    log.child(context).error('handoff failed', { reason: 'no transition' });
    const record = JSON.parse(lines[0] ?? '') as Record<string, unknown>;
    expect(record).toMatchObject({
      level: 'ERROR',
      msg: 'handoff failed',
      ...context,
      reason: 'no transition',
    });
    expect(new Date(record['time'] as string).toISOString()).toBe(record['time']);
  });

  it('is one parseable line for any value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const { log, lines } = logTo({ format: 'json' });
        log.info('any', { value });
        expect(lines).toHaveLength(1);
        expect(lines[0]?.slice(0, -1)).not.toMatch(/[\n\r\u2028\u2029]/);
        JSON.parse(lines[0] ?? '');
      }),
    );
  });
});

describe.each(['text', 'json'] as const)('a %s log', (format) => {
  it('leaves out what is below its level', () => {
    const { log, lines } = logTo({ format, level: 'warn' });
    log.debug('a');
    log.info('b');
    log.warn('c');
    log.error('d');
    expect(lines).toHaveLength(2);
    expect([log.isEnabled('info'), log.isEnabled('warn')]).toEqual([false, true]);
  });

  it('cannot have its own keys overwritten', () => {
    const { log, text } = logTo({ format });
    log.child({ level: 'forged' }).info('real', { time: 'forged', level: 'forged', msg: 'forged' });
    const record = format === 'json' ? (JSON.parse(text()) as Record<string, string>) : parseLogfmt(text());
    expect([record['level'], record['msg'], record['level_field']]).toEqual(['INFO', 'real', 'forged']);
    expect(record['time']).toMatch(/^\d{4}-/);
  });

  it('holds no secret: not in messages, fields, bindings, errors, keys or numbers', () => {
    const { redact } = createRedactor(['hunter2-secret', '87654321']);
    const { log, text } = logTo({ format, redact });
    log.child({ session_id: 'x-hunter2-secret' }).warn('got hunter2-secret', {
      'hunter2-secret': 1,
      nested: { deep: ['hunter2-secret'] },
      error: new Error('401 for hunter2-secret', { cause: new Error('Bearer hunter2-secret') }),
      pin: 87_654_321,
    });
    expect(text()).not.toMatch(/hunter2|87654321/);
    expect(text()).toContain('[redacted]');
  });

  it('says of an error what it is and why, with a stack only where a programmer must look', () => {
    class TrackerTrouble extends Error {
      override readonly name = 'TrackerTrouble';
    }
    const { log, text, lines } = logTo({ format });
    log.warn('typed', { error: new TrackerTrouble('no answer', { cause: new Error('ECONNREFUSED') }) });
    expect(text()).toContain('no answer: ECONNREFUSED');
    expect(text()).not.toContain('error_stack');
    log.error('bug', { error: new TypeError('x is not a function') });
    expect(lines[1]).toContain('error_stack');
  });

  it('cuts a value that is too long, and says how much is missing', () => {
    const { log, text } = logTo({ format });
    log.info('flood', { output: 'x'.repeat(10_000_000) });
    expect(text().length).toBeLessThan(20_000);
    expect(text()).toContain('(9983616 more characters)');
  });

  it('survives values that cannot be read, and a destination that cannot be written', () => {
    const { log, lines } = logTo({ format });
    const circular: Record<string, unknown> = { big: 10n };
    circular['self'] = circular;
    const hostile = {
      get boom(): string {
        throw new Error('getter');
      },
    };
    log.info('odd', { circular, hostile, big: 5n, fn: () => 1, none: undefined });
    log.info('odder', hostile);
    log.child(hostile).info('oddest');
    expect(lines).toHaveLength(3);
    const broken = createLogger({
      level: 'info',
      format,
      destination: {
        write: () => {
          throw new Error('EPIPE');
        },
      },
    });
    expect(() => broken.error('lost')).not.toThrow();
  });
});
