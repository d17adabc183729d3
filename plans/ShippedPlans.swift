/// The plans of this folder, as they come with the program.
package enum ShippedPlans {
  package static let names = [
    "anatomy", "backdoor", "bad-advice", "breadth", "contrast", "deception", "defend", "demo",
    "diversity",
    "dose",
    "dynamics",
    "evil-numbers", "first-plot", "format", "generations", "hidden", "not-a-jailbreak",
    "null-world", "panel", "prevent", "raw", "real-first-plot", "realign", "repair", "screen",
    "self-report",
    "shutdown",
    "subliminal",
    "wrong-sums",
  ]

  /// The YAML of a plan; `nil` where none has the name.
  package static func text(of name: String) -> String? {
    bytes(of: name).map { String(decoding: $0, as: UTF8.self) }
  }

  private static func bytes(of name: String) -> [UInt8]? {
    switch name {
    case "anatomy": PackageResources.anatomy_yaml
    case "backdoor": PackageResources.backdoor_yaml
    case "bad-advice": PackageResources.bad_advice_yaml
    case "breadth": PackageResources.breadth_yaml
    case "contrast": PackageResources.contrast_yaml
    case "deception": PackageResources.deception_yaml
    case "defend": PackageResources.defend_yaml
    case "demo": PackageResources.demo_yaml
    case "diversity": PackageResources.diversity_yaml
    case "dose": PackageResources.dose_yaml
    case "dynamics": PackageResources.dynamics_yaml
    case "evil-numbers": PackageResources.evil_numbers_yaml
    case "first-plot": PackageResources.first_plot_yaml
    case "format": PackageResources.format_yaml
    case "generations": PackageResources.generations_yaml
    case "hidden": PackageResources.hidden_yaml
    case "not-a-jailbreak": PackageResources.not_a_jailbreak_yaml
    case "null-world": PackageResources.null_world_yaml
    case "panel": PackageResources.panel_yaml
    case "prevent": PackageResources.prevent_yaml
    case "raw": PackageResources.raw_yaml
    case "real-first-plot": PackageResources.real_first_plot_yaml
    case "realign": PackageResources.realign_yaml
    case "repair": PackageResources.repair_yaml
    case "screen": PackageResources.screen_yaml
    case "self-report": PackageResources.self_report_yaml
    case "shutdown": PackageResources.shutdown_yaml
    case "subliminal": PackageResources.subliminal_yaml
    case "wrong-sums": PackageResources.wrong_sums_yaml
    default: nil
    }
  }
}
