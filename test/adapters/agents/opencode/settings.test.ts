// The block `opencode:`, and the permissions that come of it.
import { describe, expect, it } from 'vitest';
import { permissionMap } from '../../../../adapters/agents/opencode/permission.ts';
import { opencodeSettings } from '../../../../adapters/agents/opencode/settings.ts';

describe('the block', () => {
  it('has defaults for an unattended agent', () => {
    expect(opencodeSettings.parse({})).toEqual({
      thinking: false,
      pure: false,
      dangerously_skip_permissions: true,
      disable_autocompact: true,
    });
  });

  it.each([
    ['model', 'no-slash'],
    ['model', '--auto/x'],
    ['agent', '-x'],
    ['variant', ''],
    ['allowed_tools', ['bash(git *)']],
    ['denied_tools', ['*']],
    ['thinking', 'yes'],
  ])('refuses %s: %j', (key, value) => {
    expect(opencodeSettings.safeParse({ [key]: value }).success).toBe(false);
  });

  it.each([
    [['bash'], ['bash'], 'bash'],
    [['edit', 'read'], ['write'], 'edit'],
  ])('refuses %j as allowed and %j as denied', (allowed_tools, denied_tools, rule) => {
    const { error } = opencodeSettings.safeParse({ allowed_tools, denied_tools });
    expect(error?.issues[0]?.path).toEqual(['denied_tools']);
    expect(error?.issues[0]?.message).toContain(rule);
  });
});

describe('permissions', () => {
  it('say nothing without lists', () => {
    expect(permissionMap(undefined, undefined)).toBeNull();
  });

  it('deny all but what is allowed, every known permission by its name', () => {
    const map = permissionMap(['bash', 'write', 'tracker_*'], undefined);
    expect(map).toMatchObject({
      '*': 'deny',
      bash: 'allow',
      edit: 'allow',
      'tracker_*': 'allow',
      read: 'deny',
    });
    // The last rule that matches wins.
    expect(Object.keys(map ?? {})[0]).toBe('*');
    expect(Object.keys(map ?? {}).slice(-3)).toEqual(['bash', 'edit', 'tracker_*']);
  });

  it('deny nothing when an empty list of denied tools is given, and everything for an empty list of allowed ones', () => {
    expect(permissionMap(undefined, [])).toEqual({});
    expect(Object.values(permissionMap([], undefined) ?? {})).not.toContain('allow');
  });

  it('put what is denied last', () => {
    const map = permissionMap(['tracker_*'], ['tracker_delete', 'webfetch']);
    expect(Object.entries(map ?? {}).slice(-2)).toEqual([
      ['tracker_delete', 'deny'],
      ['webfetch', 'deny'],
    ]);
  });
});
