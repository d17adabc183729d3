import Documents
import Foundation
import TestSupport
import Testing

import Templates

/// Small templates against what Jinja2 makes of them (scripts/fixtures_templates.py).
@Suite("Templates") struct TemplateTests {
  @Test("gives the text that Jinja2 gives, or fails where it fails")
  func cases() throws {
    let fixture = try JSON(path: Fixture.path("templates/cases.json")).members
    let variables = try #require(fixture["variables"]).members.mapValues(\.value)
    let cases = try #require(fixture["cases"]).elements.map(\.members)
    #expect(cases.count > 400)
    for row in cases {
      let source = try #require(row["template"]?.text)
      switch outcome(of: source, variables) {
      case .success(let rendered):
        let text = try #require(row["text"]?.text, "\(source) gives \(rendered.text)")
        #expect(
          rendered.text.utf8.elementsEqual(text.utf8),
          "\(source): \(rendered.text.debugDescription), Jinja2: \(text.debugDescription)")
        #expect(rendered.generatedSpans == row["generated"] ?? [], "\(source)")
      case .failure(let error):
        #expect(row["fails"]?.text == (error.isRaised ? "raised" : "error"), "\(source): \(error)")
        if error.isRaised { #expect(error.message == row["message"]?.text) }
        #expect(!error.description.contains("\n"))
      }
    }
  }
}
