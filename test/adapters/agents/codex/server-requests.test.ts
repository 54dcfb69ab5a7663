// Every request of Codex has an answer, and no answer grants more than the sandbox does.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeRequest, requestId } from '../../../../adapters/agents/codex/server-requests.ts';

describe('requests of Codex', () => {
  it.each([
    ['item/commandExecution/requestApproval', { decision: 'accept' }, { decision: 'decline' }],
    ['item/fileChange/requestApproval', { decision: 'accept' }, { decision: 'decline' }],
    ['execCommandApproval', { decision: 'approved' }, { decision: { denied: expect.anything() as unknown } }],
    ['applyPatchApproval', { decision: 'approved' }, { decision: { denied: expect.anything() as unknown } }],
  ])('%s is granted only where the sandbox grants all', (method, granted, refused) => {
    const yes = judgeRequest({ id: 1, method, params: {} }, true);
    expect(yes.answer).toEqual({ result: granted });
    expect(yes.event.kind).toBe('approval_auto_approved');
    expect(yes.wanted).toBeNull();
    const no = judgeRequest({ id: 1, method, params: {} }, false);
    expect(no.answer).toEqual({ result: refused });
    expect(no.wanted?.reason).toBe('permission_refused');
  });

  it('grants an MCP tool only where the sandbox grants all', () => {
    const message = {
      id: 1,
      method: 'mcpServer/elicitation/request',
      params: { serverName: 's', _meta: { codex_approval_kind: 'mcp_tool_call' } },
    };
    expect(judgeRequest(message, true).answer).toMatchObject({ result: { action: 'accept' } });
    expect(judgeRequest(message, false).answer).toMatchObject({ result: { action: 'decline' } });
  });

  it('never grants more rights than there are', () => {
    const message = {
      id: 1,
      method: 'item/permissions/requestApproval',
      params: { permissions: { network: {} } },
    };
    expect(judgeRequest(message, true).answer).toEqual({ result: { permissions: {}, scope: 'turn' } });
  });

  it('remembers a question to a person', () => {
    const message = {
      id: 1,
      method: 'item/tool/requestUserInput',
      params: { questions: [{ question: 'Which\ncolour?' }, 7] },
    };
    expect(judgeRequest(message, true).wanted).toEqual({ reason: 'input_required', detail: 'Which colour?' });
  });

  it('has an answer to anything, and an event of one line', () => {
    const method = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'item/commandExecution/requestApproval',
        'item/fileChange/requestApproval',
        'item/permissions/requestApproval',
        'item/tool/requestUserInput',
        'mcpServer/elicitation/request',
        'item/tool/call',
        'execCommandApproval',
      ),
    );
    fc.assert(
      fc.property(method, fc.anything(), fc.boolean(), (name, params, grantsAll) => {
        const { answer, event } = judgeRequest({ id: 1, method: name, params }, grantsAll);
        expect('result' in answer || 'error' in answer).toBe(true);
        expect(() => JSON.stringify(answer)).not.toThrow();
        const text = 'message' in event ? event.message : 'name' in event ? event.name : '';
        expect(text).toMatch(/^[^\n]+$/);
      }),
    );
  });

  it('knows which ids can be answered', () => {
    expect(requestId({ id: 0, method: 'a' })).toBe(0);
    expect(requestId({ id: 'x', method: 'a' })).toBe('x');
    for (const id of [null, {}, [], true, Number.NaN, undefined])
      expect(requestId({ id, method: 'a' })).toBeNull();
    expect(requestId({ id: 1 })).toBeNull();
  });
});
