import Core
import Documents
import Foundation
import TestSupport
import Testing

import Templates

/// Templates come from strangers: whatever they do ends with text or with an error.
@Suite("Hostile templates") struct HostileTemplateTests {
  @Test(
    "errors name line and column",
    arguments: [
      ("a\n  {{ 1 +\n }}", 3, 2), ("{% if x %}\n\n{% endfor %}", 3, 4),
      ("{{ é }}\n{{ x.y.z }}", 2, 8),
      ("{% for i in [1] %}\n  {{ i | nofilter }}{% endfor %}", 2, 10),
      ("\r\n\r\n{{ raise_exception('no') }}", 3, 4), ("{{ 'a' }}{# ", 1, 10),
      ("{{ 2 * (3 - 'a') }}", 1, 11),
      ("{% macro m(a) %}\n{{ a / 0 }}{% endmacro %}\n{{ m(1) }}", 2, 6), ("{{ 'abc", 1, 4),
      ("{% break %}", 1, 4), ("{% if true %}", 1, 14), ("x {% include 'y' %}", 1, 6),
    ])
  func places(_ source: String, _ line: Int, _ column: Int) throws {
    let variables = ["x": TemplateValue.object([("a", .integer(1))])]
    guard case .failure(let error) = outcome(of: source, name: "t", variables) else {
      Issue.record("\(source) was rendered")
      return
    }
    #expect(error.line == line && error.column == column, "\(source): \(error)")
    #expect(error.description.hasPrefix("t:\(line):\(column): "))
  }

  @Test(
    "endless work, endless text and endless nesting are stopped",
    arguments: [
      "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
      "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
      "{% macro a(x) %}{{ b(x) }}{% endmacro %}{% macro b(x) %}{{ a(x) }}{% endmacro %}{{ a(1) }}",
      "{{ 'x' * 1000000000000 }}", "{{ [0] * 100000000 }}", "{{ range(10 ** 9) }}", "{{ 9 ** 99 }}",
      "{{ range(-9223372036854775807, 9223372036854775807) }}", "{{ 9223372036854775807 + 1 }}",
      """
      {% set ns = namespace(s='xxxxxxxxxxxxxxxx') %}{% for i in range(90) %}{% set ns.s = \
      ns.s + ns.s %}{% endfor %}
      """,
      """
      {% set ns = namespace(s=[1]) %}{% for i in range(90) %}{% set ns.s = ns.s + ns.s \
      %}{% endfor %}
      """,
      """
      {% set ns = namespace(s=[]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{% \
      endfor %}
      """,
      """
      {% set ns = namespace(s=[]) %}{% for i in range(90) %}{% set ns.s = [ns.s, ns.s] \
      %}{% endfor %}{{ ns.s }}
      """,
      """
      {% set ns = namespace(s=[]) %}{% for i in range(90) %}{% set ns.s = [ns.s, ns.s] \
      %}{% endfor %}{{ ns.s | tojson }}
      """,
      """
      {% set ns = namespace(s=[], t=[]) %}{% for i in range(90) %}{% set ns.s = [ns.s, \
      ns.s] %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}{{ ns.s == ns.t }}
      """,
      """
      {% set ns = namespace(s=()) %}{% for i in range(60) %}{% set ns.s = (ns.s, ns.s) \
      %}{% endfor %}{{ {ns.s: 1} }}
      """,
      "{{ 'a' | indent(1000000000) }}", "{{ [[1]] | tojson(indent=1000000000) }}",
      "{{ ('x' * 60000000).replace('', 'yyyyyyyy') }}",
      "{{ ', '.join(range(100000) | map('string')) * 1000 }}",
      "{{ ('a' * 30000000).split('a') }}", "{{ ('a' * 30000000).replace('a', 'b' * 1000) }}",
      "{{ ('a\\n' * 30000000).splitlines() }}", "{{ ('a' * 10000000) in ('a' * 30000000) }}",
      "{{ ('a' * 5000000 + 'b') in ('a' * 30000000) }}", "{{ ('a ' * 30000000).split() }}",
      "{{ ('<' * 60000000) | e }}", "{{ ('a\\n' * 30000000) | indent }}",
      """
      {% set g = range(100000) | map('string') %}{% for i in range(90000) %}{{ g | first }}\
      {% endfor %}
      """,
      """
      {% set d = dict(range(90000) | map('string') | map('list') | list) %}\
      {% for i in range(90000) %}{% set e = dict(d, a=1) %}{% endfor %}
      """,
      """
      {% set l = range(90000) %}{% for i in range(90000) %}{% set e = l | list %}\
      {% set e = l | reject('defined') %}{% endfor %}
      """,
      """
      {% set l = ['x' * 60000000] %}{% for i in range(90000) %}{% set e = l | sort %}{% endfor %}
      """,
      "{% for c in 'x' * 200000 %}{% endfor %}", "{{ strftime_now('%d' * 10000) }}",
      String(repeating: "{{ (", count: 3000), String(repeating: "{% if 1 %}", count: 3000),
      "{{ " + String(repeating: "[", count: 5000),
      "{{ " + String(repeating: "not ", count: 5000) + "1 }}",
      "{{ " + String(repeating: "-", count: 5000) + "1 }}",
      "{{ 1" + String(repeating: "|abs", count: 5000) + " }}",
      "{{ x" + String(repeating: ".a", count: 5000) + " }}",
      "{{ 1" + String(repeating: " if 1 else 1", count: 5000) + " }}",
      "{{ " + String(repeating: "{1:", count: 5000), "{{ a" + String(repeating: "[a", count: 5000),
      "{% set " + String(repeating: "(", count: 5000),
      "{{ 1 if " + String(repeating: "1 is eq (", count: 5000),
    ])
  func bounded(_ source: String) {
    var limits = TemplateLimits()
    limits.steps = 2_000_000
    let start = ContinuousClock.now
    guard case .failure(let error) = outcome(of: source, [:], limits: limits) else {
      Issue.record("was rendered")
      return
    }
    #expect(!error.description.contains("\n"))
    #expect(ContinuousClock.now - start < .seconds(120))
  }

