// The static check: names that do not exist are found in branches that are never taken, and names that do
// exist are never complained about.
import { expect, it } from 'vitest';
import { createTemplate } from '../../src/workflow/index.ts';

function findings(source: string): string[] {
  return createTemplate({ source, path: '/W', firstLine: 5 })
    .check()
    .map(
      ({ message, kind }) => `${kind.replace('template_', '')} ${message.replace('; correct the name', '')}`,
    );
}

it.each([
  [
    '{% if false %}{{ isue.title }}{% endif %}',
    'render_error /W:5:18: unknown variable "isue" (did you mean "issue"?)',
  ],
  [
    '{% if true %}{% else %}{{ issue.titel }}{% endif %}',
    'render_error /W:5:27: issue has no field "titel" (did you mean "title"?)',
  ],
  ['{% unless true %}{{ run.turn }}{% endunless %}', 'render_error /W:5:21: run has no field "turn"'],
  ['{% case 1 %}{% when 2 %}{{ x }}{% endcase %}', 'render_error /W:5:28: unknown variable "x"'],
  [
    '{% for c in issue.comments %}{{ c.authr }}{% endfor %}',
    'render_error /W:5:33: c has no field "authr" (did you mean "author"?)',
  ],
  [
    '{% for c in issue.comment %}{% endfor %}',
    'render_error /W:5:13: issue has no field "comment" (did you mean "comments"?)',
  ],
  [
    '{% for b in issue.blocked_by %}{{ b.title }}{% endfor %}',
    'render_error /W:5:35: b has no field "title"',
  ],
  ['{% for l in issue.labels %}{{ l.name }}{% endfor %}', 'render_error /W:5:31: l has no field "name"'],
  ['{% for c in issue.comments %}{% endfor %}{{ c.body }}', 'render_error /W:5:45: unknown variable "c"'],
  [
    '{% for c in issue.comments %}{% else %}{{ c.body }}{% endfor %}',
    'render_error /W:5:43: unknown variable "c"',
  ],
  ['{% for c in issue.comments limit: max %}{% endfor %}', 'render_error /W:5:35: unknown variable "max"'],
  [
    '{% for c in issue.comments %}{{ forloop.idx }}{% endfor %}',
    'render_error /W:5:33: forloop has no field "idx"',
  ],
  [
    '{% tablerow c in issue.comments %}{{ c.x }}{% endtablerow %}',
    'render_error /W:5:38: c has no field "x"',
  ],
  ['{{ issue.parent.title }}', 'render_error /W:5:4: issue.parent has no field "title"'],
  [
    '{{ issue.comments[0].bdy }}',
    'render_error /W:5:4: issue.comments[0] has no field "bdy" (did you mean "body"?)',
  ],
  ['{{ issue["titel"] }}', 'render_error /W:5:4: issue has no field "titel" (did you mean "title"?)'],
  ['{{ issue.title.upper }}', 'render_error /W:5:4: issue.title has no field "upper"'],
  ['{{ attempt.number }}', 'render_error /W:5:4: attempt has no field "number"'],
  ['{{ "a" | append: sufix }}', 'render_error /W:5:18: unknown variable "sufix"'],
  [
    '{% assign z = issue.comments | first %}{{ z.autor }}',
    'render_error /W:5:43: z has no field "autor" (did you mean "author"?)',
  ],
  ['{{ later }}{% assign later = 1 %}', 'render_error /W:5:4: unknown variable "later"'],
  ['{% capture x %}{{ nope }}{% endcapture %}', 'render_error /W:5:19: unknown variable "nope"'],
  ['{% if a == issue.id %}{% endif %}', 'render_error /W:5:7: unknown variable "a"'],
  [
    '{% if false %}{{ issue.title | upcas }}{% endif %}',
    'parse_error /W:5:32: unknown filter "upcas" (did you mean "upcase"?)',
  ],
  ['{{ issue.labels | where_exp: "x", issue.title }}', 'parse_error /W:5:19: unknown filter "where_exp"'],
  ['{% liquid\n  if false\n    echo nope\n  endif\n%}', 'render_error /W:7:10: unknown variable "nope"'],
])('finds the mistake in %j', (source, expected) => {
  expect(findings(source)).toEqual([expected]);
});

it('finds all of them at once, in the order of the file', () => {
  expect(
    findings('{{ a }}\n{{ issue.b | c }}\n{% if false %}{{ d }}{% endif %}').map(
      (text) => text.split(':', 3)[1],
    ),
  ).toEqual(['5', '6', '6', '7']);
});

it.each([
  `${'- [ ] (an item\n'.repeat(300)}{% if true %}${'{% elsif true %}if\n'.repeat(200)}{% endif %}${'{% if true %}{% endif %}'.repeat(300)}`,
  '{% for c in issue.comments offset: continue %}{{ c.body }}{{ forloop.index }}{% endfor %}',
  '{% for c in issue.comments reversed limit: 2 %}{{ c.author }}{% endfor %}',
  '{% for c in issue.comments %}{% if prev %}{{ prev }}{% endif %}{% assign prev = c.body %}{% endfor %}',
  '{% if true %}{% assign x = 1 %}{% endif %}{{ x }}',
  '{% assign x = issue %}{% assign x = 1 %}{{ x.anything }}',
  '{% assign issue = issue.title %}{{ issue.size }}',
  '{% capture x %}a{% endcapture %}{{ x.size }}{{ x | upcase }}',
  '{% increment n %}{{ n }}{% decrement m %}',
  '{{ issue.labels.size }}{{ issue.labels.first }}{{ issue.labels[0] }}{{ issue.title.size }}{{ issue.comments.last.body }}',
  '{{ issue.labels | sort | first }}{{ issue.comments | map: "body" | join: "" }}',
  '{% assign mine = issue.comments | where: "author", "Kim" %}{% for c in mine %}{{ c.body }}{% endfor %}',
  '{% for i in (1..run.max_turns) %}{{ i }}{% endfor %}',
  '{% for pair in issue.parent %}{{ pair[0] }}{% endfor %}',
  '{% assign key = "title" %}{{ issue[key] }}',
  '{{ ci_failure.anything.at.all }}{% for r in review_comments %}{{ r.body }}{% endfor %}',
  '{{ issue.description | default: "none" }}{% cycle "a", "b" %}{% echo issue.id %}',
  '{% raw %}{{ nope }}{% endraw %}{% comment %}{{ nope }}{% endcomment %}{% # {{ nope }} %}',
  '{% case issue.state %}{% when "A", "B" %}{% else %}{% endcase %}{% if issue.labels contains "x" and attempt > 0 %}{% endif %}',
  '{% if issue.parent == nil or issue.title == blank or issue.labels == empty %}{% endif %}',
  '{% tablerow c in issue.comments cols: 2 %}{{ c.body }}{{ tablerowloop.col }}{% endtablerow %}',
])('says nothing about %j', (source) => {
  expect(findings(source)).toEqual([]);
});
