import Foundation
import TestSupport
import Testing

/// The page in a real browser: Chromium, driven by Selenium, with axe-core.
@Suite struct BrowserTests {
  private struct Finding: Decodable {
    var check: String
    var problem: String?
  }

  @Test(.needs(.browser), .needs(programs: "chromedriver"))
  func `people find what they come for, and hostile answers find nobody`() throws {
    let folder = try TemporaryFolder()
    let program = try Repository.program("askew").path
    let findings: [Finding] = try withExtendedLifetime(folder) {
      try Python.browser.report(.script("check_view.py"), [program, folder.path])
    }
    #expect(findings.count >= 15)
    for finding in findings {
      #expect(finding.problem == nil, "\(finding.check): \(finding.problem ?? "")")
    }
  }
}