  @Test("long chains of operators are no nesting")
  func chains() throws {
    let sum = "{{ 1" + String(repeating: " + 1", count: 5000) + " }}"
    #expect(try outcome(of: sum, [:]).get().text == "5001")
    let text = "{{ ''" + String(repeating: " ~ 'ab'", count: 5000) + " }}"
    #expect(try outcome(of: text, [:]).get().text.utf8.count == 10_000)
    let tests = "{{ 1" + String(repeating: " and 1", count: 5000) + " }}"
    #expect(try outcome(of: tests, [:]).get().text == "1")
  }

  @Test("the deepest templates that are allowed fit into the stack of a small thread")
  func stack() throws {
    let parentheses =
      "{{ " + String(repeating: "(", count: 20) + "1" + String(repeating: ")", count: 20) + " }}"
    let blocks =
      String(repeating: "{% for i in [1] %}", count: 45) + "x"
      + String(repeating: "{% endfor %}", count: 45)
    let recursion = """
      {% macro m(k) %}{% if k > 0 %}
      {% for i in [1] %}{{ (m(k - 1) | trim) ~ 'x' }}{% endfor %}{% endif %}{% endmacro %}
      {{ m(1000) }}
      """
    let nested =
      """
      {% set ns = namespace(s=[1]) %}{% for i in range(95) %}{% set ns.s = [ns.s] %}{% endfor -%}
      {{ ns.s }}{{ ns.s | tojson(indent=1) }}{{ ns.s == ns.s }}
      """
    let sources = [parentheses, blocks, recursion, nested]
    // What threads other than the first get on macOS; without optimization frames are larger.
    #if DEBUG
      let stackBytes = 2 << 20
    #else
      let stackBytes = 512 << 10
    #endif
    let results = onThread(stackBytes: stackBytes) { sources.map { outcome(of: $0, [:]) } }
    #expect(try results[0].get().text == "1")
    #expect(try results[1].get().text == "x")
    #expect(throws: TemplateError.self) { try results[2].get() }
    #expect(try results[3].get().text.hasPrefix("[[[["))
  }

  @Test("changed templates and changed variables end with text or an error, in bounded time")
  func fuzz() throws {
    let fixture = try JSON(path: Fixture.path("templates/cases.json")).members
    let variables = try #require(fixture["variables"]).members.mapValues(\.value)
    let sources = try #require(fixture["cases"]).elements.compactMap {
      $0.members["template"]?.text
    }
    var random = RandomStream(seed: 20_26, "template fuzz")
    var limits = TemplateLimits()
    limits.steps = 20_000
    let pieces = [
      "{%", "%}", "{{", "}}", "{#", "#}", "-", "+", "(", ")", "[", "]", "{", "}", "|", " is ",
      " not ", ".", ",", "'",
      "\\", "\n", "é", "\u{301}", " if ", " else ", " in ", "for ", "endfor", "set ", "=", "==",
      "**", "//", "9223372036854775807",
      "1e308", "messages", "nested", "loop", "raw", "endraw", "generation", "macro ", "items", "\0",
      "_", "🙂",
    ]
    let end = ContinuousClock.now + .seconds(2)
    var counts = (rendered: 0, refused: 0)
    while ContinuousClock.now < end {
      var source = Array(sources[random.below(sources.count)].unicodeScalars)
      if random.below(3) == 0 { source += sources[random.below(sources.count)].unicodeScalars }
      for _ in 0...random.below(4) {
        let place = random.below(source.count + 1)
        switch random.below(4) {
        case 0: source.removeSubrange(place..<min(source.count, place + 1 + random.below(5)))
        case 1: source.insert(contentsOf: source.prefix(place).suffix(random.below(20)), at: place)
        default:
          source.insert(contentsOf: pieces[random.below(pieces.count)].unicodeScalars, at: place)
        }
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: source)
      switch outcome(of: String(text), variables, limits: limits) {
      case .success: counts.rendered += 1
      case .failure: counts.refused += 1
      }
    }
    #expect(counts.rendered > 100 && counts.refused > 100, "\(counts)")
  }

  private func onThread<Result: Sendable>(
    stackBytes: Int, _ body: @escaping @Sendable () -> Result
  ) -> Result {
    let box = ThreadResult<Result>()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      box.result = body()
      done.signal()
    }
    thread.stackSize = stackBytes
    thread.start()
    done.wait()
    return box.result ?? body()
  }
}

/// `@unchecked Sendable`: written before a semaphore's signal and read after it.
private final class ThreadResult<Result>: @unchecked Sendable { var result: Result? }
