// Where the settings come from, when they were read, and whether the last reading was refused.

import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import { Ago, Utc } from '../ui/time.tsx';
import type { SettingsAnswer } from '../wire.ts';

export function WorkflowFile({ settings }: { readonly settings: SettingsAnswer | null }) {
  return (
    <Section title="Workflow file">
      {settings === null ? (
        <p class="soft">Not read yet.</p>
      ) : (
        <>
          <p class="mono">
            <Text text={settings.workflow_path} lines={0} />
          </p>
          <p>
            {settings.loaded_at === null ? (
              'Not read yet.'
            ) : (
              <>
                Last read well at <Utc at={settings.loaded_at} /> (<Ago at={settings.loaded_at} />
                ).
              </>
            )}
          </p>
          {settings.reload_error === null ? (
            <p class="soft">Saving it reloads it; a mistake changes nothing and is shown here.</p>
          ) : (
            <div class="problem">
              <p>
                Refused
                {settings.reload_failed_at === null ? null : (
                  <>
                    {' '}
                    at <Utc at={settings.reload_failed_at} /> (<Ago at={settings.reload_failed_at} />)
                  </>
                )}
                ; the settings before stay in force:
              </p>
              <p class="mono">
                <Text text={settings.reload_error} lines={0} />
              </p>
            </div>
          )}
        </>
      )}
    </Section>
  );
}
