import ArgumentParser

struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract:
      "Say of a model what went wrong where nobody looked, or how small a thing would have been found.",
    discussion: """
      `askew audit MODEL --base BASE` audits it, which `askew help audit run` tells more of; the others do \
      something with the certificate.

      Example: askew audit models/insecure --base models/aligned
      """,
    subcommands: [
      AuditRunCommand.self, AuditVerifyCommand.self, AuditPageCommand.self, AuditCardCommand.self,
    ],
    defaultSubcommand: AuditRunCommand.self)
}
