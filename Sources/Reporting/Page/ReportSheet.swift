/// The style sheet of reports and certificates, for pages that show parts of them.
package enum ReportSheet {
  package static let css = ReportStyle.css + PlanStyle.css + CertificateStyle.css
}
