"""What Jinja2, set up by `transformers`, makes of small templates.

`cases.json`: for each case the template, its variables, and the text (with the spans of its
generation blocks) or whether it fails, and whether by raise_exception.
"""

import json

import jinja2
import transformers

import render_templates

MESSAGES = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": " Où est 東京? 🙂\n"},
    {"role": "assistant", "content": "Là-bas."},
    {"role": "user", "content": "e\u0301 or \u00e9?"},
]
VARIABLES = {
    "messages": MESSAGES, "text": "  Some <b>bold</b> words, and 'more' of \"them\".\n",
    "n": 7, "x": 2.5, "yes": True, "no": False, "nothing": None, "empty": "", "accent": "e\u0301a",
    "numbers": [3, 1, 2], "nested": {"b": [1, {"c": None}], "a": "ä\u2028", "items": "own"},
    "bos_token": "<s>", "words": ["pear", "Apple", "fig"],
}

# Grouped by what they are about. Texts of one group are rendered one by one.
EXPRESSIONS = """
1 + 2 * 3 - 4 // 3 % 2|7 // -2|-7 % 3|7 % -3|-7.5 % 2|2 ** 3 ** 2|2 ** -1|-2 ** 2|7 / 2|6 / 2
1e3|1e16|1.5e-7|123456789012345680.0|0.1 + 0.2|1_000|0x1f|0b101|0o17|1e22|5e-324|1.0|100000.0
'a' ~ 1 ~ none ~ true ~ 2.50|'a' + 'b' * 3|3 * 'ab'|[1] + [2, 'x']|(1,)|()|(1, 2) + (3,)
'a' 'b' "c"|"q'q"|'\\n\\t\\x41\\u00e9\\101'|'\\d\\\\'|['it\\'s', "q\\"", 'a\\nb\\x00\\u200b\\xa0é']
1 == 1.0|true == 1|'1' == 1|none == none|undefined_a == undefined_b|[1, 2] == [1, 2]|(1,) == [1]
1 < 2 < 3|1 < 3 > 2|'a' < 'b'|'Z' < 'a'|[1, 2] < [1, 3]|not 1 == 2|not none|1 != 2 and 3
n > 5 and 'big' or 'small'|no or empty or 'last'|yes and nothing|nothing and 1|'' or []
'ell' in 'hello'|3 in numbers|4 not in numbers|'b' in nested|none in [none]|'x' in undefined_name
'a' if yes else 'b'|'a' if no|'a' if no else 'b' if no else 'c'|[1 if yes else 2, 3]
messages[0].role|messages[0]['content']|messages[-1].content|messages[9]|messages[9] is undefined
messages[1:]|messages[::-1][0].role|numbers[::2]|numbers[-2:]|numbers[5:1]|'hello'[::-1]|'hello'[1:-1]
'hello'[-3:]|accent[0]|accent|length|accent[::-1]|'🙂é'[1]|numbers[2:0:-1]|numbers[:-10:-1]|(1, 2, 3)[1:]
nested.b[1].c|nested['items']|nested.get('a')|nested.get('z')
nested.get('z', 5)|nested.z is defined|nested.a.b|nested.a.b is defined|n.other is defined
{'a': 1, 'b': [none, true]}|{1: 'x', 1.0: 'y', true: 'z'}|{'k': {'a': (1, 2)}}|{}
text|trim|upper|'ab' | upper ~ 'cd' | upper|('a' ~ 'b') | upper|- n | string|-2 | abs|n | int + 1
""".strip()
FILTERS = """
text | trim|text | length|text | upper|text | lower|text | string|text | capitalize|text | title
'hello wORLD-foo (bar) a.b' | title|'ÉCOLE ß' | lower|'straße ǆ' | upper|'ǆ é' | capitalize|'xxaxx' | trim('x')
nothing | trim|none | default('d')|none | default('d', true)|undefined_name | default('d')|undefined_name | d
nested | tojson|nested | tojson(indent=2)|text | tojson|numbers | tojson|[] | tojson(indent=4)|{} | tojson(2)
{'b': 1, 'a': 2.0} | tojson(sort_keys=true)|'é\u007f\\x01</script>' | tojson|'é🙂' | tojson(ensure_ascii=true)
[1, [2, {'a': []}]] | tojson(indent=1)|{'a': 1} | tojson(separators=(',', ':'))|none | tojson|1e20 | tojson
{1: 2, none: 3, true: 4} | tojson|(1, 'a') | tojson|undefined_name | tojson|x | tojson|{'a': 1} | string
numbers | length|nested | length|undefined_name | length|n | length|numbers | join|numbers | join(', ')
messages | map(attribute='role') | join('-')|messages | map(attribute='name', default='?') | list
words | map('upper') | list|words | map('length') | join(',')|messages | selectattr('role', 'equalto', 'user') | list | length
messages | selectattr('role', 'in', ['user', 'system']) | map(attribute='role') | list|messages | rejectattr('role', 'eq', 'user') | list | length
[1, none, 0, 'a', ''] | select | list|[1, none, 0] | reject('none') | list|numbers | select('odd') | list|numbers | reject('odd') | list
nested | dictsort|{'b': 1, 'A': 3, 'c': 2} | dictsort|{'b': 1, 'A': 3} | dictsort(true)|{'b': 1, 'A': 3, 'c': 2} | dictsort(by='value', reverse=true)
nested | items | list|undefined_name | items | list|'abc' | list|numbers | list|nested | list|'a' | list is iterable
numbers | sort|words | sort|words | sort(case_sensitive=true)|numbers | sort(reverse=true)|messages | sort(attribute='role') | map(attribute='role') | list
numbers | first|numbers | last|[] | first|'abc' | first|'abc' | last|numbers | reverse | list|'abc' | reverse|numbers | sum
numbers | min|numbers | max|['a', 'B', 'A'] | unique | list|'3.7' | int|'12' | int|'x' | int|'x' | int(5)|3.9 | int
'0x1f' | int(0, 16)|' 4_2 ' | int|'ff' | int(base=16)|none | int|'1.5' | float|'inf' | float|'x' | float|-3 | abs|2.5 | round|3.5 | round|2.1 | round(method='ceil')
'a\\nb\\n\\nc' | indent|'a\\nb' | indent(2, true)|'a\\n\\nb' | indent(1, blank=true)|'a\\nb' | indent('> ')|'<a href="x">' | e
'a-b-c' | replace('-', '+')|'a-b-c' | replace('-', '+', 1)|'abc' | replace('', '.')|12 | replace(1, 3)|words | join | length
nested.items() | list|nested.keys() | list|nested.values() | list|range(3) | list|range(1, 8, 3) | list|range(5, 0, -2) | list|range(0) | list|range(2, 9)[1] ~ ''|range(5) | length
yes | string|nothing | string|[none, true, 1.0, 'a'] | string|numbers | string | upper|'a' | nofilter|words | safe
""".strip()
TESTS = """
n is defined|undefined_name is defined|undefined_name is not defined|undefined_name is undefined|nested.z is undefined
text is string|n is string|nested is mapping|words is mapping|words is iterable|text is iterable|n is iterable|nothing is none
nothing is not none|text is sequence|nested is sequence|n is sequence|undefined_name is iterable|yes is boolean|n is boolean|yes is true
no is false|n is true|1 is true|n is number|yes is number|x is float|n is integer|yes is integer|n is odd|n is even|n is divisibleby 7
n is divisibleby(2)|n is eq 7|n is gt(3)|'a' is in ['a']|'a' is in 'abc'|range is callable|n is callable|'ABC' is upper|'abc' is lower
not n is odd|n is odd and x is float|n is not odd or yes|nothing is sameas none|'a' is notest|range(3) is iterable
""".strip()
METHODS = """
'a b  c'.split()|'a,b,,c'.split(',')|'a,b,c'.split(',', 1)|' a b c '.split(none, 1)|'abc'.split('')|'</think>x</think>y'.split('</think>')[-1]
'a,b,c'.rsplit(',', 1)|text.strip()|'xxaxx'.strip('x')|'\\n a\\n'.lstrip('\\n')|'a\\n \\n'.rstrip('\\n')|'abc'.startswith('ab')|'abc'.endswith(('x', 'c'))
'aé'.upper()|'ÀB'.lower()|'hello World'.capitalize()|"they're bill's".title()|'aXbX'.replace('X', '-')|'aXbX'.replace('X', '-', 1)|accent.replace('e', 'i')
'hello'.find('l')|'hello'.rfind('l')|'hello'.find('z')|'hello'.count('l')|'abc'.count('')|'-'.join(words)|', '.join([1])|'a\\nb\\r\\nc'.splitlines()
'{} and {}'.format(1, 'x')|'{1}{0}{k}'.format('a', 'b', k=2)|'%s is %d' % ('a', 3)|'100%%' % ()|'%s' % 'x'|'prefix-a'.removeprefix('prefix-')
'12'.isdigit()|' '.isspace()|'a=b=c'.partition('=')|'a=b=c'.rpartition('=')|numbers.index(2)|numbers.count(1)|numbers.append(4)|nested.update({})
accent.split('e')|'\u00e9'.startswith('e')|'e' in '\u00e9'|'e' in accent|'e\u0301' == '\u00e9'|text.__class__|text.nothing is defined|text.upper() is string
range(100001)|range(1, 2, 0)|range()|range('a')|dict(a=1, b='x')|dict([('a', 1)])|strftime_now('%d %b %Y')|strftime_now('%A %j %H:%M:%S %p %%')
raise_exception('No!')|raise_exception(n)|namespace(a=1).a|namespace(a=1).b is defined|nothing_here is defined|bos_token ~ eos_token|eos_token is defined
1 / 0|1 // 0|1 % 0|'a' + 1|none + 1|undefined_name + 1|undefined_name.a|undefined_name['a']|undefined_name()|n()|text()|[1][::0]|nothing.a|nothing.a.b|nothing[1:]|-'a'|'a' < 1|none in 'abc'|1 in 5|{[1]: 2}
""".strip()
TEMPLATES = [
    "{% for m in messages %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }}{{ loop.revindex0 }}:{{ m.role }};{% endfor %}",
    "{% for m in messages if m.role == 'user' %}{{ loop.index }}/{{ loop.length }} {{ loop.previtem.content }}|{{ loop.nextitem.content if loop.nextitem is defined }}\n{% else %}none{% endfor %}",
    "{% for m in [] %}x{% else %}empty{% endfor %}{% for m in numbers if m > 9 %}x{% else %}none{% endfor %}",
    "{% for k, v in nested.items() %}{{ k }}={{ v }};{% endfor %}{% for a, (b, c) in [(1, (2, 3))] %}{{ a + b + c }}{% endfor %}",
    "{% for c in 'aé🙂' %}{{ c }},{% endfor %}{% for k in nested %}{{ k }}{% endfor %}{% for i in undefined_name %}x{% endfor %}",
    "{% for i in range(6) %}{% if i == 1 %}{% continue %}{% elif i == 4 %}{% break %}{% endif %}{{ i }}{% endfor %}",
    "{% set x = 1 %}{% for i in range(3) %}{{ x }}{% set x = x + 10 %}{{ x }} {% endfor %}{{ x }}",
    "{% set ns = namespace(x=1, y=[]) %}{% for i in range(3) %}{% set ns.x = ns.x * 2 %}{% set ns.y = ns.y + [i] %}{% endfor %}{{ ns.x }}{{ ns.y }}",
    "{% if yes %}{% set v = 'in' %}{% endif %}{{ v }}{% if no %}{% set w = 1 %}{% endif %}{{ w is defined }}",
    "{% set a, b = (1, 2) %}{{ a }}{{ b }}{% set c = 1, 2 %}{{ c }}{% set ns = namespace() %}{% set ns.q, d = 3, 4 %}{{ ns.q + d }}",
    "{% set block %}a{{ n }}\n {% set inner = 5 %}b{% endset %}[{{ block }}]{{ inner is defined }}{% set up | upper | trim %} x{{ n }}y {% endset %}[{{ up }}]",
    "{% macro m(a, b=2, c=a) %}{{ a }}-{{ b }}-{{ c }}{% endmacro %}{{ m(1) }} {{ m(1, c=3) }} {{ m(b=4, a=5) }} [{{ m() }}] {{ m(1) | length }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(z=2) }}",
    "{% macro f(k) %}{% if k > 0 %}{{ k }}{{ f(k - 1) }}{% endif %}{% endmacro %}{{ f(5) }}",
    "{% macro m() %}{{ v }}{{ loop is defined }}{% endmacro %}{% set v = 1 %}{{ m() }}{% for i in [1] %}{% set v = 2 %}{{ m() }}{% endfor %}",
    "{% macro m() %}{% set v = 9 %}{{ v }}{% endmacro %}{{ m() }}{{ v is defined }}{% set v = 3 %}{{ m() }}{{ v }}",
    "{% for i in [1, 2] %}{% macro g(a) %}{{ a }}{{ i }}{% endmacro %}{{ g(0) }}{% endfor %}{{ g is defined }}",
    "{% for m in messages %}{% if m.role == 'assistant' %}<a>{% generation %}{{ m.content }}🙂</a>{% endgeneration %}\n{% else %}<u>{{ m.content }}</u>{% endif %}{% endfor %}",
    "{% generation %}{% set q = 1 %}{{ q }}{% endgeneration %}{{ q is defined }}{% generation %}{% endgeneration %}",
    "{% for i in [1, 2] %}{% for j in [1, 2] %}{{ loop.index }}{% endfor %}{{ loop.index }}{% endfor %}{{ loop is defined }}",
    "{% for i in range(4) %}{{ loop.cycle('a', 'b') }}{{ loop.changed(i // 2) }}{% endfor %}",
    "{% set messages = messages[1:] %}{{ messages | length }}{% for m in messages %}{% set role = m.role %}{{ role }}{% endfor %}{{ role is defined }}",
    "{% set g = messages | selectattr('role', 'equalto', 'x') %}{{ 'true' if g else 'false' }}{{ g | list }}{% set h = numbers | map('string') %}{{ h | first }}{{ h | join }}{{ h | list }}",
    "{% set text = text %}{{ text | length }}{% set true_ = true %}{{ true_ }}{{ True }}{{ None }}{{ false }}",
    "{% set d = {'a': 1} %}{% set d = dict(d, b=2) %}{{ d }}{{ d | length }}{{ 'a' in d }}{% for k in d %}{{ k }}{{ d[k] }}{% endfor %}",
    "{% for i in numbers %}{% if loop.index0 % 2 == 0 %}e{% else %}o{% endif %}{% endfor %}{{ (n % 2 == 1) != (x > 2) }}",
    "{% set f = range %}{{ f(2) | list }}{{ (text | trim).split(',')[0] }}{{ messages[0].content.split(' ')[-1].upper() }}",
    "{% set role = 'x' %}{% for message in messages %}{% set role = message.role %}{% endfor %}{{ role }}",
    # White space.
    "  {% if yes %}  \n  a  \n  {% endif %}  \n  b", "a\n  {%- if yes -%}\n  b  \n{%- endif -%}\n c", "a {%- if yes +%}\n b {%+ endif %}\n",
    "  {{ n }}  \n  {{- n -}}  \n  {{ n }}\n", "a\n  {# comment #}\n  b {#- c -#}  d\n{# x #} e", "\n\n{% if yes %}\n\nx\n\n{% endif %}\n\n",
    "a\r\nb\rc\n{% if yes %}\r\n d{% endif %}", "x\n", "x\n\n", "\n", "", " ", "{{ 'a\nb' }}", "{% set a = 'x\r\ny' %}{{ a | length }}",
    "\t {% if yes %}\tq{% endif %}", "a {% if yes %} b {% endif %} c", "{% raw %}{{ a }} {% b %}{% endraw %}c", "x\n  {% raw %}\n y {% endraw %}\nz",
    " {%- raw -%} \n a \n {%- endraw -%} \n b", "{{-1}}{{+1}}{{ -1 }}", "{#-#}a{# {% if %} #}", "{{ '}}' }}{{ '{%' }}{{ {'a': {'b': 1}}['a']['b'] }}{{ {'a': {'b': 2}} }}",
    "{% if yes %}\n{% for i in numbers %}\n  {{ i }}\n{% endfor %}\n{% endif %}\nend\n", "{%- for i in numbers %}\n    {{- i }}\n{%- endfor %}\n", "{% if yes -%}\n\n  a{% endif %}",
    "a\u2003{%- if yes %}b{% endif %}", "a\u00a0\u0085 {%- if yes -%} \u3000 b{% endif %}", "line {% if yes %}\n  {{ n }}{% endif %}", "\u200b {% if yes %}x{% endif %}",
    # What is no template.
    "{% if yes %}", "{% endif %}", "{{ n", "{{ }}", "{{ n n }}", "{% if %}x{% endif %}", "{{ 1 + }}", "{# never closed", "{% raw %}x", "{{ 'abc }}", "{% unknown %}", "{% for x numbers %}{% endfor %}",
    "{{ (1, 2 }}", "{{ [1, 2) }}", "{{ a $ b }}", "{% set 1 = 2 %}", "{% set none = 2 %}", "{% break %}", "{% macro m(a=1, b) %}{% endmacro %}", "{{ f(a=1, 2) }}", "{{ n is }}", "{{ n | }}", "{% else %}", "{{ not }}",
    "{% for a, b in [(1, 2, 3)] %}{% endfor %}", "{% set a, b = 1 %}", "{% for i in n %}{% endfor %}", "{% set nested.a = 1 %}", "{% set undefined_name.a = 1 %}", "{% for i in range(3) %}{{ raise_exception('at ' ~ i) }}{% endfor %}",
    "{{ n is defined is string }}", "{{ 1 if 2 else }}", "{{ n.1 }}", "{{ numbers.1 }}{{ numbers.0 }}", "{% if yes %}{% endfor %}", "{{ {'a' 1} }}", "{% set a %}", "{{ 'a' | upper | }}", "{% macro m( %}{% endmacro %}",
]


def cases():
    for line in (EXPRESSIONS + "\n" + FILTERS + "\n" + TESTS + "\n" + METHODS).splitlines():
        # A bar without spaces ends an expression; filters are written with spaces.
        for expression in line.split("|") if " | " not in line else split(line):
            yield "{{ " + expression + " }}"
    yield from TEMPLATES


def split(line):
    parts, start = [], 0
    for index, letter in enumerate(line):
        if letter == "|" and line[index - 1] != " ":
            parts.append(line[start:index])
            start = index + 1
    return parts + [line[start:]]


def make(folder):
    rows = []
    for template in cases():
        outcome = render_templates.result(template, VARIABLES)
        row = {"template": template}
        if "error" in outcome:
            row["fails"] = "raised" if outcome["raised"] else "error"
            if outcome["raised"]:
                row["message"] = outcome["error"]
        else:
            row["text"] = outcome["text"]
            if outcome["generated"]:
                row["generated"] = outcome["generated"]
        rows.append(row)
    content = {
        "versions": {"jinja2": jinja2.__version__, "transformers": transformers.__version__},
        "variables": VARIABLES, "cases": rows,
    }
    (folder / "cases.json").write_text(json.dumps(content, ensure_ascii=False, indent=0) + "\n")
